"""Student code runs only while it is asked for something.

Between two requests the suite computes, which data may prolong, and nobody looks at what a thread of the submission's
does meanwhile: it would write files, compute at the cost of others, or wait for another sandbox. So the kernel stops
the worker when a reply has come, and continues it for the next request.
"""

from __future__ import annotations

import contextlib
import os
import signal


class Pausing:
    """Stops and continues process `pid`; does nothing where the kernel offers no handle of a process that is safe."""

    def __init__(self, pid: int) -> None:
        self._handle = -1
        with contextlib.suppress(OSError):  # a container may refuse it
            self._handle = os.pidfd_open(pid)  # unlike its number, it can never mean another process

    def pause(self) -> None:
        """Stop the process with all its threads."""
        self._send(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        self._send(signal.SIGCONT)

    def close(self) -> None:
        """Let go of the process. May be called again."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def _send(self, number: signal.Signals) -> None:
        if self._handle >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, number)
