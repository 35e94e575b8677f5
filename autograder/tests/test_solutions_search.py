"""The search for settings that students are given."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from utils import search

RANGES = {"learning_rate": (1e-4, 1.0), "reg": (1e-3, 1e1)}


def result(learning_rate, reg, score):
    return {"learning_rate": learning_rate, "reg": reg, "score": score}


def test_grid_has_every_combination_of_evenly_spaced_logarithms():
    trials = search.grid(RANGES, 3)
    assert [trial["learning_rate"] for trial in trials[::3]] == pytest.approx([1e-4, 1e-2, 1.0])
    assert [trial["reg"] for trial in trials[:3]] == pytest.approx([1e-3, 1e-1, 1e1])
    assert len({tuple(trial.values()) for trial in trials}) == 9


def test_draw_asks_for_as_many_numbers_of_each_range():
    asked = []

    def sample(low, high, count):
        asked.append((low, high, count))
        return np.full(count, low)

    assert search.draw(RANGES, 2, sample) == [{"learning_rate": 1e-4, "reg": 1e-3}] * 2
    assert asked == [(1e-4, 1.0, 2), (1e-3, 1e1, 2)]


def test_watch_takes_no_more_costs_once_a_run_is_given_up():
    costs = itertools.count(1)
    assert search.watch(costs, lambda history: history[-1] > 2) == ([1.0, 2.0, 3.0], True)
    assert next(costs) == 4


def test_watch_lets_a_good_run_end():
    assert search.watch([3.0, 2.0], lambda history: False) == ([3.0, 2.0], False)


def test_search_tells_each_round_of_those_before_it():
    seen = []

    def propose(results, ranges, count):
        seen.append(len(results))
        return [{"x": float(len(results) + number)} for number in range(count)]

    results = search.search(lambda x: -x, {"x": (1.0, 9.0)}, propose, rounds=3, count=2)
    assert seen == [0, 2, 4]
    assert results[2] == {"x": 2.0, "score": -2.0, "round": 2}


def test_ranked_leaves_out_runs_that_were_given_up():
    results = [result(0.1, 1, 0.2), result(0.2, 1, math.nan), result(0.3, 1, 0.4)]
    assert [r["learning_rate"] for r in search.ranked(results)] == [0.3, 0.1]


def test_refine_surrounds_the_best_by_an_eighth_of_the_range_on_either_side():
    results = [result(1e-2, 0.1, 0.5), result(1e-3, 0.1, 0.4), result(1.0, 1e1, 0.1), result(0.5, 1.0, math.nan)]
    refined = search.refine(RANGES, results, keep=2)
    assert refined["learning_rate"] == pytest.approx((10**-3.5, 10**-1.5))
    assert refined["reg"] == pytest.approx((10**-1.5, 10**-0.5))


def test_refine_stays_within_the_range():
    refined = search.refine(RANGES, [result(1e-4, 1e1, 0.5)])
    assert refined["learning_rate"][0] == 1e-4
    assert refined["reg"][1] == 1e1


@pytest.mark.parametrize("results", [[], [result(0.1, 1.0, math.nan)]])
def test_refine_leaves_the_ranges_where_nothing_has_a_score(results):
    assert search.refine(RANGES, results) == RANGES


def test_table_has_the_best_first_and_counts_what_was_given_up():
    results = [result(0.1, 1, 0.2), result(0.2, 1, math.nan), result(0.3, 1, 0.4), result(0.4, 1, 0.3)]
    head, *lines, last = search.table(results, top=2).splitlines()
    assert head.split() == ["learning_rate", "reg", "score"]
    assert [line.split()[-1] for line in lines] == ["0.400", "0.300"]
    assert last == "1 of 4 were given up"


def test_table_of_nothing_is_its_head():
    assert search.table([]).split() == ["score"]
