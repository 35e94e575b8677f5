"""Gradient checks: right gradients pass at every scale, and a wrong one is found and named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from autograder.checks import (
    CheckFailure,
    assert_gradients,
    assert_gradients_along,
    directional_derivative,
    numeric_gradient,
    weigh,
)

Arrays = dict[str, np.ndarray[Any, Any]]


def layer(x: Any, w: Any, b: Any) -> tuple[Any, None]:
    return np.tanh(x @ w + b), None


def problem(size: int = 3, outputs: int = 4) -> tuple[Arrays, Any, Arrays]:
    """Return arrays, the gradient by the output, and the right gradients."""
    rng = np.random.default_rng(7)
    at = {"x": rng.standard_normal((2 * size, size)), "w": rng.standard_normal((size, outputs)) / np.sqrt(size)}
    at["b"] = rng.standard_normal(outputs)
    dout = rng.standard_normal((2 * size, outputs))
    da = dout * (1 - layer(**at)[0] ** 2)
    return at, dout, {"x": da @ at["w"].T, "w": at["x"].T @ da, "b": da.sum(axis=0)}


def along(at: Arrays, dout: Any, gradients: Mapping[str, object], **settings: Any) -> None:
    assert_gradients_along(gradients, weigh(layer, dout), at, np.random.default_rng(1), **settings)


def test_numeric_gradient_is_the_gradient() -> None:
    at, dout, gradients = problem()
    for name, gradient in gradients.items():
        assert np.allclose(numeric_gradient(weigh(layer, dout), at, name), gradient, rtol=1e-7, atol=1e-9)


def test_numeric_gradient_takes_integers_and_changes_nothing() -> None:
    at = {"x": np.array([[1, -2], [3, 4]])}
    gradient = numeric_gradient(lambda arrays: float((arrays["x"] ** 2).sum()), at, "x")
    assert np.allclose(gradient, [[2, -4], [6, 8]])
    assert at["x"].tolist() == [[1, -2], [3, 4]]


def test_directional_derivative_holds_other_arrays_fixed() -> None:
    at = {"x": np.array([3.0]), "y": np.array([5.0])}
    slope = directional_derivative(lambda arrays: float(arrays["x"][0] * arrays["y"][0]), at, {"x": np.array([2.0])})
    assert slope == pytest.approx(10)


def test_weigh_keeps_dout_as_it_was_and_takes_a_function_without_cache() -> None:
    dout = np.array([1.0, 2.0])
    loss = weigh(lambda x: 3 * x, dout)
    dout[:] = 0
    assert loss({"x": np.array([1.0, 1.0])}) == 9


def test_weigh_rejects_dout_of_another_shape() -> None:
    with pytest.raises(ValueError, match=r"dout has shape \(2,\), the output has shape \(1, 2\)"):
        weigh(lambda x: x, np.ones(2))({"x": np.ones((1, 2))})


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_right_gradients_pass_both_ways(dtype: Any) -> None:
    at, dout, gradients = problem(40, 30)
    along(at, dout, {name: gradient.astype(dtype) for name, gradient in gradients.items()})
    at, dout, gradients = problem()
    given: Mapping[str, object] = {name: gradient.astype(dtype) for name, gradient in gradients.items()}
    assert_gradients(given, weigh(layer, dout), at)


def test_gradient_of_a_vector_may_be_a_row() -> None:
    at, dout, gradients = problem()
    gradients["b"] = gradients["b"][np.newaxis]
    assert_gradients(gradients, weigh(layer, dout), at)
    along(at, dout, gradients)


def wrong(kind: str, gradient: Any) -> object:
    changed = gradient.copy()
    changed.flat[-1] += 0.01
    huge, hole = gradient.copy(), gradient.copy()
    huge.flat[0], hole.flat[0] = 1e200, np.nan
    return {
        "twice": 2 * gradient,
        "zeros": 0 * gradient,
        "negative": -gradient,
        "one entry": changed,
        "huge": huge,
        "NaN": hole,
        "flat": gradient.ravel(),
        "None": None,
    }[kind]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("twice", "grads['w'] is twice what was expected"),
        ("zeros", "grads['w'] is all zeros"),
        ("negative", "grads['w'] is the negative of what was expected"),
        ("one entry", "grads['w'] is wrong: 1 of 12 entries differs, most at [2, 3]"),
        ("huge", "grads['w'] is wrong: 1 of 12 entries differs, most at [0, 0], where yours is 1e+200"),
        ("NaN", "grads['w'] has 1 NaN among 12 entries"),
        ("flat", "grads['w'] has shape (12,), w has shape (3, 4): gradients have the shape of what they belong to"),
        ("None", "grads['w'] is None, an array was expected"),
    ],
)
def test_wrong_gradient_is_named_at_small_shapes(kind: str, words: str) -> None:
    at, dout, gradients = problem()
    given: Mapping[str, object] = {**gradients, "w": wrong(kind, gradients["w"])}
    with pytest.raises(CheckFailure) as caught:
        assert_gradients(given, weigh(layer, dout), at, label="grads[{!r}]")
    assert caught.value.message.startswith(words)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("twice", "dw is twice what was expected"),
        ("zeros", "dw is all zeros"),
        ("negative", "dw is the negative of what was expected"),
        ("one entry", "dw is wrong"),
        ("huge", "dw is wrong"),
        ("NaN", "dw has 1 NaN among 1200 entries"),
        ("flat", "dw has shape (1200,), w has shape (40, 30): gradients have the shape of what they belong to"),
        ("None", "dw is None, an array was expected"),
    ],
)
def test_wrong_gradient_is_named_at_large_shapes(kind: str, words: str) -> None:
    at, dout, gradients = problem(40, 30)
    with pytest.raises(CheckFailure) as caught:
        along(at, dout, {**gradients, "w": wrong(kind, gradients["w"])})
    assert caught.value.message == words


def test_wrong_bias_gradient_is_found_beside_large_weights() -> None:
    at, dout, gradients = problem(100, 80)
    gradients["b"] = 1.01 * gradients["b"]
    with pytest.raises(CheckFailure, match="db is wrong"):
        along(at, dout, gradients)


def test_layer_of_zeros_has_no_right_gradient() -> None:
    at, dout, gradients = problem()
    zeros: Mapping[str, object] = {name: 0 * gradient for name, gradient in gradients.items()}
    with pytest.raises(CheckFailure, match="dx is all zeros"):
        assert_gradients(zeros, weigh(layer, dout), at)
