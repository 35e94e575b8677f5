"""A Dask cluster for tests: real processes of a scheduler and of workers, on this machine."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from autograder.tests.command_line import ENVIRONMENT

_DASK = str(Path(sys.executable).with_name("dask"))


class Cluster:
    """A scheduler and the workers that have been started for it.

    `folder` is for what they write; `settings` are Dask's, as variables of the environment.
    """

    def __init__(self, folder: Path, host: str = "127.0.0.1", settings: Mapping[str, str] | None = None) -> None:
        self.folder, self._file, self._settings = folder, folder / "scheduler.json", settings or {}
        self.workers: list[subprocess.Popen[bytes]] = []
        words = ["scheduler", "--host", host, "--port", "0", "--scheduler-file", str(self._file)]
        self.scheduler = self._start("scheduler", [_DASK, *words, "--no-dashboard", "--no-show"])
        self.address = str(json.loads(self._said())["address"])

    def _said(self) -> str:
        while not self._file.exists() or not self._file.read_text():
            assert self.scheduler.poll() is None, self.log("scheduler")
            time.sleep(0.05)
        return self._file.read_text()

    def add_worker(self, before: Sequence[str] = ()) -> subprocess.Popen[bytes]:
        """Start a worker that takes a submission at a time; `before` stands before its command."""
        name = f"worker{len(self.workers)}"
        words = ["worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard", "--name", name]
        words += ["--local-directory", str(self.folder / name), "--death-timeout", "60"]
        self.workers.append(self._start(name, [*before, _DASK, *words]))
        return self.workers[-1]

    def _start(self, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("wb") as log:
            return subprocess.Popen(command, env={**ENVIRONMENT, **self._settings}, stdout=log, stderr=log)

    def log(self, name: str) -> str:
        """Return what a process has said."""
        return (self.folder / f"{name}.log").read_text()

    def end(self) -> None:
        """Kill all processes."""
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@contextlib.contextmanager
def cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    """Have a cluster with so many workers."""
    made = Cluster(folder)
    try:
        for _ in range(workers):
            made.add_worker()
        yield made
    finally:
        made.end()
