"""A search for good settings (hyperparameters) of a training run.

Settings such as learning rate and regularisation strength work by factors, so everything here counts
in logarithms. ``ranges`` is a dictionary with the bounds ``(low, high)`` of each setting, 0 < low < high; a
trial is a dictionary with one value for each; a result is a trial with its ``score`` added, of which more
is better, and which is NaN for a run that was given up. Nothing here draws random numbers of its own.

    trials = draw({"learning_rate": (1e-6, 1e-1), "reg": (1e-5, 1e1)}, 20, log_uniform)
    results = run(validation_accuracy, trials)       # calls validation_accuracy(learning_rate=..., reg=...)
    print(table(results))
"""

import itertools
import math

import numpy as np


def grid(ranges, points):
    """Return the trials of a regular grid: every combination of `points` values of each setting.

    Values are evenly spaced in logarithms, from the lower bound to the upper one.
    """
    values = [np.geomspace(low, high, points).tolist() for low, high in ranges.values()]
    return [dict(zip(ranges, combination, strict=True)) for combination in itertools.product(*values)]


def draw(ranges, count, sample):
    """Return trials drawn at random.

    Parameters
    ----------
    ranges : dict
    count : int
        How many.
    sample : callable
        ``sample(low, high, count)`` returns so many numbers between the bounds, as
        `nndl.babysitting.log_uniform` does.
    """
    columns = [np.asarray(sample(low, high, count)).tolist() for low, high in ranges.values()]
    return [dict(zip(ranges, values, strict=True)) for values in zip(*columns, strict=True)]


def watch(costs, should_stop):
    """Take costs from a running training, one after the other, until it ends or is beyond hope.

    Parameters
    ----------
    costs : iterable of float
        Such as a generator that trains a little before each cost that it yields. What is left of it
        when the training is given up is not computed.
    should_stop : callable
        ``should_stop(costs_so_far)`` is true when the training should be given up.

    Returns
    -------
    history : list of float
        The costs that were taken.
    stopped : bool
        Whether the training was given up.
    """
    history = []
    for cost in costs:
        history.append(float(cost))
        if should_stop(history):
            return history, True
    return history, False


def run(evaluate, trials):
    """Evaluate trials and return their results, in the same order.

    Parameters
    ----------
    evaluate : callable
        Takes the settings of a trial as keyword arguments and returns its score.
    trials : list of dict
    """
    return [{**trial, "score": float(evaluate(**trial))} for trial in trials]


def search(evaluate, ranges, propose, rounds, count):
    """Search in rounds, each of which may build on the results of those before it.

    Parameters
    ----------
    evaluate : callable
        As for `run`.
    ranges : dict
    propose : callable
        ``propose(results, ranges, count)`` returns the trials of the next round, given all results so far.
    rounds, count : int
        How many rounds, of how many trials.

    Returns
    -------
    list of dict
        All results, in order; ``round`` says which round each was in, from 1.
    """
    results = []
    for number in range(1, rounds + 1):
        trials = propose(results, ranges, count)
        results += [{**result, "round": number} for result in run(evaluate, trials)]
    return results


def ranked(results):
    """Return the results that have a score, the best first."""
    return sorted((r for r in results if not math.isnan(r["score"])), key=lambda r: r["score"], reverse=True)


def refine(ranges, results, keep=3):
    """Return smaller ranges around the best results.

    A new range spans the values of the `keep` best results, and a quarter of the old range's logarithm
    around them, half of it on either side, so that the best may turn out to lie beyond. It stays within the
    old range, which is returned as it is where nothing has a score.
    """
    best = ranked(results)[:keep]
    if not best:
        return dict(ranges)
    refined = {}
    for name, (low, high) in ranges.items():
        values = [result[name] for result in best]
        margin = (high / low) ** 0.125
        refined[name] = (max(low, min(values) / margin), min(high, max(values) * margin))
    return refined


def table(results, top=10):
    """Return the `top` best results as lines of text, and how many runs were given up."""
    best = ranked(results)
    names = [name for name in results[0] if name not in ("score", "round")] if results else []
    lines = ["  ".join(f"{name:>14}" for name in [*names, "score"])]
    lines += ["  ".join([*(f"{r[name]:14.2e}" for name in names), f"{r['score']:14.3f}"]) for r in best[:top]]
    if len(best) < len(results):
        lines.append(f"{len(results) - len(best)} of {len(results)} were given up")
    return "\n".join(lines)
