"""Relations between a wrong result and the right one: what is named, in which words, and what is not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from autograder.checks import CheckFailure, assert_close, assert_gradients, recorder, weigh

RNG = np.random.default_rng(7)
X = RNG.standard_normal((4, 6))
SQUARE = RNG.standard_normal((5, 5))
IMAGES = RNG.standard_normal((2, 3, 6, 5))
RELU, RELU_EDGE = np.maximum(X, 0), 0.25 * (X[X < 0].max() == X)
POSITIVE = RNG.uniform(0.5, 3, (4, 6))


@pytest.fixture(autouse=True)
def _nothing_noted() -> Iterator[None]:
    recorder.drain()
    yield
    recorder.drain()


def causes(actual: Any, expected: Any, **settings: Any) -> list[tuple[str, str]]:
    with pytest.raises(CheckFailure) as caught:
        assert_close(actual, expected, name="dx", **settings)
    return [tuple(cause) for cause in caught.value.causes]


def changed(array: np.ndarray[Any, Any], where: Any, value: float = 9.0) -> np.ndarray[Any, Any]:
    array = array.copy()
    array[where] = value
    return array


def bordered() -> np.ndarray[Any, Any]:
    wrong = IMAGES + 1
    wrong[..., 1:-1, 1:-1] -= 1
    return wrong


@pytest.mark.parametrize(
    ("actual", "expected", "name", "words"),
    [
        (0 * X, X, "zeros", "dx is all zeros"),
        (-X, X, "factor", "dx is the negative of what was expected"),
        (2 * X, X, "factor", "dx is twice what was expected"),
        (SQUARE.T, SQUARE, "transposed", "dx is transposed"),
        (X.T, X, "transposed", "dx is transposed"),
        (IMAGES.transpose(0, 3, 2, 1), IMAGES, "transposed", "transpose(0, 3, 2, 1) would mend it"),
        (X[::-1], X, "reversed", "in reverse order along axis 0"),
        (X + 0.3, X, "shifted", "off by the same amount in every entry"),
        (X + np.arange(6), X, "shifted", "off by the same amounts for every example"),
        (np.full(6, X[0].sum()), X[0], "spread", "the sum over axis 0 in every entry"),
        (np.broadcast_to(X.mean(axis=0), X.shape), X, "spread", "the mean over axis 0 in every entry"),
        (np.abs(X), X, "signs", "right but for the signs of some entries"),
        (np.maximum(X, 0), X, "clipped", "right, but 0 where it should be negative"),
        (np.sqrt(POSITIVE), POSITIVE, "root-or-square", "the square root of what was expected"),
        (POSITIVE**2, POSITIVE, "root-or-square", "the square of what was expected"),
        (np.trunc(3 * X), 3 * X, "whole-numbers", "cut to whole numbers"),
        (X.astype(np.float16).astype(float), X, "half-precision", "half precision (float16)"),
        (bordered(), IMAGES, "borders", "right but for the borders of the images"),
        (changed(X, np.s_[:, -1], 0.0), X, "unfinished", "left at 0 for the last along axis 1"),
        (changed(X, np.s_[:, 1:]), X, "slice", "right but for what comes after the first along axis 1"),
        (changed(X, np.s_[:, -1]), X, "slice", "right but for the last along axis 1"),
        (np.abs(X), RELU, "not-zero", "dx is right, but not 0 where it should be"),
        (np.where(X > -0.5, np.abs(X), 0), RELU, "not-zero", "not 0 in some entries where it should be"),
        (RELU**3, RELU, "only-zeros-right", "dx is 0 exactly where it should be, and wrong in all other entries"),
        (X * np.arange(2, 8), X, "scaled", "right but for a factor of its own in every column"),
        (X * [[2], [3], [5], [7]], X, "scaled", "right but for a factor of its own in every row"),
        (IMAGES.transpose(1, 0, 2, 3).reshape(IMAGES.shape), IMAGES, "reordered", "right but for the places"),
        (np.log10(2.5), np.log(2.5), "factor", "0.4343 times what was expected, as with log10"),
        (IMAGES.reshape(2, 90), IMAGES, "shape", "dx is right but for its shape"),
        (X, X.sum(axis=0), "not-summed", "right once it is summed over axis 0"),
        (X.sum(), X.sum(axis=0), "summed-too-far", "dx is summed over axis 0 too"),
    ],
)
def test_relation_is_named(actual: Any, expected: Any, name: str, words: str) -> None:
    ((found, message),) = causes(actual, expected)
    assert found == name
    assert words in message


def test_a_number_of_examples_is_named_as_that() -> None:
    recorder.note_examples(7)
    ((_, message),) = causes(7 * X, X)
    times = "times what was expected, N being the number of examples"
    assert message == f"dx is N {times}: was the 1/N of a mean forgotten?"
    recorder.note_examples(7)
    assert f"dx is 1/N {times}: is it divided by N once too often?" in causes(2.5 / 7, 2.5)[0][1]
    recorder.note_examples(6)
    assert causes(7 * X, X) == [("factor", "dx is 7 times what was expected")]
    recorder.note_examples(2)  # a factor of 2 has other causes too
    assert causes(2 * X, X) == [("factor", "dx is twice what was expected")]


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (X + RNG.standard_normal(X.shape), X),
        (RNG.standard_normal(X.shape), X),
        (1.37 * X, X),
        (7.0004 * 2.5, 2.5),  # one number is a multiple of any other; it has to be exact
        (changed(X, np.s_[0, 0]), X),  # a single entry lies at some border anyway
        ([1.0, 3.0], [1.0, 2.0]),
        (RNG.standard_normal((6, 4)), X),
        (X + 1, 0 * X),
        (np.array([0, 2, 1, 1, 0, 2]), np.array([1, 2, 0, 0, 1, 2])),  # classes, of which there are as many
    ],
)
def test_what_may_be_chance_is_not_named(actual: Any, expected: Any) -> None:
    assert causes(actual, expected) == []


# -- gradients -------------------------------------------------------------------------------------

AT = {"x": X, "w": RNG.standard_normal((6, 5)), "b": RNG.standard_normal(5)}
DOUT = RNG.standard_normal((4, 5))
RIGHT = {"x": DOUT @ AT["w"].T, "w": X.T @ DOUT, "b": DOUT.sum(axis=0)}


def gradient_causes(reg: float = 0.0, **wrong: Any) -> list[str]:
    data = weigh(lambda x, w, b: x @ w + b, DOUT)
    gradients = {**RIGHT, "w": RIGHT["w"] + reg * AT["w"], **wrong}
    with pytest.raises(CheckFailure) as caught:
        assert_gradients(gradients, lambda at: data(at) + 0.5 * reg * float((at["w"] ** 2).sum()), AT)
    return [cause.message for cause in caught.value.causes]


def test_gradients_in_the_wrong_order_are_named() -> None:
    scale = {"gamma": np.ones(3), "beta": np.ones(3)}
    weights = {"gamma": np.array([1.0, -2.0, 4.0]), "beta": np.array([0.5, 3.0, -1.0])}
    with pytest.raises(CheckFailure) as caught:
        assert_gradients(
            {"gamma": weights["beta"], "beta": weights["gamma"]},
            lambda at: float(sum((weights[name] * at[name]).sum() for name in weights)),
            scale,
        )
    assert caught.value.causes[0].message == "dgamma is what dbeta should be: are they returned in the right order?"


def test_a_gradient_that_is_another_one_which_is_right_is_not_put_down_to_their_order() -> None:
    with pytest.raises(CheckFailure) as caught:
        assert_gradients(
            {"gamma": np.array([0.5, 3.0]), "beta": np.array([0.5, 3.0])},
            lambda at: float(at["gamma"] @ [1.0, -2.0] + at["beta"] @ [0.5, 3.0]),
            {"gamma": np.ones(2), "beta": np.ones(2)},
        )
    assert (
        caught.value.causes[0].message
        == "dgamma is the same as dbeta, which is right: are both computed in the same way?"
    )


def test_missing_regularisation_is_named_by_its_direction() -> None:
    assert gradient_causes(0.3, w=RIGHT["w"]) == [
        "dw is short of a multiple of w itself: look at what regularisation adds to it"
    ]
    assert "dw is too large by a multiple of w" in gradient_causes(0.3, w=RIGHT["w"] + 0.6 * AT["w"])[0]


def test_the_only_gradient_that_is_wrong_is_named() -> None:
    wrong = RNG.standard_normal((6, 5))
    assert gradient_causes(w=wrong) == ["dw is the only one that is wrong, of dx and dw and db"]
    assert gradient_causes(w=wrong, b=RNG.standard_normal(5)) == []


def test_a_gradient_in_another_shape_is_named() -> None:
    assert gradient_causes(x=RIGHT["x"].reshape(2, 12))[0].startswith("dx is right but for its shape")
    assert gradient_causes(b=DOUT) == ["db is right once it is summed over axis 0"]
