"""Training in the sandbox, watched from here: stopped early where it leads nowhere, with the loss curve kept.

A run is driven in slices of iterations. The losses that come back are data of the submission's: they decide when to
stop and are shown in plots, and never what a model is worth.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.accuracy import records
from autograder.accuracy.sandboxed import Inside
from autograder.accuracy.stopwatch import Stopwatch
from autograder.checks import CheckFailure, remark
from autograder.types import Training

_DIVERGED_TIMES = 3.0  # times the first cost
_RECENT = 10  # iterations whose mean is the cost now: one minibatch says little
_STALLED_ITERATIONS = 400  # from when on a loss that has not fallen will not
_STALLED_SHARE = 0.5  # and at least so much of the planned iterations
_FALLEN = 0.995  # times the first cost: less than that is not falling
_SLICE_S = 2.0
_SLICE = 50  # iterations
_POINTS = 300  # of a loss curve that is kept


class Trainer:
    """What a suite's fixture `training` does."""

    def __init__(self, inside: Inside, stopwatch: Stopwatch) -> None:
        self._inside, self._stopwatch = inside, stopwatch
        self._seed = 0
        self._longest_s = 0.0

    def seed(self, number: int) -> None:
        """Start the submission's random numbers anew; `number` is recorded with the next training."""
        self._seed = number
        self._inside.seed(number)

    def time_for_another(self) -> bool:
        """Tell whether a training as long as the longest so far fits into what is left of the budget."""
        return 1.1 * self._longest_s < self._stopwatch.left()

    def with_solver(self, model: Any, data: Mapping[str, Any], *, epochs: int, **settings: Any) -> Training:
        """Train `model` by the course's `utils.solver.Solver` with these settings of it.

        Raises
        ------
        CheckFailure
            When training diverges. What stalls or exceeds the budget is stopped, remarked on, and kept as it is.
        """
        from utils.solver import Solver  # type: ignore[import-not-found]  # a stand-in where a submission is graded

        solver = Solver(model, dict(data), num_epochs=epochs, verbose=False, **settings)
        length = max(len(data["X_train"]) // settings.get("batch_size", 100), 1)
        return self._watch(self._inside.with_solver(solver), epochs * length)

    def with_method(
        self,
        model: Any,
        data: Mapping[str, Any],
        *,
        epochs: int,
        learning_rate_decay: float = 0.95,
        batch_size: int = 200,
        **settings: Any,
    ) -> Training:
        """Train a model by its own ``train(X, y, X_val, y_val, ...)``, as `nndl.neural_net.TwoLayerNet` has it."""
        chosen = {**settings, "batch_size": batch_size}
        run = self._inside.with_method(model, dict(data), chosen, learning_rate_decay, epochs)
        return self._watch(run, epochs * max(len(data["X_train"]) // batch_size, 1))

    def in_one_call(self, model: Any, X: Any, y: Any, *, num_iters: int, **settings: Any) -> Training:
        """Train a model by its own ``train(X, y, ...)``, which returns a list of losses, as linear classifiers have it.

        Many begin with new weights in every call, so it is one call, and looked at when it has ended.
        """
        return self._watch(self._inside.in_one_call(model, X, y, {**settings, "num_iters": num_iters}), num_iters)

    def _watch(self, run: Any, planned: int) -> Training:
        losses: list[float] = []
        before = self._stopwatch.left()
        ended = "broken off"
        try:
            with self._stopwatch.running():
                while ended == "broken off":
                    left = self._stopwatch.left()
                    got, finished = run.advance(_SLICE if losses else _RECENT, min(_SLICE_S, max(left, 0.1)))
                    losses += _numbers(got)
                    trouble = _trouble(losses, planned)
                    ended = "finished" if finished and trouble != "diverged" else trouble or ended
                    if ended == "broken off" and left <= 0:
                        ended = "over budget"
                if ended not in ("finished", "diverged"):
                    run.stop()
        finally:
            seconds = before - self._stopwatch.left()
            training = _record(ended, losses, seconds, self._seed)
            records.trained(training)
            self._longest_s = max(self._longest_s, seconds)
        self._tell(training, losses, planned)
        return training

    def _tell(self, training: Training, losses: list[float], planned: int) -> None:
        done = f"after {training.iterations} of {planned} iterations"
        if training.ended == "diverged":
            raise CheckFailure(f"training diverged: the loss went from {losses[0]:.3g} to {losses[-1]:.3g} {done}")
        if training.ended == "stalled":
            remark("training", f"training was stopped {done}: the loss did not fall")
        if training.ended == "over budget":
            remark("training", f"training was stopped {done}: its {self._stopwatch.budget_s:g} s were used up")


def _trouble(losses: list[float], planned: int) -> str:
    """Return `diverged` or `stalled` where the losses so far show it, else an empty text."""
    recent = float(np.mean(losses[-_RECENT:]))
    if not all(map(math.isfinite, losses)) or recent > _DIVERGED_TIMES * losses[0]:
        return "diverged"
    enough = len(losses) >= max(_STALLED_ITERATIONS, _STALLED_SHARE * planned)
    first = max(losses[0], float(np.mean(losses[:_RECENT])))
    if enough and float(np.mean(losses[-len(losses) // 4 :])) > _FALLEN * first:
        return "stalled"
    return ""


def _numbers(got: Any) -> list[float]:
    if type(got) is not list or not all(type(value) is float for value in got):
        raise CheckFailure("the losses of a training run are not a list of numbers")
    return got


def _record(ended: str, losses: list[float], seconds: float, seed: int) -> Training:
    stride = max(1, math.ceil(len(losses) / _POINTS))
    means = [float(np.mean(losses[start : start + stride])) for start in range(0, len(losses), stride)]
    return Training(
        ended=ended,
        iterations=len(losses),
        seconds=round(seconds, 2),
        seed=seed,
        losses=tuple(mean if math.isfinite(mean) else None for mean in means),
        stride=stride,
    )
