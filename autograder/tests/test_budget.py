"""The processor time that the trusted side may use for a check."""

import signal
import time

import pytest

from autograder.suite.budget import Overrun, OwnTime, uncounted
from autograder.types import Limits


def compute(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


@pytest.fixture
def own_time() -> OwnTime:
    return OwnTime(Limits(check_time_s=0.2))


def test_a_check_that_computes_too_long_is_broken_off(own_time):
    with pytest.raises(Overrun), own_time.of_a_check():
        compute(10)
    assert signal.getitimer(signal.ITIMER_PROF)[0] == 0


def test_work_of_the_suite_alone_is_not_counted_and_what_follows_is(own_time):
    uncounted_compute = uncounted()(compute)
    with own_time.of_a_check():
        uncounted_compute(0.5)
    with own_time.of_a_check():
        uncounted_compute(0.5)
        with pytest.raises(Overrun):
            compute(10)


def test_where_no_clock_runs_none_is_started():
    with uncounted():
        pass
    assert signal.getitimer(signal.ITIMER_PROF) == signal.getitimer(signal.ITIMER_VIRTUAL) == (0, 0)
