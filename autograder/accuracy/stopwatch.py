"""The seconds that a check may spend on training, whoever trains: a notebook's cells, the course's Solver, a model."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator


class Stopwatch:
    """Counts down while something runs, by `clock`: that of a sandbox leaves out what other programs take."""

    def __init__(self, budget_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.budget_s = budget_s
        self._clock = clock
        self._used_s = 0.0
        self._started: float | None = None

    def left(self) -> float:
        """Return the seconds that are left; negative when more was used."""
        running = self._clock() - self._started if self._started is not None else 0.0
        return self.budget_s - self._used_s - running

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Count the time that passes within."""
        self._started = self._clock()
        try:
            yield
        finally:
            self._used_s += self._clock() - self._started
            self._started = None
