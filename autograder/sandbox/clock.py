"""How much of its time a submission has used, in the running check and altogether.

A function that did not come back in time once is waited for less long from then on: what it is given may
differ, but a loop that does not end should not use up the time of everything else.
"""

from __future__ import annotations

from autograder.sandbox import faults
from autograder.types import Limits, Verdict

_SHARE_AFTER_TIMEOUT = 0.1  # of a check's time, for a function that was late
_SHARE_OF_OTHERS = 0.25  # for every other function after that: many may be late because of the same loop


class Clock:
    """Counts only the time that the submission's code takes. All sessions of a submission share one."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._check_time_s = limits.check_time_s
        self._used_s = self._check_used_s = 0.0
        self._late: set[str] = set()

    def begin_check(self, time_s: float | None = None) -> None:
        """Give the next check its full time, or `time_s` of it."""
        self._check_used_s = 0.0
        self._check_time_s = self._limits.check_time_s if time_s is None else min(time_s, self._limits.check_time_s)

    def spend(self, seconds: float) -> None:
        """Count `seconds` of the submission's time."""
        self._used_s += seconds
        self._check_used_s += seconds

    def used_in_check(self) -> float:
        """Return how many seconds the submission has taken in the running check."""
        return self._check_used_s

    def left(self, function: str = "") -> float:
        """Return how many seconds a request may take, which is about `function` if it is a call.

        Raises
        ------
        faults.StudentFault
            When none are left.
        """
        left = min(self._check_time_s - self._check_used_s, self._limits.time_s - self._used_s)
        if left <= 0:
            raise self.timeout()
        if not self._late:
            return left
        share = _SHARE_AFTER_TIMEOUT if function in self._late else _SHARE_OF_OTHERS
        return min(left, self._check_time_s * share)

    def timeout(self, function: str = "") -> faults.StudentFault:
        """Return the fault of a submission that has used up its time, saying which."""
        if function in self._late:
            words = f"{function.rpartition('.')[2]} did not come back in time again"
            return faults.StudentFault(Verdict.TIMEOUT, words)
        again = bool(self._late)
        self._late |= {function} - {""}
        if self._limits.time_s - self._used_s <= self._check_time_s - self._check_used_s:
            words = f"the whole submission's time of {self._limits.time_s:.3g} s was used up"
        else:
            within = "in time" if again else f"within {self._check_time_s:.3g} s"
            words = f"no answer {within}: is there a loop that does not end?"
        return faults.StudentFault(Verdict.TIMEOUT, words)
