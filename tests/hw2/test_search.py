"""The search for settings: numbers evenly spread in logarithms, and trials that close in on the best."""

import math

import numpy as np
import pytest
from nndl.babysitting import log_uniform, propose

from autograder.checks import CheckFailure, as_array

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


@pytest.mark.visible
@pytest.mark.points(0.5)
def test_log_uniform_stays_within_its_bounds():
    for low, high in ((1e-6, 1e-2), (0.5, 2.0), (3.0, 4e5)):
        values = drawn(low, high, 200)
        outside = int(np.sum((values < low * (1 - 1e-9)) | (values > high * (1 + 1e-9))))
        if outside:
            raise CheckFailure(f"{outside} of 200 numbers are outside of {low:g} to {high:g}")
        if len(np.unique(values)) < 150:
            raise CheckFailure(f"only {len(np.unique(values))} of 200 numbers are different")


@pytest.mark.hint("Draw the LOGARITHM evenly between log(low) and log(high), and take its exponential.")
def test_log_uniform_is_even_in_logarithms():
    for low, high in ((1e-6, 1e-2), (0.5, 2.0), (3.0, 4e5)):
        logs = np.sort(np.log(np.maximum(drawn(low, high, 3000), 1e-300) / low) / np.log(high / low))
        for part in (0.1, 0.25, 0.5, 0.75, 0.9):
            found = float(np.mean(logs < part))
            if abs(found - part) > 6 * math.sqrt(part * (1 - part) / 3000):  # a right draw fails once in 500 million
                value = low * (high / low) ** part
                raise CheckFailure(
                    f"{found:.0%} of the numbers from {low:g} to {high:g} are below {value:.2g}, not {part:.0%}"
                )


@pytest.mark.points(0.5)
@pytest.mark.hint("Draw anew at each call, without setting a seed.")
def test_log_uniform_differs_at_every_call():
    if np.array_equal(np.sort(drawn(1e-4, 1.0, 20)), np.sort(drawn(1e-4, 1.0, 20))):
        raise CheckFailure("two calls of log_uniform give the same numbers")
    drawn(1e-4, 1.0, 1)


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


@pytest.mark.visible
@pytest.mark.requires("log_uniform")
@pytest.mark.points(0.5)
def test_propose_gives_as_many_settings_as_asked_within_their_ranges():
    for count in (1, 12):
        first = proposed([], RANGES, count)
        results = [{**trial, "score": 0.1 * number} for number, trial in enumerate(first)]
        proposed(results, RANGES, count)
    other = {"hidden_size": (10.0, 1000.0)}
    proposed([{"hidden_size": 50.0, "score": 0.3}], other, 5)


def logs(trials, name):
    """Return where values lie in their range, from 0 to 1, by their logarithms."""
    low, high = RANGES[name]
    return np.log(np.array([trial[name] for trial in trials]) / low) / np.log(high / low)


@pytest.mark.requires("log_uniform")
@pytest.mark.hint("Without results, every setting is drawn from its whole range, evenly in logarithms.")
def test_propose_looks_everywhere_at_first():
    trials = [trial for _ in range(10) for trial in proposed([], RANGES, 30)]
    for name in RANGES:
        for quarter in range(4):
            share = np.mean((logs(trials, name) >= quarter / 4) & (logs(trials, name) <= (quarter + 1) / 4))
            if share < 0.12:  # 0.25 +- 0.025
                raise CheckFailure(f"without results, {share:.0%} of the values of {name} are in quarter {quarter + 1}")
    steps = np.diff(np.stack([logs(trials, name) for name in RANGES]), axis=1)
    if abs(np.corrcoef(steps)[0, 1]) > 0.5:
        raise CheckFailure("learning_rate and reg go up and down together: draw each on its own")


def surface(rng):
    """Return the score as a function of the settings: a hill somewhere, with a cliff where training diverges."""
    at = rng.uniform(-4.5, -2.2), rng.uniform(-3.5, -0.5)

    def score(trial):
        rate, reg = math.log10(trial["learning_rate"]) - at[0], math.log10(trial["reg"]) - at[1]
        return float("nan") if rate > 1 else math.exp(-(rate**2) / 2 - reg**2 / 8)

    return score


def scored(score, trials):
    return [{**trial, "score": score(trial), "round": 1} for trial in trials]


@pytest.mark.requires("log_uniform")
@pytest.mark.points(2)
@pytest.mark.hint("With results, draw around the best of them, in logarithms: utils.search.refine gives the ranges.")
def test_propose_closes_in_on_the_best(rng):
    found, last = [], []
    for _ in range(15):
        score, results = surface(rng), []
        for _ in range(3):
            results += scored(score, proposed(results, RANGES, 12))
        scores = np.nan_to_num([result["score"] for result in results])
        if len({trial["reg"] for trial in results[24:]}) < 6:
            raise CheckFailure("in the third round, the same settings are proposed again and again")
        found.append(scores.max())
        last.append(scores[24:].mean())
    # of searches that never narrow, the third round has 0.3 on average; of those that do, 0.7 to 0.9
    if np.mean(last) < 0.5:
        raise CheckFailure(
            f"in the third round, settings reach {np.mean(last):.0%} of the best possible score on average"
        )
    if np.mean(found) < 0.9:
        raise CheckFailure(f"the best settings of 36 reach {np.mean(found):.0%} of the best possible score on average")


@pytest.mark.requires("log_uniform")
@pytest.mark.points(0.5)
@pytest.mark.hint("One result is a result: draw around it.")
def test_propose_looks_around_a_single_result():
    results = [{"learning_rate": 1e-3, "reg": 1e-2, "score": 0.4}]
    trials = [trial for _ in range(15) for trial in proposed(results, RANGES, 12)]
    for name in RANGES:
        lower = np.mean([trial[name] < results[0][name] for trial in trials])
        if lower < 0.3:  # of 180 even draws, 0.5 +- 0.037; of draws that are even without logarithms, 0.15
            raise CheckFailure(f"after a single result, {lower:.0%} of the values of {name} are below it, not half")
        if np.ptp(logs(trials, name)) > 0.8:  # of 180 numbers from the whole range, more than 0.85
            raise CheckFailure(f"after a single result, {name} is still drawn from its whole range")


def results_near_and_away():
    """Return results around the best, which lie in the middle, and poor ones at the end of the ranges."""
    near = [{"learning_rate": 1e-3 * f, "reg": 1e-2 * f, "score": 0.5 - abs(math.log(f)) / 10} for f in (0.5, 1.0, 2.0)]
    return near, [
        {"learning_rate": 3e-6, "reg": 1.0, "score": 0.1},
        {"learning_rate": 1e-5, "reg": 1e-4, "score": 0.12},
    ]


def distance_from_the_best(results):
    """Return how far the settings that are proposed are from the best of `results_near_and_away`."""
    trials = [trial for _ in range(5) for trial in proposed(results, RANGES, 10)]
    return max(abs(float(np.median(logs(trials, name))) - aim) for name, aim in (("learning_rate", 0.6), ("reg", 0.5)))


@pytest.mark.requires("log_uniform")
@pytest.mark.points(0.5)
@pytest.mark.hint("The best may be any of the results: utils.search.refine looks for it among all that it is given.")
def test_propose_finds_the_best_wherever_it_stands_among_the_results():
    near, poor = results_near_and_away()
    for results in (6 * poor + near, near + 6 * poor, 6 * poor + near + 6 * poor):
        if distance_from_the_best(results) > 0.2:
            raise CheckFailure("the settings are not around the best result when it is one of many")


@pytest.mark.requires("log_uniform")
@pytest.mark.hint("A score of NaN is no score: max() and sorted() go wrong with it. utils.search.refine leaves it out.")
def test_propose_leaves_out_runs_that_were_given_up(rng):
    near, poor = results_near_and_away()
    lost = [{"learning_rate": 5e-2, "reg": 5.0, "score": float("nan")} for _ in range(4)]
    for results in (lost + poor + near, near + poor + lost, [*lost[:2], *near, *poor, *lost[2:]]):
        if distance_from_the_best(results) > 0.2:
            raise CheckFailure("the settings are not around the best result when some results have a score of NaN")
    proposed(lost, RANGES, 5)
