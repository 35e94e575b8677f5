"""Grading with a real suite: what is collected, verdicts, and what hostile data cannot do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder.errors import CourseError, UsageError
from autograder.suite.client import collect
from autograder.suite.setting_up import private_of
from autograder.tests.sandboxes import LEVELS, SHUT_IN
from autograder.tests.tiny_course import LAYERS, NET, grade, host_of, submission, write_course
from autograder.types import Check, Verdict

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


def test_what_no_sandbox_may_read_includes_what_holds_a_secret(course):
    private = private_of(course, "hw1")
    assert {path.name for path in private} == {"hw1", "solutions", ".autograder"}
    assert course.file in private_of(replace(course, secret="words"), "hw1")


def test_collecting_ends_at_once(course):
    assert collect(course, "hw1")  # it would hang, if anything held the process open


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
