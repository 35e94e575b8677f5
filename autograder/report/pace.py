"""How far the grading of a class is, how long the rest will take, and who takes long: arithmetic with a clock."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from autograder.rows import Row
from autograder.types import Verdict

_FIRST_S = 1.0  # nothing is said before so much time
_MOST_RUNNING = 3


class Pace:
    """What is known of a class that is being graded.

    What remains is estimated from the time that the part which was graded took. A hand-in's share in the work is the
    seconds that it took before, or the mean of those; one that need not be graded has none.
    """

    def __init__(
        self, names: Sequence[str], expected: Mapping[str, float], clock: Callable[[], float] = time.monotonic
    ) -> None:
        usual = sum(expected.values()) / len(expected) if any(expected.values()) else 1.0
        self.total, self.done, self.graded = len(names), 0, 0
        self.verdicts: Counter[Verdict] = Counter()
        self._shares = {name: expected.get(name, usual) for name in names}
        self._left, self._worked = sum(self._shares.values()), 0.0
        self._running: dict[str, float] = {}
        self._clock = clock
        self._started: float | None = None

    def begun(self, name: str) -> None:
        """Take note that a hand-in is being graded."""
        self._running.setdefault(name, self._clock())
        if self._started is None:
            self._started = self._clock()

    def finished(self, name: str, row: Row) -> None:
        """Take note of a result."""
        self.done += 1
        self.verdicts.update(dict(row.verdicts))
        share = self._shares.pop(name, 0.0)
        self._left -= share
        if self._running.pop(name, None) is not None:
            self.graded += 1
            self._worked += share

    def remaining_s(self) -> float | None:
        """Return how long the rest will take; None while nobody knows."""
        if self.done == self.total:
            return 0.0
        took = self._clock() - self._started if self._started is not None else 0.0
        if not self._worked or took < _FIRST_S:
            return None
        return max(0.0, self._left) * took / self._worked

    def running(self) -> list[tuple[str, float]]:
        """Return who is being graded and for how many seconds, those first who take longest; no more than a few."""
        now = self._clock()
        longest = sorted(self._running.items(), key=lambda item: item[1])[:_MOST_RUNNING]
        return [(name, now - since) for name, since in longest]


def in_words(seconds: float) -> str:
    """Return ``41 s``, ``12 min`` or ``3 h 5 min``, rounded up."""
    whole = max(1, round(seconds + 0.5))
    if whole < 120:
        return f"{whole} s"
    minutes = -(-whole // 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"
