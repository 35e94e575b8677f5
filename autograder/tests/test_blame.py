"""Who is blamed when a check does not pass: the submission, the suite, or the grader."""

from __future__ import annotations

import time

import pytest

from autograder.suite import children, tasks
from autograder.suite.budget import Overrun
from autograder.suite.messages import CheckDone, Graded
from autograder.tests.tiny_course import LAYERS, SUITE, grade, host_of, submission, write_course
from autograder.types import Check, CheckOutcome, Limits, Verdict

PASSED, FAILED = Verdict.PASSED, Verdict.FAILED
NAMES = ["test_forward", "test_backward", "TestNet::test_loss", "TestNet::test_params[1]", "TestNet::test_params[2]"]
WRONG_FORWARD = LAYERS.replace("return 2 * x", "return 3 * x")

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


def verdicts(found):
    return [check.verdict for check in found.values()]


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


def test_a_check_that_is_given_up_is_not_waited_for_by_what_it_would_have_shared(tmp_path):
    course = write_course(tmp_path, suite=SUITE + KILLS)
    (tmp_path / "tests/hw1/test_more.py").write_text(SUITE)
    with host_of(course) as host:
        found = grade(host, submission(layers=WRONG_FORWARD))
    assert found["test_killed_by_data"].verdict is FAILED
    assert {found[f"test_more::{name}"].verdict for name in NAMES[2:]} == {PASSED}
    assert found["test_more::test_backward"].verdict in (PASSED, FAILED)


def test_a_check_that_always_kills_its_process_is_the_suites_fault_and_the_rest_is_graded(tmp_path):
    suite = SUITE + "\nimport os\ndef test_kill(): os.kill(os.getpid(), 9)\n"
    with host_of(write_course(tmp_path, suite=suite)) as host:
        found = grade(host, submission())
    assert found.pop("test_kill").verdict is Verdict.SUITE_ERROR
    assert set(verdicts(found)) == {PASSED}


LOOPS = """

def test_endless_over_data():
    if double_forward(np.ones(1))[0][0] != 2:
        while True:
            try:
                for _ in iter(int, 1):
                    pass
            except Exception:
                pass
"""


def test_data_that_keeps_the_suite_busy_costs_that_check_alone(tmp_path):
    with host_of(write_course(tmp_path, suite=SUITE + LOOPS)) as host:
        assert set(verdicts(grade(host, submission()))) == {PASSED}
        found = grade(host, submission(layers=WRONG_FORWARD))
    assert found["test_endless_over_data"].verdict is Verdict.TIMEOUT
    assert found["test_endless_over_data"].message == "this check took too long over what the submission returned"
    assert found["TestNet::test_loss"].verdict is PASSED


IN_C = """

def test_endless_in_one_call():
    if double_forward(np.ones(1))[0][0] != 2:
        sum(iter(int, 1))
"""


def test_data_that_keeps_the_suite_in_one_call_of_c_costs_that_check_and_little_time(tmp_path):
    with host_of(write_course(tmp_path, suite=SUITE + IN_C)) as host:
        found = grade(host, submission(layers=WRONG_FORWARD))
    assert found["test_endless_in_one_call"].verdict is Verdict.TIMEOUT
    assert found["test_endless_in_one_call"].message == "this check did not end with what the submission returned"
    assert found["TestNet::test_loss"].verdict is PASSED


def test_a_suite_that_never_ends_is_to_blame_itself(tmp_path):
    with host_of(write_course(tmp_path, suite=SUITE + "\ndef test_endless():\n    while True: pass\n")) as host:
        found = grade(host, submission())
    assert found.pop("test_endless").verdict is Verdict.SUITE_ERROR
    assert set(verdicts(found)) == {PASSED}


def test_a_check_over_which_its_process_computed_for_too_long_is_given_up_at_once():
    task = tasks.Task(1, {})
    checks = [Check(name=name, question="q") for name in ("a", "b")]
    assert task.conclude(checks, "none", [], late=False, overran=True) is None
    assert task.given["a"].verdict is Verdict.TIMEOUT


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


def test_a_child_that_pytest_cannot_break_off_ends_as_one_that_computed_too_long():
    def work(sink):
        raise Overrun

    child = children.start(work, Limits(check_time_s=1))
    assert not child.hear()
    child.end()
    assert child.overran


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
