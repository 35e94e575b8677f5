"""Checks of hw2 that you can run yourself; grading has more."""

import numpy as np
import pytest
from nndl.babysitting import log_uniform, propose

from checks import CheckFailure, as_array

pytestmark = pytest.mark.question("search")

RANGES = {"learning_rate": (1e-6, 1e-1), "reg": (1e-5, 1e1)}


def drawn(low, high, size):
    """Return what log_uniform gives, of the right shape."""
    values = as_array(log_uniform(low, high, size), "the result of log_uniform")
    if values.shape != (size,):
        raise CheckFailure(f"log_uniform gives shape {values.shape}, ({size},) was expected")
    if not np.isfinite(values).all():
        raise CheckFailure("log_uniform gives numbers that are not finite")
    return values


@pytest.mark.points(0.5)
def test_log_uniform_stays_within_its_bounds():
    for low, high in ((1e-6, 1e-2), (0.5, 2.0), (3.0, 4e5)):
        values = drawn(low, high, 200)
        outside = int(np.sum((values < low * (1 - 1e-9)) | (values > high * (1 + 1e-9))))
        if outside:
            raise CheckFailure(f"{outside} of 200 numbers are outside of {low:g} to {high:g}")
        if len(np.unique(values)) < 150:
            raise CheckFailure(f"only {len(np.unique(values))} of 200 numbers are different")


def proposed(results, ranges, count):
    """Return what propose gives: `count` settings with a number within its bounds for every name."""
    given, bounds = [dict(result) for result in results], dict(ranges)
    trials = propose(given, bounds, count)
    if bounds != ranges or repr(given) != repr(results):
        raise CheckFailure(
            "propose changes what it is given: the results, or the ranges, which later rounds start from"
        )
    if not isinstance(trials, list | tuple):
        raise CheckFailure(f"propose gives a {type(trials).__name__}, a list of dictionaries was expected")
    if any(isinstance(trial, dict) and "round" in trial for trial in trials):
        raise CheckFailure("propose gives settings with 'round', which is no name of a range")
    if len(trials) != count:
        raise CheckFailure(f"propose gives {len(trials)} settings, {count} were asked for")
    return [{name: _setting(trial, name, bounds) for name, bounds in ranges.items()} for trial in trials]


def _setting(trial, name, bounds):
    if not isinstance(trial, dict) or name not in trial:
        raise CheckFailure(f"propose gives settings without {name!r}")
    value = as_array(trial[name], name)
    if value.size != 1:
        raise CheckFailure(f"propose gives {name} of shape {value.shape}, a number was expected")
    value, (low, high) = float(value.reshape(())), bounds
    if not low * (1 - 1e-9) <= value <= high * (1 + 1e-9):
        raise CheckFailure(f"propose gives {name}={value:.3g}, which is outside of {low:g} to {high:g}")
    return value


@pytest.mark.requires("log_uniform")
@pytest.mark.points(0.5)
def test_propose_gives_as_many_settings_as_asked_within_their_ranges():
    for count in (1, 12):
        first = proposed([], RANGES, count)
        results = [{**trial, "score": 0.1 * number} for number, trial in enumerate(first)]
        proposed(results, RANGES, count)
    other = {"hidden_size": (10.0, 1000.0)}
    proposed([{"hidden_size": 50.0, "score": 0.3}], other, 5)
