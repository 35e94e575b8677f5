"""Files that appear whole or not at all, so that no reader and no crash ever sees half of one."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from autograder.errors import AutograderError
from autograder.text import one_line


def replace_file(path: Path, data: bytes) -> Path:
    """Write a file in one step, in the place of what was there, and return its path; AutograderError if that fails."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write_new(temporary, data)
        temporary.replace(path)
    except OSError as error:
        raise AutograderError(f"{one_line(str(path))} cannot be written: {error.strerror}") from error
    finally:
        with suppress(OSError):
            temporary.unlink()
    return path


def write_new(path: Path, data: bytes) -> None:
    """Write a file that must not be there yet, down to the disk; OSError if that fails."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    with os.fdopen(fd, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
