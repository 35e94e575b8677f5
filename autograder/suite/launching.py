"""Starts a suite's process, as early as a command can: it has much to load, and needs to know nothing for that."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from autograder import scratch, starting

_PATIENCE_S = 10.0
# sandboxes may be about to end, and write still
_JANITOR = (
    'read -r _; [ -e "$1" ] || exit 0; for _ in 1 2 3; do chmod -R u+rwx "$1"; rm -rf "$1" && exit; sleep 1; done'
)


class Folder:
    """An empty folder for everything temporary, which is gone when `remove` is called and when nobody is left to.

    A janitor process waits for the end of a pipe, whose other end the processes of the grader `hold`. It is in a
    session of its own, so that what ends those does not end it.
    """

    def __init__(self) -> None:
        self.path = tempfile.mkdtemp(prefix="autograder-")
        end, self.hold = os.pipe()
        self._janitor = subprocess.Popen(
            ["/bin/sh", "-c", _JANITOR, "janitor", self.path],
            stdin=end,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
        )
        os.close(end)
        Path(self.path).chmod(0o711)  # sandboxes run as other accounts

    def remove(self) -> None:
        """Remove the folder with all that is in it, and let the janitor go. May be called again."""
        if self.hold >= 0:
            scratch.remove(self.path)
            os.close(self.hold)
            self.hold = -1
            self._janitor.wait()


class HostProcess:
    """The process of `autograder.suite.host`, waiting for its `Setup`. A context manager that ends it."""

    def __init__(self) -> None:
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 (closed by `end`)
        self._folder = Folder()
        self._process = starting.start(
            [sys.executable, "-P", "-m", "autograder.suite.host", str(os.getpid()), self._folder.path],
            pass_fds=[self._folder.hold],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=_environment(),
        )

    @property
    def source(self) -> IO[bytes] | None:
        """Where it reads messages."""
        return self._process.stdin

    @property
    def sink(self) -> IO[bytes] | None:
        """Where it writes messages."""
        return self._process.stdout

    def log(self) -> str:
        """Return what it has printed."""
        self._log.seek(0)
        return self._log.read().decode("utf-8", "replace")

    def ask_to_end(self) -> None:
        """Have the process end, and with it whatever it has started, without waiting for that."""
        self._process.terminate()

    def end(self) -> None:
        """End the process, and with it whatever it has started. May be called again."""
        self.ask_to_end()
        for stream in (self.source, self.sink):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()
        if not starting.wait(self._process, _PATIENCE_S):
            self._process.kill()
            self._process.wait()
        self._folder.remove()
        self._log.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        self.end()


_ahead: list[HostProcess] = []


def start_ahead(arguments: Sequence[str]) -> None:
    """Start a process for the command with these arguments, if it is one that will need it (see `host_process`)."""
    if "grade" in arguments[:4] and not {"-h", "--help", "--dry-run", "--scheduler"}.intersection(arguments):
        _ahead.append(HostProcess())


def host_process() -> HostProcess:
    """Return the process that has been started ahead, or else a new one."""
    return _ahead.pop() if _ahead else HostProcess()


def end_ahead() -> None:
    """End a process that has been started ahead and is not needed after all."""
    while _ahead:
        _ahead.pop().end()


def _environment() -> dict[str, str]:
    """Return the environment of the host: ours, with one thread for linear algebra and nothing that changes Python."""
    threads = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    # such as PYTHONOPTIMIZE, which would remove the suite's assertions, or PYTHONWARNINGS
    ours = ("PYTHONPATH", "PYTHONHOME")
    odd = {name for name in os.environ if name.startswith(("PYTEST_", "PYTHON")) and name not in ours}
    kept = {name: value for name, value in os.environ.items() if name not in odd}
    return {
        **kept,
        **dict.fromkeys(threads, "1"),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
