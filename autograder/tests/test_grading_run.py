"""A run of grading as a whole: many submissions, seeds, and what remains when it ends in any way."""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from autograder.errors import AutograderError
from autograder.suite.client import SuiteHost
from autograder.tests.sandboxes import LEVELS
from autograder.tests.tiny_course import LAYERS, NET, SUITE, grade, host_of, outcomes, submission, write_course
from autograder.types import Limits, Submission, Verdict

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
        assert one.seed == other.seed < 1 << 53
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


@pytest.fixture
def open_folder():
    """An empty folder that every account can get to, unlike those of pytest."""
    with tempfile.TemporaryDirectory(prefix="autograder-test-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


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
def test_no_process_and_no_file_remains_when_the_command_is_ended(course, open_folder, level, how):
    folder = open_folder
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


def test_a_host_that_cannot_be_told_what_to_grade_is_ended(course):
    before = below(os.getpid())
    with pytest.raises(TypeError, match="Encoding objects of type object"):
        host_of(course, limits=object()).__enter__()
    assert ended(below(os.getpid()) - before)


def test_a_host_outlives_the_thread_that_starts_it(course):
    with ThreadPoolExecutor(1) as pool:
        host = pool.submit(SuiteHost, course, "hw1", isolation="none").result()
    with host:
        assert {check.verdict for check in grade(host, submission()).values()} == {PASSED}


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
