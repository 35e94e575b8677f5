"""Checks of hw2 that you can run yourself; grading has more."""

import numpy as np
import pytest
from nndl.babysitting import expected_first_loss, should_stop

from checks import CheckFailure, assert_close

pytestmark = pytest.mark.question("babysitting")


@pytest.mark.points(0.5)
def test_expected_first_loss_of_ten_classes():
    assert_close(expected_first_loss(10), 2.302585093, name="the loss of 10 classes")


def test_should_stop_when_the_cost_exceeds_three_times_the_first():
    assert_decision([2.0, 1.5, 6.5], True, "above 3 times the first cost")
    assert_decision([2.0, 1.5, 1.2], False, "below the first")


def assert_decision(costs, expected, what):
    given = list(costs)
    answer = should_stop(given)
    if len(given) != len(costs):
        raise CheckFailure("should_stop changes the list of costs, which goes on to grow")
    if not isinstance(answer, bool | int | np.bool_ | np.integer | np.ndarray) or np.size(answer) != 1:
        raise CheckFailure(f"should_stop gives a {type(answer).__name__}, True or False was expected")
    if bool(answer) != expected:
        words = "goes on" if expected else "stops"
        raise CheckFailure(f"should_stop {words} when the latest cost is {what}, such as {costs}")
