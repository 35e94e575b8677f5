"""How much of its time a submission has used."""

from __future__ import annotations

import pytest

from autograder.sandbox import Clock
from autograder.tests.sample_code import fault_of
from autograder.types import Limits, Verdict


@pytest.fixture
def clock():
    return Clock(Limits(time_s=50, check_time_s=20))


def test_the_clock_counts_in_the_check_and_altogether(clock):
    clock.spend(15)
    assert clock.left() == 5
    clock.begin_check()
    assert clock.left() == 20
    clock.spend(19)
    clock.begin_check()
    assert clock.left() == 16


def test_time_that_is_used_up_says_which(clock):
    clock.spend(20)
    assert "no answer within 20 s: is there a loop" in fault_of(clock.left)[1]
    for _ in range(3):
        clock.begin_check()
        clock.spend(10)
    assert fault_of(clock.left) == (Verdict.TIMEOUT, "the whole submission's time of 50 s was used up")


def test_a_function_that_was_late_is_waited_for_less_long(clock):
    clock.timeout("nndl.layers.f")
    assert clock.left("nndl.layers.f") < 20
    assert clock.timeout("nndl.layers.f").message == "f did not come back in time again"
