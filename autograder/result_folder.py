"""The folder of an assignment's results: what is written there is whole, and what it replaces is kept.

How it works
------------
Every file appears in one step. Several runs may write into one folder side by side: each holds the folder's lock with
the others, so that the first one, which holds it alone for a moment, may remove what a killed run left half
written. A result that says the same as the one that is there, but for times, is not written again: grading what has
not changed changes nothing.
"""

from __future__ import annotations

import fcntl
import itertools
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import AutograderError, UsageError
from autograder.results import Result, read_result, result_file, result_text, write_result
from autograder.rows import Row, row, write_summary
from autograder.text import one_line
from autograder.writing import remove_unfinished, replace_file, try_writing

EARLIER = "earlier"  # folder of the results that were replaced
_TIMES = ("started", "seconds")


@dataclass(frozen=True, kw_only=True)
class ResultFolder:
    """Where the results of an assignment are. `shared`: another run is writing there too."""

    path: Path
    shared: bool = False

    def write(self, result: Result, *, always: bool = False) -> Path:
        """Write a student's result, all of it or nothing, and return its path; keep the one that it replaces.

        One that says the same but for times is left as it is, unless the new one is `always` to be written.
        """
        path = result_file(self.path, result.student)
        old = _read(path)
        if old is not None and _without_times(old) != _without_times(result_text(result)):
            self._keep(path, old)
        elif old is not None and not always:
            return path
        return write_result(self.path, result)

    def _keep(self, path: Path, old: bytes) -> None:
        """Keep a result that is about to be replaced as ``earlier/<student>.<n>.json``, the first n from 1."""
        kept = self.path / EARLIER
        try:
            kept.mkdir(exist_ok=True)
            with _alone(kept):
                copies = (kept / f"{path.stem}.{number}.json" for number in itertools.count(1))
                # a run that was killed just then has kept it already
                free = next(copy for copy in copies if not copy.exists() or copy.read_bytes() == old)
                replace_file(free, old)
        except OSError as error:
            raise AutograderError(f"{one_line(str(path))} cannot be kept in {EARLIER}: {error.strerror}") from error

    def summarise(self) -> list[str]:
        """Write the summary of all results in the folder, those of other runs too; return what is not in it."""
        rows, problems = list[Row](), list[str]()
        with _alone(self.path.parent):
            for path in sorted(self.path.glob("*.json")):
                try:
                    rows.append(row(read_result(path)))
                except UsageError as error:
                    problems.append(f"not in the summary: {error}")
            write_summary(self.path, rows)
        return problems


@contextmanager
def result_folder(output: Path, assignment: str) -> Iterator[ResultFolder]:
    """Make the folder of an assignment's results, and remove it again if nothing was written to it.

    Raises UsageError, before anything else happens, if nothing can be written there.
    """
    path = output / assignment
    made = [new for new in (path, output) if not new.exists()]
    try:
        path.mkdir(parents=True, exist_ok=True)
        try_writing(path)
        lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        reason = error.strerror or str(error)
        message = f"results cannot be written to {one_line(str(path))}: {reason}; give another with --output"
        raise UsageError(message) from error
    try:
        first = _lock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if first:
            remove_unfinished(path)
        _lock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        yield ResultFolder(path=path, shared=not first)
    finally:
        os.close(lock)
        for new in made:
            with suppress(OSError):  # it is not empty, as it should be
                new.rmdir()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let no other process do what is within at the same time, where the file system has locks."""
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        _lock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _lock(descriptor: int, how: int) -> bool:
    """Return whether the lock was given; file systems without locks give none."""
    try:
        fcntl.flock(descriptor, how)
    except OSError:
        return False
    return True


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise AutograderError(f"{one_line(str(path))} cannot be read: {error.strerror}") from error


def _without_times(data: bytes) -> Any:
    """Return what a result says but when and for how long; what is no result as it is."""
    try:
        return _stripped(json.loads(data))
    except ValueError:
        return data


def _stripped(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _stripped(below) for key, below in value.items() if key not in _TIMES}
    return [_stripped(below) for below in value] if isinstance(value, list) else value
