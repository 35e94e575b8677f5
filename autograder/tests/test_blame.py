"""Who is blamed when a check does not pass: the function it judges, what it builds on, the suite, or the grader."""

from __future__ import annotations

import time

import pytest

from autograder.course import load_course
from autograder.suite import children, tasks
from autograder.suite.messages import CheckDone, Graded
from autograder.tests.tiny_course import LAYERS, NET, SUITE, grade, host_of, outcomes, submission, write_course
from autograder.types import Check, CheckOutcome, Limits, Verdict

PASSED, FAILED = Verdict.PASSED, Verdict.FAILED
NAMES = ["test_forward", "test_backward", "TestNet::test_loss", "TestNet::test_params[1]", "TestNet::test_params[2]"]
WRONG_FORWARD = LAYERS.replace("return 2 * x", "return 3 * x")
MISSING_FORWARD = LAYERS.replace("return 2 * x, (", "raise NotImplementedError('double_forward')\n    return (")

SHIFT = """
def shift_forward(x):
    out, _ = double_forward(x)
    return out + 1, double_forward(1.0)[0]

def shift_backward(dout, cache):
    return dout * cache
"""
CHAIN = """
import pytest
from nndl.layers import double_forward
from nndl.net import Net, shift_backward, shift_forward

pytestmark = pytest.mark.question("layers")

def test_double():
    assert double_forward(4.0)[0] == 8

@pytest.mark.requires("double_forward")
def test_shift():
    assert shift_forward(4.0)[0] == 9

@pytest.mark.question("net")
@pytest.mark.requires("double_forward", "shift_forward")
def test_backward():
    assert shift_backward(3.0, shift_forward(4.0)[1]) == 6
"""


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


# ---- who builds on what --------------------------------------------------------------------------


def test_what_builds_on_a_wrong_function_is_judged_on_top_of_the_references(host):
    (outcome,) = outcomes(host, [submission(layers=WRONG_FORWARD)])
    check = {check.name: check for check in outcome.checks}["TestNet::test_loss"]
    assert (check.verdict, check.message) == (PASSED, "judged on top of the reference's double_forward")
    assert [remark.code for remark in outcome.remarks] == ["lent"]


def test_a_function_that_is_right_on_top_of_the_references_is_not_blamed_for_what_builds_on_it(tmp_path):
    course = write_course(tmp_path, suite=CHAIN)
    (tmp_path / "solutions/nndl/net.py").write_text(NET + SHIFT)
    with host_of(course) as host:
        found = grade(host, submission(layers=WRONG_FORWARD, net=NET + SHIFT))
    assert verdicts(found) == [FAILED, PASSED, PASSED]


def test_a_wrong_net_on_top_of_a_wrong_function_fails_for_itself(host):
    found = grade(host, submission(layers=WRONG_FORWARD, net=NET.replace('self.params["W"] * out', "7 * out")))
    assert found["TestNet::test_loss"].verdict is FAILED


def test_a_check_never_passes_by_the_references_version_of_what_it_judges(host):
    found = grade(host, submission(layers=MISSING_FORWARD.replace("return 2 * dout", "return 99 * dout")))
    assert found["test_forward"].verdict is Verdict.MISSING
    assert found["test_backward"].verdict is Verdict.UNCHECKED
    assert (
        found["test_backward"].message
        == "not judged: it builds on double_forward, which other checks found wrong or missing"
    )


def test_a_course_that_does_not_lend_leaves_it_unchecked(strict):
    found = grade(strict, submission(layers=WRONG_FORWARD))
    assert found["TestNet::test_loss"].verdict is Verdict.UNCHECKED
    assert found["test_backward"].verdict is PASSED  # it never needed the value


# ---- methods -------------------------------------------------------------------------------------

MODEL = """
import numpy as np

class Model:
    def __init__(self):
        self.W, self.noted, self.draws = np.ones(3), [], np.random.default_rng(0)

    def slope(self, x):
        self.noted.append(float(x[0]))
        self.W *= 1.0
        return 2 * self.W * x

    def train(self, x):
        for _ in range(3):
            self.W -= 0.1 * self.slope(x)
        return self.W
"""
TRAINING = """
import numpy as np
import pytest
from nndl.net import Model

X = np.array([1.0, 2.0, 3.0])

@pytest.mark.question("layers")
def test_slope():
    assert np.allclose(Model().slope(X), 2 * X)

@pytest.mark.question("net")
@pytest.mark.requires("Model.slope")
def test_train():
    model = Model()
    assert np.allclose(model.train(X), (1 - 0.2 * X) ** 3)
    assert list(model.noted) == [1.0, 1.0, 1.0]
"""
WRONG_SLOPE = MODEL.replace("return 2 *", "return 5 *")


def train(tmp_path, net, **settings):
    course = write_course(tmp_path, suite=TRAINING, **settings)
    (tmp_path / "solutions/nndl/net.py").write_text(MODEL)
    with host_of(course) as host:
        return grade(host, submission(net=net))


def test_a_wrong_method_is_lent_to_the_submissions_own_object(tmp_path):
    found = train(tmp_path, WRONG_SLOPE)
    assert verdicts(found) == [FAILED, PASSED]
    assert found["test_train"].message == "judged on top of the reference's Model.slope"


def test_what_is_wrong_above_a_lent_method_fails(tmp_path):
    assert verdicts(train(tmp_path, WRONG_SLOPE.replace("self.W -= 0.1", "self.W += 0.1"))) == [FAILED, FAILED]


def test_what_builds_on_a_wrong_method_is_unchecked_where_the_course_does_not_lend(tmp_path):
    outcome = train(tmp_path, WRONG_SLOPE, cascade="unchecked")["test_train"]
    words = "not judged: it builds on Model.slope, which other checks found wrong or missing"
    assert (outcome.verdict, outcome.message) == (Verdict.UNCHECKED, words)
    assert [cause.message for cause in outcome.causes] == [words]


# ---- what was brought along ----------------------------------------------------------------------

ONLY_NET = """
import numpy as np
import pytest
from nndl.net import Net, twice

@pytest.mark.question("net")
@pytest.mark.requires("double_forward")
def test_loss():
    assert Net().loss(np.array([1.0, 2.0])) == 18.0

@pytest.mark.question("layers")
@pytest.mark.requires("double_forward", "add_forward")
def test_twice():
    assert twice(2.0) == 5.0
"""
ADD = "\n\ndef add_forward(x):\n    return x + 1, None\n"
TWICE = NET + "\n\nfrom .layers import add_forward\n\ndef twice(x):\n    return add_forward(double_forward(x)[0])[0]\n"
HOLES = "holes: [nndl.layers.double_forward, nndl.layers.double_backward, nndl.net.Net]"
CARRIED = "holes: [nndl.net.Net]\n    carried: [nndl.layers.double_forward, nndl.layers.add_forward]"


def bring_along(folder, layers, net=TWICE, cascade="substitute"):
    """Grade a submission by a suite that judges none of the layers."""
    write_course(folder, suite=ONLY_NET, cascade=cascade)
    (folder / "solutions/nndl/layers.py").write_text(LAYERS + ADD)
    (folder / "solutions/nndl/net.py").write_text(TWICE)
    file = folder / "course.yaml"
    assert HOLES in file.read_text()
    file.write_text(file.read_text().replace(HOLES, CARRIED))
    with host_of(load_course(folder)) as host:
        (outcome,) = outcomes(host, [submission(layers=layers, net=net)])
    return {check.name: check for check in outcome.checks}, outcome.remarks


def test_what_fails_only_because_of_something_brought_along_is_judged_without_it(tmp_path):
    found, remarks = bring_along(tmp_path, WRONG_FORWARD + ADD)
    words = "judged on top of the reference's double_backward and double_forward"
    assert [(check.verdict, check.message) for check in found.values()] == [(PASSED, words)] * 2
    (remark,) = remarks
    assert (remark.code, remark.message) == (
        "lent",
        "what builds on double_backward and double_forward was judged with the reference's in its place",
    )


def test_what_fails_above_it_too_fails(tmp_path):
    wrong_net = TWICE.replace('self.params["W"] * out', "7 * out")
    found, _ = bring_along(tmp_path, WRONG_FORWARD + ADD, wrong_net)
    assert verdicts(found) == [FAILED, PASSED]


def test_a_course_that_does_not_lend_names_what_was_brought_along_and_is_wrong(tmp_path):
    found, _ = bring_along(tmp_path, LAYERS + ADD.replace("+ 1", "+ 9"), cascade="unchecked")
    assert verdicts(found) == [PASSED, Verdict.UNCHECKED]
    assert found["test_twice"].message == "not judged: with add_forward of the reference it passes"
    assert [cause.name for cause in found["test_twice"].causes] == ["builds-on"]


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
