"""Grading with a real suite: verdicts, who is blamed, and what hostile data cannot do."""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from autograder.errors import AutograderError, CourseError, UsageError
from autograder.suite import children, tasks
from autograder.suite.client import collect
from autograder.suite.messages import CheckDone, Graded
from autograder.tests.sandboxes import LEVELS, SHUT_IN
from autograder.tests.tiny_course import LAYERS, NET, SUITE, grade, host_of, outcomes, submission, write_course
from autograder.types import Check, CheckOutcome, Limits, Submission, Verdict

PASSED, FAILED = Verdict.PASSED, Verdict.FAILED
NAMES = ["test_forward", "test_backward", "TestNet::test_loss", "TestNet::test_params[1]", "TestNet::test_params[2]"]
WRONG_FORWARD = LAYERS.replace("return 2 * x", "return 3 * x")
MISSING_FORWARD = LAYERS.replace("return 2 * x, (", "raise NotImplementedError('double_forward')\n    return (")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return write_course(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def host(course):
    with host_of(course) as host:
        yield host


@pytest.fixture(scope="module")
def strict(tmp_path_factory):
    """Give the host of a course that does not lend, so that a submission needs one sandbox."""
    with host_of(write_course(tmp_path_factory.mktemp("strict"), cascade="unchecked")) as host:
        yield host


def verdicts(found):
    return [check.verdict for check in found.values()]


# ---- collecting ----------------------------------------------------------------------------------


def test_checks_are_collected_with_their_marks(course):
    checks = collect(course, "hw1")
    assert [check.name for check in checks] == NAMES
    assert checks[0] == Check(name="test_forward", question="layers", weight=2.0, visible=True)
    assert checks[2].question == "net"
    assert checks[2].requires == ("double_forward", "double_backward")


def test_collecting_ends_at_once(course):
    started = time.monotonic()
    collect(course, "hw1")
    assert time.monotonic() - started < 3


def test_checks_of_the_same_name_are_told_apart_by_their_file(course, tmp_path):
    course = write_course(tmp_path)
    (tmp_path / "tests/hw1/test_more.py").write_text(
        "import pytest\n@pytest.mark.question('net')\ndef test_forward(): pass\n"
    )
    names = [check.name for check in collect(course, "hw1")]
    assert names[0] == "test_all::test_forward"
    assert names[-1] == "test_more::test_forward"


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ("import nowhere_at_all\n", "No module named 'nowhere_at_all'"),
        ("def f(:\n", "SyntaxError: invalid syntax"),
        ("from nndl.layers import double_forward\ndouble_forward(1)\n", "only inside of a check"),
        ("import pytest\n@pytest.mark.visibel\ndef test_x(): pass\n", "'visibel' not found in `markers`"),
    ],
)
def test_a_suite_that_cannot_be_imported_is_the_courses_mistake_with_its_place(tmp_path, broken, words):
    course = write_course(tmp_path, suite=broken)
    with pytest.raises(CourseError) as caught:
        collect(course, "hw1")
    (problem,) = caught.value.problems
    assert words in problem.message
    assert "test_all.py" in str(problem.file)


def test_isolation_that_does_not_exist_is_the_users_mistake(course):
    with host_of(course, isolation="bwarp") as host, pytest.raises(UsageError, match="unknown isolation 'bwarp'"):
        list(host.checks)


# ---- verdicts ------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", LEVELS)
def test_the_reference_solution_passes_everything(course, level):
    with host_of(course, level) as host:
        assert host.isolation == level
        found = grade(host, submission())
    assert list(found) == NAMES
    assert set(verdicts(found)) == {PASSED}


def test_remarks_and_metrics_arrive(host):
    found = grade(host, submission(layers=LAYERS.replace("return 2 * x,", "x *= 2\n    return x,")))
    assert found["test_backward"].remarks[0].code == "changed"
    metrics = grade(host, submission())["test_forward"].metrics
    assert metrics["size"] == 6
    assert isinstance(metrics["first"], float)


def test_output_arrives_with_the_check_that_made_it(host):
    found = grade(
        host, submission(layers=LAYERS.replace("form, x = cache", "print('hi \\x1b[31m \\udc80')\n    x = 0"))
    )
    assert "hi" not in found["test_forward"].output
    assert found["test_backward"].output == "hi \\x1b[31m \ufffd\n"


def test_a_wrong_value_is_failed_with_what_a_student_may_know(host):
    found = grade(host, submission(layers=WRONG_FORWARD))
    assert found["test_forward"].verdict is FAILED
    assert found["test_forward"].message.startswith("the value is wrong\nexpected SECRET")  # visible
    assert found["test_forward"].hint == "multiply by two"


def test_a_hidden_check_never_tells_what_it_expects(host):
    found = grade(host, submission(layers=LAYERS.replace("return 2 * dout", "return 3 * dout")))
    assert found["test_backward"].message == "the value is wrong"
    found = grade(host, submission(net=NET.replace('self.params["W"] * out', "7 * out")))
    assert found["TestNet::test_loss"].message == "the loss is wrong"
    assert found["TestNet::test_params[1]"].message == "what this check states does not hold"


@pytest.mark.parametrize(
    ("code", "verdict", "words"),
    [
        ("raise ValueError('no')", Verdict.ERROR, "ValueError: no (nndl/layers.py, line 2, in double_forward)"),
        ("raise NotImplementedError", Verdict.MISSING, "not implemented yet (nndl/layers.py, line 2, in"),
        ("return None", Verdict.MISSING, "nndl.layers.double_forward returned None: is it filled in, and"),
        ("return 5", FAILED, "what came back could not be used (TypeError: 'int' object is not subscriptable)"),
        ("return object()", Verdict.ERROR, "TypeError: 'object' object is not subscriptable"),
        ("while True: pass", Verdict.TIMEOUT, "no answer within 1 s"),
        ("import os; os._exit(0)", Verdict.CRASHED, "the process ended"),
        ("import sys; sys.exit(0)", Verdict.ERROR, "the code called sys.exit() or exit()"),
        ("return bytearray(1 << 40)", Verdict.MEMORY, "the memory limit was reached"),
        ("return x * float('nan'), 1", FAILED, "the value is wrong"),
        ("return [[2.0, 4.0]], 1", FAILED, "the shape is wrong"),
    ],
)
def test_what_a_function_does_is_a_verdict_and_the_rest_is_graded(strict, code, verdict, words):
    found = grade(strict, submission(layers=f"def double_forward(x):\n    {code}\n\ndef double_backward(d, c): pass\n"))
    assert found["test_forward"].verdict is verdict
    assert found["test_forward"].message.startswith(words) or words in found["test_forward"].message
    assert found["TestNet::test_loss"].verdict in (PASSED, Verdict.UNCHECKED)


@pytest.mark.parametrize(
    ("files", "verdict"),
    [
        ({}, Verdict.MISSING),
        ({"nndl/layers.py": b"def f(:"}, Verdict.ERROR),
        ({"nndl/layers.py": b"\x00"}, Verdict.ERROR),
        ({"nndl/layers.py": b"import os\nos._exit(0)"}, Verdict.CRASHED),
        ({"nndl/layers.py": b"raise SystemExit"}, Verdict.ERROR),
        ({"nndl/layers.py": b"import sys\nsys.modules.clear()"}, Verdict.ERROR),
        ({"nndl/__init__.py": b"1/0", "nndl/layers.py": b""}, Verdict.MISSING),
        ({"nndl/layers.py": b"", "nndl/net.py": b""}, Verdict.MISSING),
    ],
    ids=str,
)
def test_a_submission_without_the_functions_scores_nothing(strict, files, verdict):
    found = grade(strict, files)
    assert found["test_forward"].verdict in (verdict, Verdict.CRASHED)
    assert PASSED not in verdicts(found)


FORGERIES = {
    "patched numpy": "import numpy as np\nnp.allclose = lambda *a, **k: True\nnp.testing = None\n",
    "patched builtins": "import builtins\nbuiltins.isinstance = lambda *a: True\nbuiltins.abs = lambda x: 0\n",
    "frames": "import sys\ndef double_forward(x):\n    return sys._getframe(3).f_locals['expected'], 1\n",
    "garbage": "import gc\ndef double_forward(x):\n    return [o for o in gc.get_objects() if 'SECRET' in str(o)]\n",
    "equality": (
        "class Yes:\n    shape = (2, 3)\n    __array_priority__ = 1000\n    def __eq__(s, o): return True\n"
        "    def __array__(s, *a, **k): return s\n    def __bool__(s): return True\n"
        "def double_forward(x):\n    return Yes(), Yes()\ndef double_backward(d, c):\n    return Yes()\n"
    ),
    "exit code": "import atexit, os\natexit.register(os._exit, 0)\ndef double_forward(x):\n    os._exit(0)\n",
    "printed verdicts": "print('PASSED test_forward\\n5 passed')\n",
    "files": "open('results.json', 'w').write('{\"score\": 100}')\n",
    "conftest": "import sys, types\nsys.modules['pytest'] = sys.modules['autograder'] = types.ModuleType('x')\n",
}


@pytest.fixture(scope="module")
def shut_in(tmp_path_factory):
    with host_of(write_course(tmp_path_factory.mktemp("shut_in"), cascade="unchecked"), SHUT_IN[0]) as host:
        yield host


@pytest.mark.parametrize("code", FORGERIES.values(), ids=FORGERIES)
def test_nothing_is_gained_by_forging(shut_in, code):
    wrong = "def double_forward(x):\n    return x, 1\n\ndef double_backward(d, c):\n    return d\n\n"
    net = "class Net:\n    def __init__(self):\n        self.params = {}\n    def loss(self, x):\n        return 0\n"
    found = grade(shut_in, submission(layers=wrong + code, net=net))
    assert PASSED not in verdicts(found)
    assert not any(check.verdict.fault.value in ("grader", "instructor") for check in found.values())


# ---- who builds on what --------------------------------------------------------------------------


def test_what_builds_on_a_wrong_function_is_judged_on_top_of_the_references(host):
    (outcome,) = outcomes(host, [submission(layers=WRONG_FORWARD)])
    check = {check.name: check for check in outcome.checks}["TestNet::test_loss"]
    assert (check.verdict, check.message) == (PASSED, "judged on top of the reference's double_forward")
    assert [remark.code for remark in outcome.remarks] == ["lent"]


def test_a_wrong_net_on_top_of_a_wrong_function_fails_for_itself(host):
    found = grade(host, submission(layers=WRONG_FORWARD, net=NET.replace('self.params["W"] * out', "7 * out")))
    assert found["TestNet::test_loss"].verdict is FAILED


def test_a_check_never_passes_by_the_references_version_of_what_it_judges(host):
    found = grade(host, submission(layers=MISSING_FORWARD.replace("return 2 * dout", "return 99 * dout")))
    assert found["test_forward"].verdict is Verdict.MISSING
    assert found["test_backward"].verdict is Verdict.UNCHECKED
    assert found["test_backward"].message == "not judged: it builds on double_forward, which other checks found wrong"


def test_a_course_that_does_not_lend_leaves_it_unchecked(strict):
    found = grade(strict, submission(layers=WRONG_FORWARD))
    assert found["TestNet::test_loss"].verdict is Verdict.UNCHECKED
    assert found["test_backward"].verdict is PASSED  # it never needed the value


# ---- whose fault it is ---------------------------------------------------------------------------

FAULTS = """

def test_division(): 1 / 0
def test_name(): undefined_name
def test_file(): open('/nowhere')
def test_fixture(nowhere): pass
def test_skip(): pytest.skip('later')
def test_fail(): pytest.fail('not like this')
def test_index(): range(int(double_forward(np.ones(1))[0][0]))[1]

X = np.ones(2)

def test_shared(): assert X[0] / double_forward(X)[0][0] > 0
"""


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    with host_of(write_course(tmp_path_factory.mktemp("faulty"), suite=SUITE + FAULTS)) as host:
        yield host


@pytest.fixture(scope="module")
def on_the_reference(faulty):
    return grade(faulty, submission())


@pytest.mark.parametrize("name", ["test_division", "test_name", "test_file", "test_fixture"])
def test_a_check_that_breaks_on_the_reference_too_is_the_suites_fault(on_the_reference, name):
    assert on_the_reference[name].verdict is Verdict.SUITE_ERROR
    assert on_the_reference[name].message.startswith("this check fails on the reference solution too")


def test_a_suite_may_skip_and_fail_in_its_own_words(on_the_reference):
    skipped, failed = on_the_reference["test_skip"], on_the_reference["test_fail"]
    assert (skipped.verdict, skipped.message) == (Verdict.UNCHECKED, "later")
    assert (failed.verdict, failed.message) == (FAILED, "not like this")


def test_what_only_the_submissions_data_breaks_is_its_fault(faulty, on_the_reference):
    assert on_the_reference["test_index"].verdict is PASSED
    found = grade(faulty, submission(layers=LAYERS.replace("2 * x,", "0 * x,")))
    assert found["test_index"].verdict is FAILED


def test_data_cannot_make_a_check_fail_on_the_reference(faulty, on_the_reference):
    assert on_the_reference["test_shared"].verdict is PASSED
    spoiling = "def double_forward(x):\n    x[:] = float('nan')\n    return 5, 6\n"
    assert grade(faulty, submission(layers=spoiling))["test_shared"].verdict is FAILED


KILLS = """
import os, pathlib

def test_killed_once():
    marker = pathlib.Path(__file__).with_name("marker")
    if not marker.exists():
        marker.touch()
        os.kill(os.getpid(), 9)

def test_killed_by_data():
    if double_forward(np.ones(1))[0][0] != 2:
        os.kill(os.getpid(), 9)
"""


def test_a_grading_process_that_is_killed_is_replaced_and_data_that_kills_it_is_failed(tmp_path):
    with host_of(write_course(tmp_path, suite=SUITE + KILLS)) as host:
        assert set(verdicts(grade(host, submission()))) == {PASSED}
        found = grade(host, submission(layers=WRONG_FORWARD))
    assert found["test_killed_by_data"].verdict is FAILED
    assert found["test_killed_by_data"].message == "this check broke off with what the submission returned"
    assert found["TestNet::test_loss"].verdict is PASSED


def test_a_check_that_always_kills_its_process_is_the_suites_fault_and_the_rest_is_graded(tmp_path):
    suite = SUITE + "\nimport os\ndef test_kill(): os.kill(os.getpid(), 9)\n"
    with host_of(write_course(tmp_path, suite=suite)) as host:
        found = grade(host, submission())
    assert found.pop("test_kill").verdict is Verdict.SUITE_ERROR
    assert set(verdicts(found)) == {PASSED}


def test_a_check_that_hangs_twice_is_given_up():
    task = tasks.Task(1, {})
    checks = [Check(name=name, question="q") for name in ("a", "b")]
    said = [CheckDone(CheckOutcome(name="a", verdict=PASSED))]
    assert task.conclude(checks, "none", said, late=True) is None
    assert task.given == {}
    assert task.conclude(checks, "none", said, late=True) is None
    assert task.given["b"].verdict is Verdict.TIMEOUT
    assert task.given["b"].message == "this check did not end with what the submission returned"


def test_a_child_that_says_nothing_for_long_is_killed():
    child = children.start(lambda sink: time.sleep(60), Limits(check_time_s=1))
    child.stop_if_late()
    assert not child.late
    child.deadline = 0
    child.stop_if_late()
    assert child.late
    assert not child.hear()
    child.end()


def test_memory_that_data_blows_up_is_an_error_of_the_check():
    def work(sink):
        try:
            bytearray(8 << 30)
        except MemoryError:
            sink.write(b"refused")

    child = children.start(work, Limits(memory_mb=100))
    while child.hear():
        pass
    child.end()
    assert child.said == b"refused"


def test_a_submission_that_stops_every_attempt_gets_a_verdict_at_last():
    checks = [Check(name=name, question="q") for name in "abc"]
    task = tasks.Task(1, {})
    said = []
    for _ in range(3):
        assert task.conclude(checks, "none", said, late=False) is None
        said = [CheckDone(outcome, doubtful=True) for outcome in task.given.values()]
    graded = task.conclude(checks, "none", said, late=False)
    assert [check.verdict for check in graded.outcome.checks] == [FAILED] * 3
    assert "not reached" in graded.outcome.checks[2].message
    assert set(graded.doubtful) == set("abc")
    settled = tasks.settled(graded, {"a": "", "b": "", "c": "it fails"})
    assert [check.verdict for check in settled.checks] == [FAILED, FAILED, Verdict.SUITE_ERROR]


def test_a_machine_that_stops_every_attempt_somewhere_else_is_the_graders_fault():
    checks = [Check(name=name, question="q") for name in "abcde"]
    task, said = tasks.Task(1, {}), []
    for name in "abc":
        assert task.conclude(checks, "none", said, late=False) is None
        said = [*said, CheckDone(CheckOutcome(name=name, verdict=PASSED))]
    graded = task.conclude(checks, "none", said, late=False)
    assert [check.verdict for check in graded.outcome.checks] == [PASSED] * 3 + [Verdict.GRADER_ERROR] * 2
    assert graded.outcome.checks[4].message == "the grading process ended early"
    assert graded.doubtful == ()


def test_what_was_found_is_kept_when_the_process_ends_while_judging_again():
    checks = [Check(name="a", question="q")]
    graded = tasks.Task(1, {}).conclude(checks, "none", [CheckDone(CheckOutcome(name="a", verdict=PASSED))], late=False)
    assert isinstance(graded, Graded)
    assert graded.outcome.checks[0].verdict is PASSED


# ---- the run as a whole --------------------------------------------------------------------------


def test_many_submissions_are_graded_side_by_side_and_each_for_itself(course):
    good, bad, empty = submission(), submission(layers=WRONG_FORWARD), {}
    with host_of(course, jobs=2) as host:
        found = outcomes(host, [good, bad, empty, good])
    patterns = [[check.verdict for check in outcome.checks] for outcome in found]
    assert patterns[0] == patterns[3] == [PASSED] * 5
    assert patterns[1][0] is FAILED
    assert PASSED not in patterns[2]


def test_submissions_are_taken_only_as_they_are_needed(course):
    taken = []

    def hand_ins():
        for number in range(20):
            taken.append(number)
            yield Submission(student=str(number), files=submission(), sha256="", origin="")

    with host_of(course) as host:
        graded = host.grade(hand_ins())
        next(graded)
        assert len(taken) < 6
        graded.close()


def test_large_submissions_and_large_outputs_do_not_wait_for_each_other(course):
    loud = LAYERS.replace("form, x", "print('x' * 400_000)\n    form, x")
    padded = {**submission(layers=loud), "nndl/data.bin": bytes(1 << 20)}
    with host_of(course, limits=Limits(check_time_s=5, output_mb=1, memory_mb=300)) as host:
        found = outcomes(host, [padded] * 4)
    assert all(len(outcome.checks[1].output) == 400_001 for outcome in found)


def test_seeds_are_recorded_and_the_same_until_the_suite_changes(course, tmp_path):
    with host_of(course) as one, host_of(course) as other:
        assert one.seed == other.seed < 1 << 48
        assert one.suite_sha256 == other.suite_sha256
        drawn = [grade(each, submission())["test_forward"].metrics["first"] for each in (one, other)]
    assert drawn[0] == drawn[1]
    with host_of(write_course(tmp_path, suite=SUITE + "\n")) as changed:
        assert changed.seed != one.seed
        assert grade(changed, submission())["test_forward"].metrics["first"] != drawn[0]


def test_nothing_of_the_course_is_on_the_command_line(course):
    with host_of(course) as host:
        list(host.checks)
        command = Path(f"/proc/{host._host._process.pid}/cmdline").read_bytes()
    assert str(host.seed).encode() not in command
    assert b"tests" not in command


def test_the_environment_cannot_switch_assertions_off(course, monkeypatch):
    monkeypatch.setenv("PYTHONOPTIMIZE", "1")
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    monkeypatch.setenv("PYTEST_ADDOPTS", "--collect-only")
    with host_of(course) as host:
        found = grade(host, submission(net=NET.replace('self.params["W"] * out', "7 * out")))
    assert found["TestNet::test_loss"].verdict is FAILED


def below(pid):
    try:
        children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return set()
    return set(children).union(*map(below, children))


def ended(pids):
    return not any(
        Path(f"/proc/{pid}").exists() and b"Z" not in Path(f"/proc/{pid}/stat").read_bytes().split(b")")[-1][:3]
        for pid in pids
    )


SLOW = LAYERS.replace("form, x = cache", "import time; time.sleep(30)")
COMMAND = """
import sys
from pathlib import Path
from autograder.course import load_course
from autograder.tests.tiny_course import *
from autograder.types import Limits
course = load_course(Path(sys.argv[1]))
with host_of(course, sys.argv[2], limits=Limits(check_time_s=30)) as host:
    list(host.checks)
    print("ready", flush=True)
    outcomes(host, [submission(layers=sys.argv[3])])
"""


@pytest.mark.parametrize(
    ("level", "how"),
    [*((level, signal.SIGKILL) for level in LEVELS), (LEVELS[-2], signal.SIGINT), (LEVELS[-2], signal.SIGTERM)],
)
def test_no_process_and_no_file_remains_when_the_command_is_ended(course, tmp_path_factory, level, how):
    folder = Path(tmp_path_factory.mktemp("tmp"))
    for each in (folder, folder.parent, folder.parent.parent):
        each.chmod(0o755)
    command = subprocess.Popen(
        [sys.executable, "-c", COMMAND, str(course.root), level, SLOW],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "TMPDIR": str(folder)},
    )
    assert command.stdout.readline() == b"ready\n"
    time.sleep(0.4)
    started = below(command.pid)
    assert len(started) >= 3
    command.send_signal(how)
    command.wait(timeout=10)
    command.stdout.close()
    deadline = time.monotonic() + 10
    while (not ended(started) or list(folder.iterdir())) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert ended(started)
    assert list(folder.iterdir()) == []


def test_a_host_that_is_killed_is_the_graders_fault_and_leaves_nothing(course):
    with host_of(course, limits=None) as host:
        list(host.checks)
        folder = Path(host._host._folder.path)
        host._host._process.kill()
        with pytest.raises(AutograderError, match="the process that holds the hidden suite ended"):
            outcomes(host, [submission()])
    assert not folder.exists()


def test_no_descriptor_remains_of_a_host(course):
    gc.collect()
    before = sorted(Path("/proc/self/fd").iterdir())
    with host_of(course) as host:
        grade(host, submission())
    assert sorted(Path("/proc/self/fd").iterdir()) == before


def test_every_outcome_can_be_written_as_json(host):
    odd = 'def double_forward(x):\n    raise ValueError("\\udc80\\x00\\u202e" * 50)\n'
    for outcome in outcomes(host, [submission(layers=odd), {}]):
        json.loads(msgspec.json.encode(outcome))
