"""Closeness: what is accepted, and what a student is told of everything else."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

from autograder.checks import CheckFailure, as_array, assert_close, assert_double, assert_repeated, entry, unpack


class Proxy:
    """Stands for an object that only its own process has, and that can become an array."""

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray[Any, Any]:
        return np.array([1.0, 2.0])


def failure(actual: object, expected: Any, **settings: Any) -> CheckFailure:
    with pytest.raises(CheckFailure) as caught:
        assert_close(actual, expected, **settings)
    return caught.value


@pytest.mark.parametrize("loss", [2.5, np.float32(2.5), np.array(2.5), np.array([2.5]), np.array([[2.5]]), [2.5]])
def test_single_number_may_come_as_number_or_array_of_one_entry(loss: object) -> None:
    assert_close(loss, 2.5, name="loss")


@pytest.mark.parametrize("actual", [[1, 2], np.array([1, 2]), np.array([1.0, 2.0], dtype=np.float32), Proxy()])
def test_arrays_lists_integers_and_proxies_are_compared_by_value(actual: object) -> None:
    assert_close(actual, [1.0, 2.0])


def test_row_passes_for_a_vector_only_when_allowed() -> None:
    assert_close([[1.0, 2.0]], [1.0, 2.0], like_vector=True)
    assert failure([[1.0, 2.0]], [1.0, 2.0], name="db").message == "db has shape (1, 2), shape (2,) was expected"
    assert "shape (2, 1)" in failure([[1.0], [2.0]], [1.0, 2.0], like_vector=True).message


def test_single_precision_widens_the_tolerances() -> None:
    close = np.array([1.0, 1000.0]) + 5e-3
    assert_close(close.astype(np.float32), [1.0, 1000.0], rtol=1e-9, atol=0)
    assert "2 of 2 entries differ" in failure(close, [1.0, 1000.0], rtol=1e-9, atol=0).message


@pytest.mark.parametrize(
    ("actual", "words"),
    [
        (None, "dx is None, an array was expected"),
        ("zeros", "dx is a str, an array was expected"),
        ((1.0, 2.0), "dx is a tuple of 2, an array was expected"),
        ({"dx": 1}, "dx is a dict, an array was expected"),
        (object(), "dx is an object, an array was expected"),
        (True, "dx holds values of type bool, numbers were expected"),
        ([True, False], "dx holds values of type bool"),
        ([1 + 2j, 1], "dx holds values of type complex128"),
        ([None, 1.0], "dx holds values of type object"),
        ([10**400, 1], "dx holds values of type object"),
        (["a", "b"], "dx holds values of type <U1"),
        ([[1.0], [1.0, 2.0]], "dx is a list of unequal rows, an array was expected"),
        (3.0, "dx has shape (), shape (2,) was expected"),
        ([[1.0, 2.0]] * 2, "dx has shape (2, 2), shape (2,) was expected"),
        ([np.nan, 1.0], "dx has 1 NaN among 2 entries"),
        ([np.nan, -np.inf], "dx has 1 NaN and 1 inf among 2 entries"),
        ([0.0, 0.0], "dx is all zeros"),
        ([2.0, 4.0], "dx is twice what was expected"),
        ([0.5, 1.0], "dx is half of what was expected"),
        ([-1.0, -2.0], "dx is the negative of what was expected"),
        ([7.0, 14.0], "dx is 7 times what was expected"),
        ([0.1, 0.2], "dx is 1/10 of what was expected"),
        ([1.0, 3.0], "dx is wrong: 1 of 2 entries differs, most at [1], where yours is 3 (relative error 2e-01)"),
        ([1e308, 1e308], "dx is wrong: 2 of 2 entries differ"),
    ],
)
def test_wrong_array_is_named_by_what_is_wrong(actual: object, words: str) -> None:
    assert failure(actual, [1.0, 2.0], name="dx").message.startswith(words)


@pytest.mark.parametrize(
    ("actual", "words"),
    [
        ([1.0, 2.0], "loss has shape (2,), a single number was expected"),
        (np.nan, "loss is nan"),
        (-np.inf, "loss is -inf"),
        (0.0, "loss is 0"),
        (6.0, "loss is twice what was expected"),
        (9.0, "loss is wrong: yours is 9 (relative error 5e-01)"),
    ],
)
def test_wrong_number_is_named_by_what_is_wrong(actual: object, words: str) -> None:
    assert failure(actual, 3.0, name="loss").message == words


def test_transposed_square_is_named() -> None:
    matrix = np.arange(9.0).reshape(3, 3)
    assert failure(matrix.T, matrix, name="dw").message == "dw is transposed"


def test_factor_that_is_not_simple_is_not_named() -> None:
    assert "2 of 2 entries differ" in failure([1.37, 2.74], [1.0, 2.0]).message
    assert "2 of 2 entries differ" in failure([1001.0, 2002.0], [1.0, 2.0]).message


def test_nonzero_result_where_zeros_are_expected_fails() -> None:
    assert_close([0.0, 0.0], [0.0, 0.0])
    assert "1 of 2 entries differs, most at [1]" in failure([0.0, 0.1], [0.0, 0.0]).message


def test_absolute_and_relative_tolerance_add_up() -> None:
    assert_close([100.4], [100.0], rtol=3e-3, atol=0.2)
    assert "differs" in failure([100.6], [100.0], rtol=3e-3, atol=0.2).message


def test_expected_values_are_only_in_the_detail() -> None:
    wrong = failure([1.5, 7.25], [1.5, 3.125], name="dx")
    assert "3.125" not in wrong.message
    assert "expected: [1.5  , 3.125]" in wrong.detail
    assert str(wrong) == f"{wrong.message}\n{wrong.detail}"


def test_failure_survives_pickling() -> None:
    copy = pickle.loads(pickle.dumps(CheckFailure("message", "detail")))
    assert (copy.message, copy.detail) == ("message", "detail")
    assert str(CheckFailure("message")) == "message"


def test_as_array_keeps_the_type() -> None:
    assert as_array([1, 2]).dtype.kind == "i"
    assert as_array(np.float32(1)).dtype == np.float32


def test_unpack_gives_the_parts_of_a_tuple_or_list() -> None:
    assert unpack((1, 2, 3), "dx, dw, db") == (1, 2, 3)
    assert unpack([1, 2], "loss, grads") == (1, 2)


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (None, "None was returned, (out, cache) was expected"),
        (np.zeros((2, 3)), "an array of shape (2, 3) was returned, (out, cache) was expected"),
        ((1, 2, 3), "a tuple of 3 was returned, (out, cache) was expected"),
        (1.0, "a float was returned, (out, cache) was expected"),
    ],
)
def test_unpack_says_what_was_returned_instead(result: object, words: str) -> None:
    with pytest.raises(CheckFailure) as caught:
        unpack(result, "out, cache")
    assert caught.value.message == words


def test_entry_of_a_dictionary() -> None:
    assert entry({"W1": 5}, "W1") == 5


@pytest.mark.parametrize(
    ("grads", "words"),
    [
        ({"W1": 1, "b1": 2}, "grads has no 'W2'; it has 'W1', 'b1'"),
        ({}, "grads has no 'W2'; it has nothing"),
        (None, "grads is None, a dictionary was expected"),
        ([1], "grads is a list of 1, a dictionary was expected"),
        (np.zeros(3), "grads is an array of shape (3,), a dictionary was expected"),
    ],
)
def test_entry_says_what_there_is_instead(grads: object, words: str) -> None:
    with pytest.raises(CheckFailure) as caught:
        entry(grads, "W2")
    assert caught.value.message == words


def test_what_comes_of_doubles_is_not_in_single_precision() -> None:
    assert_double(np.ones(3), np.arange(3), 2.0, [1.0])
    for narrow in (np.float32, np.float16):
        with pytest.raises(CheckFailure, match=f"dx is of type {np.dtype(narrow)}"):
            assert_double(np.ones(3), np.ones(3, dtype=narrow), name="dx")


def test_a_second_call_gives_the_same_loss() -> None:
    assert_repeated(1.5, np.array(1.5))
    assert_repeated(np.nan, np.nan)
    for again in (1.6, np.array([1.5, 1.5]), np.nan):
        with pytest.raises(CheckFailure, match="another loss: what is kept from the first"):
            assert_repeated(1.5, again)
