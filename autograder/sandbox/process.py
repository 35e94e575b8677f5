"""A sandboxed worker process as the trusted side sees it: frames in and out within a time, and its end.

How it works
------------
Two pipes carry frames, a third whatever the worker prints. All three are non-blocking and are polled
together, so a worker that floods its output, reads nothing or answers nothing can neither block the grader
nor make it hold more than a bounded part. Nothing that the process does is believed: what it sends is
data, and how it ends is not a verdict.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import signal
import subprocess
import time
from collections.abc import Callable
from typing import Any

from autograder import scratch, starting
from autograder.errors import AutograderError
from autograder.sandbox import launch, watching
from autograder.sandbox.patience import Patience, Starvation
from autograder.sandbox.pausing import Pausing
from autograder.types import Limits
from autograder.worker import reader, wire

_PIPE_BYTES = 1 << 20
_READ_BYTES = 1 << 16
_START_S = 30.0
_LOOK_S = 0.25  # how often to look at what a worker has written


class SandboxEnded(Exception):
    """The worker is gone: it ended, or closed its side of the channel."""


class SandboxTimeout(Exception):
    """The worker did not answer in time."""


class SandboxOverfull(Exception):
    """The worker has written too much, which the message says."""


class Sandbox:
    """One worker process, started by the constructor and loading while others work. Who starts it must `kill` it."""

    def __init__(self, level: str, limits: Limits) -> None:
        self._limits = limits
        self._output = bytearray()
        self._output_lost = 0
        self._ready = False
        self.loaded = False  # has the files of a submission
        self._looked = 0.0
        self._inbox = reader.Inbox(self._read_into, limits.memory_mb << 20)
        self._level = level
        self._owner = os.getpid()
        self._requests = self._replies = self._printed = -1
        self._pausing: Pausing | None = None  # from when on there is student code
        try:
            with contextlib.ExitStack() as undo:
                self._scratch = scratch.make(level)
                undo.callback(self._scratch.remove)
                undo.callback(self.close)
                self._process = self._start()
                undo.pop_all()
        except OSError as error:
            raise AutograderError(f"cannot start a sandbox ({level}): {error}") from error
        self._starvation = Starvation(self._process.pid)
        self._patience = self.patience(_START_S)
        self._polls = {select.POLLIN: select.poll(), select.POLLOUT: select.poll()}
        self._polls[select.POLLIN].register(self._replies, select.POLLIN)
        self._polls[select.POLLOUT].register(self._requests, select.POLLOUT)
        for poll in self._polls.values():
            poll.register(self._printed, select.POLLIN)

    def _start(self) -> subprocess.Popen[bytes]:
        with contextlib.ExitStack() as theirs:
            requests, self._requests = _pipe(theirs, worker_reads=True)
            replies, self._replies = _pipe(theirs, worker_reads=False)
            printed, self._printed = _pipe(theirs, worker_reads=False)
            start = launch.launch(self._level, self._limits, self._scratch, (requests, replies))
            return starting.start(
                start.command,
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=printed,
                env=dict(start.environment),
                cwd="/" if self._scratch.own else self._scratch.path,
                pass_fds=(requests, replies),
                start_new_session=True,
            )

    def await_ready(self) -> None:
        """Wait until the worker has loaded and shut itself in.

        Raises
        ------
        AutograderError
            When it does not.
        """
        if self._ready:
            return
        try:
            self.receive(_nothing, self.patience(_START_S))
        except (SandboxEnded, SandboxTimeout, wire.WireError) as error:
            words = self.take_output()[0].strip().splitlines()[-1:] or [type(error).__name__]
            raise AutograderError(f"a sandbox did not start: {words[0]}") from error
        self._ready = True
        self._pausing = Pausing(self._starvation.worker())

    def was_left(self) -> None:
        """Note that another process has put a submission into this sandbox, and has read all that it said."""
        self._ready = self.loaded = True
        self._pausing = self._pausing or Pausing(self._starvation.worker())

    def patience(self, seconds: float) -> Patience:
        """Return the time of an answer that may take so many seconds, from now on."""
        return Patience(seconds, self._starvation)

    def send(self, message: Any, refer: Callable[[Any], Any], patience: Patience) -> None:
        """Send one message in the time that is left.

        Raises
        ------
        SandboxEnded, SandboxTimeout, SandboxOverfull
            When it is not taken.
        TypeError, ValueError
            When it cannot be sent, from `refer` and `wire.pack`; then nothing has been.
        """
        pieces = wire.pack(message, refer)
        if self._pausing:
            self._pausing.resume()
        for piece in pieces:
            rest = memoryview(piece)
            while rest:
                try:
                    rest = rest[os.write(self._requests, rest) :]
                except BlockingIOError:
                    self._wait(self._requests, select.POLLOUT, patience)
                except BrokenPipeError as error:
                    raise SandboxEnded from error

    def receive(self, resolve: Callable[[Any], Any], patience: Patience) -> Any:
        """Return the next message, if it comes in the time that is left.

        Raises
        ------
        SandboxEnded, SandboxTimeout, SandboxOverfull
            When none comes.
        autograder.worker.wire.WireError
            When what comes is not one.
        """
        self._patience = patience
        message = self._inbox.message(resolve)
        if self._pausing:
            self._pausing.pause()
        return message

    def excess(self) -> str:
        """Say what the worker has written too much of; nothing if all is well."""
        if self._scratch.own:
            return watching.excess_inside(self._scratch.path, self._process.pid)
        return watching.excess(self._scratch.written(), self._process.pid)

    def take_output(self) -> tuple[str, int]:
        """Return what the worker has printed since the last call, bounded, and how many bytes more; forget both."""
        self._drain()
        text, lost = bytes(self._output).decode("utf-8", "replace"), self._output_lost
        self._output.clear()
        self._output_lost = 0
        return text, lost

    def ended_by(self) -> str:
        """Say how the process ended, for a message."""
        if os.getpid() != self._owner:
            return "the process ended"
        try:
            code = self._process.wait(timeout=1.0)
        except subprocess.TimeoutExpired:
            return "the process closed its channel"
        in_shell_words = code - 128 if self._level == "bwrap" else 0
        number = -code if code < 0 else in_shell_words
        if number > 0:
            name = signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}"
            return f"the process was killed by {name}"
        return f"the process ended with exit code {code}"

    def kill(self) -> None:
        """End the process and all that it started. May be called again.

        Who has started it also removes its scratch folder, once it is certain that nothing writes there any more.
        """
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)  # it leads a session, hence a group, of its own
        if os.getpid() == self._owner:
            self._process.wait()
            self._scratch.remove()
        self.close()

    def close(self) -> None:
        """Let go of the descriptors, leaving the process alone."""
        if self._pausing:
            self._pausing.close()
        for name in ("_requests", "_replies", "_printed"):
            descriptor = getattr(self, name)
            if descriptor >= 0:
                os.close(descriptor)
                setattr(self, name, -1)

    def _read_into(self, view: memoryview) -> int:
        self._wait(self._replies, select.POLLIN, self._patience)
        got = os.readv(self._replies, [view])
        if not got:
            raise SandboxEnded
        return got

    def _wait(self, descriptor: int, event: int, patience: Patience) -> None:
        """Wait until `descriptor` is ready, draining the worker's output meanwhile."""
        poll = self._polls[event]
        while True:
            left = patience.left()
            self._look(at_once=left <= 0)
            if left <= 0:
                raise SandboxTimeout
            ready = poll.poll(min(left, _LOOK_S) * 1000)
            if any(one == descriptor for one, _ in ready):
                return
            if ready and not self._drain():
                for each in self._polls.values():
                    each.unregister(self._printed)

    def _look(self, *, at_once: bool) -> None:
        """Look at what the worker has written, now and then while waiting for it or `at_once`."""
        now = time.monotonic()
        if at_once or now - self._looked > _LOOK_S:
            self._looked = now
            if words := self.excess():
                raise SandboxOverfull(words)

    def _drain(self) -> bool:
        """Read some of what the worker printed; return whether there was any."""
        limit = int(self._limits.output_mb * (1 << 20))
        for _ in range(64):
            try:
                data = os.read(self._printed, _READ_BYTES)
            except BlockingIOError:
                return True
            if not data:
                return False
            room = max(0, limit - len(self._output))
            self._output += data[:room]
            self._output_lost += max(0, len(data) - room)
        return True


def _nothing(ref: Any) -> Any:
    raise wire.WireError("a handle before there was anything to refer to")


def _pipe(theirs: contextlib.ExitStack, *, worker_reads: bool) -> tuple[int, int]:
    """Return (the worker's end, our end) of a pipe; theirs is closed with `theirs`, ours is non-blocking and wide."""
    read, write = os.pipe2(os.O_CLOEXEC)
    worker, own = (read, write) if worker_reads else (write, read)
    theirs.callback(os.close, worker)
    os.set_blocking(own, False)
    with contextlib.suppress(PermissionError):  # an account that has used up its share of wide pipes gets narrow ones
        fcntl.fcntl(own, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    return worker, own
