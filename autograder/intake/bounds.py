"""How much of a hand-in is looked at, and the one way in which reading it can fail."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.text import one_line

MIB = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """Limits far above any honest hand-in, so that a hostile one costs little time and memory."""

    entries: int = 50_000  # in a folder or an archive; a forgotten virtualenv has 30,000
    depth: int = 12  # folders below the top of the hand-in
    path_chars: int = 500
    archive_bytes: int = 1024 * MIB  # of a zip on disk, which is never read as a whole
    directory_bytes: int = 8 * MIB  # of a zip's table of contents, which is
    nested_bytes: int = 64 * MIB  # of a zip inside the hand-in
    nested: int = 8
    file_bytes: int = 1 * MIB  # of one .py file
    package_bytes: int = 8 * MIB
    package_files: int = 500
    extra_bytes: int = 32 * MIB  # of one notebook or file of weights
    extras_bytes: int = 64 * MIB  # of all
    extras: int = 20  # notebooks looked at where one is missing


BOUNDS = Bounds()


class Unusable(Exception):
    """A hand-in cannot be graded; the text is one sentence for the student."""


def too_large(name: str, limit: int) -> Unusable:
    """Return the error for a file of more than `limit` bytes."""
    most = f"{limit // MIB} MB" if limit >= MIB else f"{limit} bytes"
    return Unusable(f"{one_line(name)} is larger than the {most} that are read")
