"""How long a worker's answer is waited for: by the clock, less what others on a busy machine took of it.

How it works
------------
The kernel counts for every process how long it was ready to run while something else had the processor. That time of
the worker, and of this process, for which the worker may be waiting, is not the submission's: it is added to its limit
and not counted as used, up to a few times the limit, as a submission could keep itself from running by threads.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path

_MOST_TIMES = 3  # the limit, by the clock
_WORTH_A_LOOK_S = 0.1


class Starvation:
    """Tells how long the youngest descendant of process `pid`, or itself, and this process have waited to run."""

    def __init__(self, pid: int) -> None:
        self._process = pid
        self._seen_s = {"worker": 0.0, "self": 0.0}

    def __call__(self) -> float:
        """Return the seconds since the last call, as far as that can be known."""
        return self._since("worker", self.worker()) + self._since("self", "self")

    def _since(self, who: str, process: int | str) -> float:
        before = self._seen_s[who]
        with contextlib.suppress(OSError, IndexError, ValueError):  # it has ended, or this kernel does not tell
            self._seen_s[who] = int(Path(f"/proc/{process}/schedstat").read_text().split()[1]) / 1e9
        return max(0.0, self._seen_s[who] - before)

    def worker(self) -> int:
        """Return the number of the process that is asked about."""
        with contextlib.suppress(OSError):
            self._descend()
        return self._process

    def _descend(self) -> None:
        """Go from bubblewrap, which only waits, to the worker."""
        while children := Path(f"/proc/{self._process}/task/{self._process}/children").read_text().split():
            self._process, self._seen_s["worker"] = int(children[0]), 0.0


class Patience:
    """The time for one answer; starts with its construction."""

    def __init__(self, limit_s: float, starved: Callable[[], float]) -> None:
        self._limit_s, self._starved = limit_s, starved
        self._started = time.monotonic()
        self._excused_s = 0.0

    def left(self) -> float:
        """Return how many seconds are left; 0 or less if none."""
        left = self._limit_s + self._excused_s - self._elapsed()
        return left if left > 0 else self._limit_s + self._excuse() - self._elapsed()

    def used(self) -> float:
        """Return how many seconds the worker has used."""
        elapsed = self._elapsed()
        return elapsed - min(elapsed, self._excuse()) if elapsed > _WORTH_A_LOOK_S else elapsed

    def _elapsed(self) -> float:
        return time.monotonic() - self._started

    def _excuse(self) -> float:
        most = min(self._elapsed(), (_MOST_TIMES - 1) * self._limit_s)
        self._excused_s = min(self._excused_s + self._starved(), most)
        return self._excused_s
