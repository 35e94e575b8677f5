"""The seconds that a check may spend on training, whoever trains: a notebook's cells, the course's Solver, a model."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator


class Stopwatch:
    """Counts down while something runs."""

    def __init__(self, budget_s: float) -> None:
        self.budget_s = budget_s
        self._used_s = 0.0
        self._started: float | None = None

    def left(self) -> float:
        """Return the seconds that are left; negative when more was used."""
        running = time.monotonic() - self._started if self._started is not None else 0.0
        return self.budget_s - self._used_s - running

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Count the time that passes within."""
        self._started = time.monotonic()
        try:
            yield
        finally:
            self._used_s += time.monotonic() - self._started
            self._started = None
