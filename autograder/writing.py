"""Files that appear whole or not at all, so that no reader and no crash ever sees half of one."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from autograder.errors import AutograderError
from autograder.text import one_line

_UNFINISHED = ".part"


def replace_file(path: Path, data: bytes, *, lasting: bool = True) -> Path:
    """Write a file in one step, in the place of what was there, and return its path; AutograderError if that fails.

    One that need not be `lasting` may be lost, or empty, if power fails; it is written faster.
    """
    temporary = _unfinished(path)
    try:
        write_new(temporary, data, lasting=lasting)
        temporary.replace(path)
    except OSError as error:
        raise AutograderError(f"{one_line(str(path))} cannot be written: {error.strerror}") from error
    finally:
        with suppress(OSError):
            temporary.unlink()
    return path


def write_new(path: Path, data: bytes, *, lasting: bool = True) -> None:
    """Write a file that must not be there yet, down to the disk if it is to be `lasting`; OSError if that fails."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    with os.fdopen(fd, "wb") as file:
        file.write(data)
        file.flush()
        if lasting:
            os.fsync(file.fileno())


def try_writing(folder: Path) -> None:
    """Write a file and remove it again; OSError if that fails."""
    probe = _unfinished(folder / "probe")
    write_new(probe, b"", lasting=False)
    probe.unlink()


def remove_unfinished(folder: Path) -> None:
    """Remove what a process that was killed left half written in a folder or below; nobody may be writing there."""
    for path in folder.rglob(f".*{_UNFINISHED}"):
        with suppress(OSError):
            path.unlink()


def _unfinished(path: Path) -> Path:
    """Return a name that no other process takes, not even one of the same number in another container."""
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}{_UNFINISHED}")
