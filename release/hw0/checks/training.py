"""What a training run must have achieved, measured by the suite from what the model answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from . import recorder
from .closeness import Array, as_array, assert_finite
from .exhibits import show_curve
from .failure import CheckFailure


def accuracy(predicted: object, labels: npt.NDArray[Any], name: str = "y_pred") -> float:
    """Return the fraction of predicted labels that are right.

    Raises
    ------
    CheckFailure
        If there is not one number for each label.
    """
    array = as_array(predicted, name)
    if array.shape != labels.shape:
        raise CheckFailure(f"{name} has shape {array.shape}, a label was expected for each of {len(labels)}")
    return float(np.mean(array == labels))


def accuracy_of_scores(scores: object, labels: npt.NDArray[Any], name: str = "scores") -> float:
    """Return the fraction of examples whose right class has the highest score; `scores` is (N, C).

    Raises
    ------
    CheckFailure
        If there is not a row of finite numbers for each label.
    """
    array = as_array(scores, name)
    if array.ndim != 2 or len(array) != len(labels):
        raise CheckFailure(f"{name} has shape {array.shape}, a row was expected for each of {len(labels)} examples")
    assert_finite(array, name)
    return float(np.mean(array.argmax(axis=1) == labels))


def log_probabilities(scores: object, count: int, name: str = "scores") -> Array:
    """Return the logarithms of the class probabilities that a model's answer means, (N, C).

    The answer may be scores up to a constant, log-probabilities or, where all rows lie between 0 and 1 and add up
    to 1, probabilities.

    Raises
    ------
    CheckFailure
        If it is not a row of finite numbers for each of `count` examples.
    """
    array = as_array(scores, name)
    if array.ndim != 2 or len(array) != count:
        raise CheckFailure(f"{name} has shape {array.shape}, a row was expected for each of {count} examples")
    assert_finite(array, name)
    array = array.astype(np.float64)
    if (array >= 0).all() and np.allclose(array.sum(axis=1), 1, atol=1e-4):
        array = np.log(np.maximum(array, np.finfo(np.float32).tiny))
    shifted = array - array.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))


def assert_history(history: object, length: int, name: str = "loss_history") -> Array:
    """Return the numbers noted during training, one for each of `length` iterations.

    Raises
    ------
    CheckFailure
        If there are more or fewer, or some are not finite numbers.
    """
    if not isinstance(history, Iterable) or isinstance(history, str | dict):
        raise CheckFailure(f"{name} is a {type(history).__name__}, a list of numbers was expected")
    numbers = np.array([_number(value, name) for value in history])
    if len(numbers) != length:
        twice = ": is each noted twice?" if len(numbers) == 2 * length else ""
        raise CheckFailure(f"{name} has {len(numbers)} entries after {length} iterations{twice}")
    show_curve(numbers, name)
    assert_finite(numbers, name)
    recorder.held()
    return numbers


def assert_falls(history: Array, factor: float, name: str = "loss_history") -> None:
    """Check that the last tenth of `history` is on average below `factor` times the first tenth."""
    tenth = max(len(history) // 10, 1)
    first, last = float(history[:tenth].mean()), float(history[-tenth:].mean())
    if not last < factor * first:
        raise CheckFailure(f"{name} goes from {first:.4g} to {last:.4g}: the model does not learn")


def _number(value: object, name: str) -> float:
    array = as_array(value, f"an entry of {name}")
    if array.size != 1:
        raise CheckFailure(f"an entry of {name} has shape {array.shape}, a number was expected")
    return float(array.reshape(()))
