"""Exhibits: small, true, and only there where a check fails."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from autograder.checks import (
    CheckFailure,
    assert_close,
    assert_gradients,
    assert_gradients_along,
    assert_history,
    assert_normal,
    recorder,
    show_mask,
    weigh,
)
from autograder.checks.exhibits import COLUMNS, ROWS, Exhibit


@pytest.fixture(autouse=True)
def _nothing_noted_before() -> None:
    recorder.drain_exhibits()


def of_failure(check: Callable[[], object]) -> list[Exhibit]:
    with pytest.raises(CheckFailure):
        check()
    return list(recorder.drain_exhibits())


def test_a_difference_is_0_where_the_result_is_right() -> None:
    wanted = np.arange(6.0).reshape(2, 3)
    given = wanted + np.array([[0, 0.5, 0], [0, 0, -2]])
    (shown,) = of_failure(lambda: assert_close(given, wanted, name="dx"))
    assert (shown.kind, shown.name, shown.shape) == ("difference", "dx", (2, 3))
    assert shown.cells == ((0, 0.5, 0), (0, 0, -2))


def test_nothing_is_shown_of_what_is_right_or_a_single_number() -> None:
    assert_close(np.ones(3), np.ones(3))
    assert recorder.drain_exhibits() == ()
    assert of_failure(lambda: assert_close(1.0, 2.0)) == []


def test_what_is_no_number_is_a_hole_in_the_difference() -> None:
    (shown,) = of_failure(lambda: assert_close([1.0, np.nan, np.inf, 7.0], np.ones(4)))
    assert shown.cells == ((0.0, None, None, 0.0),)


def test_images_are_laid_out_beside_each_other() -> None:
    wanted = np.zeros((2, 3, 4, 5))
    given = wanted.copy()
    given[1, 2, 3, 4] = 1  # the last pixel of the last channel of the last image
    (shown,) = of_failure(lambda: assert_close(given, wanted))
    assert shown.tile == (4, 5)
    assert np.argwhere(np.array(shown.cells)).tolist() == [[7, 14]]


def test_a_large_array_becomes_few_cells_that_keep_its_worst_entries() -> None:
    wanted = np.ones((500, 3072))
    given = wanted.copy()
    given[499, 3071] += 3
    given[499, 3070] -= 1
    (shown,) = of_failure(lambda: assert_close(given, wanted))
    assert len(shown.cells) <= ROWS
    assert {len(row) for row in shown.cells} <= set(range(COLUMNS + 1))
    assert shown.cells[-1][-1] == 3
    assert np.count_nonzero(shown.cells) == 1


def test_one_wrong_gradient_shows_the_errors_of_all() -> None:
    x, w = np.ones((2, 3)), np.ones((3, 2))
    loss = weigh(lambda x, w, b: x @ w + b, np.ones((2, 2)))
    right = {"x": np.full((2, 3), 2.0), "w": np.full((3, 2), 2.0)}
    wrong = {**right, "x": 2 * right["x"], "b": np.ones(7)}
    difference, errors = of_failure(lambda: assert_gradients(wrong, loss, {"x": x, "w": w, "b": np.ones(2)}))
    assert (difference.kind, difference.name) == ("difference", "dx")
    assert (errors.kind, errors.labels) == ("errors", ("dx", "dw", "db"))
    assert errors.values[0] == pytest.approx(1 / 3, abs=0.01)
    assert errors.values[1] is not None
    assert errors.values[1] < 1e-8 < errors.limit
    assert errors.values[2] is None


def test_slopes_show_which_gradient_is_wrong(rng: np.random.Generator) -> None:
    at = {"x": rng.standard_normal((5, 4)), "w": rng.standard_normal((4, 3))}
    dout = np.ones((5, 3))
    loss = weigh(lambda x, w: x @ w, dout)
    given = {"x": dout @ at["w"].T, "w": 3 * at["x"].T @ dout}
    (errors,) = of_failure(lambda: assert_gradients_along(given, loss, at, rng))
    assert errors.values[0] is not None
    assert errors.values[0] < errors.limit
    assert errors.values[1] is not None
    assert 0.1 < errors.values[1] < 2.1


def test_a_mask_shows_what_it_keeps() -> None:
    show_mask(np.array([[0, 2.0], [2.0, 0]]))
    show_mask(np.zeros((300, 300)))  # the last one counts
    (shown,) = recorder.drain_exhibits()
    assert (shown.kind, shown.shape) == ("mask", (300, 300))
    assert (len(shown.cells), len(shown.cells[0])) == (ROWS, COLUMNS)


def test_a_spread_is_held_against_what_it_should_be(rng: np.random.Generator) -> None:
    values = rng.standard_normal(10_000)
    (shown,) = of_failure(lambda: assert_normal(values, std=0.1, name="W1"))
    assert sum(value or 0 for value in shown.values) == pytest.approx(1, abs=0.01)
    (shown,) = of_failure(lambda: assert_normal(values, std=0.95, name="W1"))
    assert np.abs(np.subtract(shown.values, shown.expected)).max() < 0.02  # type: ignore[arg-type]
    assert_normal(values, std=1.0, name="W1")
    assert recorder.drain_exhibits() == ()


def test_a_curve_is_short_and_has_holes_where_it_is_not_finite() -> None:
    (shown,) = of_failure(lambda: assert_history([1.0] * 999 + [np.nan], 1000))
    assert (shown.kind, len(shown.values)) == ("curve", 100)
    assert None not in shown.values[:50]


@pytest.fixture
def _no_warnings() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.mark.usefixtures("_no_warnings")
@pytest.mark.parametrize("value", [1e308, -1e308, np.nan, np.inf, 0.0])
def test_no_result_is_too_odd_to_be_shown(value: float) -> None:
    for shape in [(1,), (3, 4), (2, 1, 3, 3), (2, 2, 2, 2, 2), (70, 90)]:
        given, wanted = np.full(shape, value), np.full(shape, -1.0)
        of_failure(lambda given=given, wanted=wanted: assert_close(given, wanted))  # type: ignore[misc]
        of_failure(lambda given=given: assert_normal(given, std=1e-3, mean=5.0))  # type: ignore[misc]
        show_mask(given)


def test_only_the_last_few_of_a_check_are_kept() -> None:
    for number in range(9):
        show_mask(np.ones(3), f"mask {number}")
    assert [shown.name for shown in recorder.drain_exhibits()] == ["mask 5", "mask 6", "mask 7", "mask 8"]


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(5)
