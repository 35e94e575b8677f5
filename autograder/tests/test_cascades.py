"""What a check of a function says where something that the function builds on is wrong or missing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder.course import load_course
from autograder.suite.cascades import Cascades, Run
from autograder.tests.tiny_course import LAYERS, NET, grade, host_of, outcomes, submission, write_course
from autograder.types import Check, CheckOutcome, Training, Verdict

PASSED, FAILED = Verdict.PASSED, Verdict.FAILED
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


def test_a_training_that_fails_says_of_no_function_that_it_is_wrong():
    failed = CheckOutcome(name="test_accuracy", verdict=FAILED)
    diverged = Training(ended="diverged", iterations=3, seconds=0.1, seed=1, losses=(1.0,), stride=1)
    runs = {
        0: Run(replace(failed, trainings=(diverged,)), called=frozenset({"Model"})),
        1: Run(failed, called=frozenset({"train"})),
    }
    checks = [Check(name=name, question="q") for name in ("test_accuracy", "test_train")]
    cascades = Cascades(checks, lends=False, carried=(), methods=False, run=lambda position, lent: runs[position])
    assert cascades.judgements(runs, frozenset({FAILED})) == {"train"}
