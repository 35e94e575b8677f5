"""Training that the grader drives in slices, so that it can look at the loss and stop: runs inside the sandbox.

Nothing here is trusted by the other side. What it gives back is data: losses, and whether training has ended.
"""

from __future__ import annotations

import random
import time
from collections.abc import Generator
from typing import Any

import numpy as np

Losses = Generator[list[float], None, None]


def seed(number: int) -> None:
    """Start every global generator anew."""
    np.random.seed(number % (1 << 32))
    random.seed(number)


def with_solver(solver: Any) -> Run:
    """Return a run of the course's `Solver`, paused after every iteration."""
    return Run([loss] for loss in solver.train_steps())


def with_method(model: Any, data: dict[str, Any], settings: dict[str, Any], decay: float, epochs: int) -> Run:
    """Return a run of a model that has ``train(X, y, X_val, y_val, ...)``, paused after every epoch."""
    return Run(_epochs(model, data, settings, decay, epochs))


def in_one_call(model: Any, X: Any, y: Any, settings: dict[str, Any]) -> Run:
    """Return a run of a model that has ``train(X, y, ...)`` and returns its losses; it is not paused."""
    return Run(list(model.train(X, y, verbose=False, **settings)) for _ in range(1))


class Run:
    """A training run. `losses` yields those of the next iterations, a list at a time."""

    def __init__(self, losses: Losses) -> None:
        self._losses = losses

    def advance(self, iterations: int, seconds: float) -> tuple[list[float], bool]:
        """Train on for about so many iterations or seconds; return the losses, and whether that was the end."""
        started, found = time.monotonic(), list[float]()
        for losses in self._losses:
            found += losses
            if len(found) >= iterations or time.monotonic() - started > seconds:
                return [float(loss) for loss in found], False
        return [float(loss) for loss in found], True

    def stop(self) -> None:
        """End before the end; a solver gives its model the best parameters so far."""
        self._losses.close()


def _epochs(model: Any, data: dict[str, Any], settings: dict[str, Any], decay: float, epochs: int) -> Losses:
    parts = [data[name] for name in ("X_train", "y_train", "X_val", "y_val")]
    rate = settings["learning_rate"]
    length = max(len(parts[0]) // settings["batch_size"], 1)
    for epoch in range(epochs):
        now = {**settings, "learning_rate": rate * decay**epoch, "learning_rate_decay": 1.0, "num_iters": length}
        yield list(model.train(*parts, verbose=False, **now)["loss_history"])
