"""How much the trusted side itself may compute for one check.

What a submission returns may be costly to compare, to convert or to print, and a loop over it may not end. The
time that the submission takes has limits of its own; this one counts the processor time of the process that grades, so
that neither waiting nor a busy machine uses it up. What goes on regardless, in a single call of a C function, the
kernel ends, and the process with it.
"""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator

from autograder.types import Limits

_SHARE_AFTER_OVERRUN = 1 / 3  # or a submission could have it for each of its checks
_TIMES_IN_C, _MORE_IN_C_S = 1.25, 1.0  # of that time, for a call that is about to end by itself

ENDED_BY = signal.SIGVTALRM  # what the kernel sends when the virtual timer runs out


class Overrun(BaseException):
    """The check has computed for too long; not an Exception, which a suite might handle."""


@contextlib.contextmanager
def uncounted() -> Iterator[None]:
    """Let the clock stand still for work of the suite alone, which is the same whatever was submitted."""
    left = [(timer, signal.setitimer(timer, 0)) for timer in (signal.ITIMER_PROF, signal.ITIMER_VIRTUAL)]
    try:
        yield
    finally:
        for timer, (seconds, interval_s) in left:
            signal.setitimer(timer, seconds, interval_s)


class OwnTime:
    """The processor time that checks of one submission may take: each as much as it may wait for the submission."""

    def __init__(self, limits: Limits) -> None:
        self._seconds = limits.check_time_s
        self._overran = False

    @contextlib.contextmanager
    def of_a_check(self) -> Iterator[None]:
        """Raise `Overrun` in what runs within, once it has taken too long; end this process if that does not help."""
        signal.signal(signal.SIGPROF, self._overrun)
        again_s = 1.0  # where nothing can be raised, as in a weak reference's callback, the first goes astray
        signal.setitimer(signal.ITIMER_PROF, self._seconds, again_s)
        signal.signal(ENDED_BY, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_VIRTUAL, self._seconds * _TIMES_IN_C + _MORE_IN_C_S)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)

    def _overrun(self, *_: object) -> None:
        if not self._overran:
            self._overran = True
            self._seconds *= _SHARE_AFTER_OVERRUN
        raise Overrun
