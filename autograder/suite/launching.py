"""Starts a suite's process, as early as a command can: it has much to load, and needs to know nothing for that."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from types import TracebackType
from typing import IO, Self

_PATIENCE_S = 10.0


class HostProcess:
    """The process of `autograder.suite.host`, waiting for its `Setup`. A context manager that ends it."""

    def __init__(self) -> None:
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 (closed by `end`)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "autograder.suite.host", str(os.getpid())],
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

    def end(self) -> None:
        """End the process, and with it whatever it has started. May be called again."""
        self._process.terminate()
        for stream in (self.source, self.sink):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()
        try:
            self._process.wait(timeout=_PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        self.end()


def _environment() -> dict[str, str]:
    """Return the environment of the host: ours, with one thread for linear algebra and no stray pytest plugins."""
    threads = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return {
        **kept,
        **dict.fromkeys(threads, "1"),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
