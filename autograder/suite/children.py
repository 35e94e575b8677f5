"""Forks of the suite's process: each does one piece of work, says what it finds, and ends whatever happens."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from autograder.sandbox import Sandbox
from autograder.suite import budget
from autograder.types import Limits

_GRACE_S = 60.0  # for what the suite itself computes in one check, and
_TIMES = 6  # what it may wait for the submission, since a busy machine prolongs both
_MEMORY_TIMES = 4  # what a submission may use; enough for the suite, not for whatever data makes it compute
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36


@dataclass(eq=False)
class Child:
    """A forked process, as its parent sees it."""

    pid: int
    stream: int
    sandbox: Sandbox | None  # the parent started it and has to wait for it
    patience_s: float
    deadline: float = 0.0
    late: bool = False
    overran: bool = False  # whether it was ended because it computed for too long
    said: bytearray = field(default_factory=bytearray)

    def __post_init__(self) -> None:
        self.deadline = time.monotonic() + self.patience_s

    def hear(self) -> bool:
        """Take what the child has said; return False when it has ended."""
        data = os.read(self.stream, 1 << 20)
        self.said += data
        self.deadline = time.monotonic() + self.patience_s
        return bool(data)

    def stop_if_late(self) -> None:
        """Kill the child if it has not said anything for too long; its stream ends then."""
        if time.monotonic() > self.deadline and not self.late:
            self.late = True
            os.kill(self.pid, signal.SIGKILL)

    def end(self, *, leave: bool = False) -> None:
        """Kill the child if it lives, and clean up after it; `leave` its sandbox alone."""
        os.kill(self.pid, signal.SIGKILL)  # nobody has waited for it, so the number is still its own
        _, status = os.waitpid(self.pid, 0)
        self.overran = os.WIFSIGNALED(status) and os.WTERMSIG(status) == budget.ENDED_BY
        os.close(self.stream)
        if self.sandbox is not None and not leave:
            self.sandbox.kill()


def start(
    work: Callable[[BinaryIO], None], limits: Limits, sandbox: Sandbox | None = None, *, lent: bool = False
) -> Child:
    """Fork a child that does `work`, which says what it finds on the stream that it is given.

    `sandbox`, if any, is the child's from now on, or until its end if it is `lent`.
    """
    parent = os.getpid()
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        _work_and_exit(work, limits, write, parent)
    os.close(write)
    if sandbox is not None and not lent:
        sandbox.close()
    return Child(pid, read, sandbox, limits.check_time_s * _TIMES + _GRACE_S)


def _work_and_exit(work: Callable[[BinaryIO], None], limits: Limits, stream: int, parent: int) -> None:
    code = 1
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        die_with(parent, signal.SIGKILL)
        _limit_memory(limits)
        with open(stream, "wb") as sink:
            try:
                work(sink)
            except budget.Overrun:  # raised where pytest was not ready for it: between the phases of a check
                signal.signal(budget.ENDED_BY, signal.SIG_DFL)
                os.kill(os.getpid(), budget.ENDED_BY)
        code = 0
    except Exception:  # noqa: BLE001 (the parent sees that it ended early; the trace is in its log)
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stderr.flush()
        os._exit(code)


def die_with(parent: int, how: signal.Signals) -> None:
    """Have the kernel send this process `how` when its parent ends, which may already have happened."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, how)
    if os.getppid() != parent:
        os.kill(os.getpid(), how)


def _limit_memory(limits: Limits) -> None:
    """Make an allocation that data from a sandbox has blown up an error of the check, instead of the machine's end."""
    now = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    allowed = now + _MEMORY_TIMES * (limits.memory_mb << 20)
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    if soft == resource.RLIM_INFINITY or allowed < soft:
        resource.setrlimit(resource.RLIMIT_AS, (allowed, hard))  # a sandbox sets its own, up to the hard limit


def adopt_orphans() -> None:
    """Become the parent of every process below this one whose own parent ends."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)


def end_all() -> None:
    """Kill and reap every child, adopted ones and their children too."""
    listed = Path(f"/proc/self/task/{os.getpid()}/children")
    while children := [int(pid) for pid in listed.read_text().split()]:
        for pid in children:
            os.kill(pid, signal.SIGKILL)
        for pid in children:
            os.waitpid(pid, 0)
