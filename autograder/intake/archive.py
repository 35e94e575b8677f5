"""Zip archives as trees, read in memory and within bounds, however hostile they are."""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from autograder.intake.bounds import MIB, Bounds, Unusable, too_large
from autograder.intake.tree import ignored
from autograder.text import one_line

_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2})  # lzma allocates what it is told
_ENCRYPTED = 0x1
_DRIVE = re.compile(r"^[A-Za-z]:")

# What `zipfile` raises for damaged archives, found by fuzzing: it was not written for hostile ones.
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError,
    ValueError, OverflowError, IndexError, KeyError, struct.error,
)  # fmt: skip

_KINDS = (
    (0, b"Rar!", "a rar archive"),
    (0, b"7z\xbc\xaf", "a 7z archive"),
    (0, b"\x1f\x8b", "a gzip or tar.gz archive"),
    (0, b"BZh", "a bzip2 archive"),
    (0, b"\xfd7zXZ", "an xz archive"),
    (257, b"ustar", "a tar archive"),
    (0, b"%PDF", "a PDF document"),
)


class _Frugal(io.BufferedReader):
    """A file that gives no more than `limit` bytes at once while there is a limit."""

    limit: int | None = None

    def read(self, size: int | None = -1, /) -> bytes:
        """Read like any file, but Unusable if that is more than `limit` bytes."""
        if self.limit is None:
            return super().read(size)
        asked = self.limit + 1 if size is None or size < 0 else size
        data = super().read(min(asked, self.limit + 1))
        if len(data) > self.limit:
            raise Unusable(f"the zip's table of contents is larger than {self.limit // MIB} MB")
        return data


class ZipTree:
    """The files in a zip; damage and tricks raise Unusable with a sentence for the student."""

    def __init__(self, file: BinaryIO, bounds: Bounds) -> None:
        self.sizes: dict[str, int] = {}
        self.links: set[str] = set()
        self.doubled: set[str] = set()
        self._infos: dict[str, zipfile.ZipInfo] = {}
        self._zip = _open(file, bounds)
        infos = self._zip.infolist()
        if not infos:
            raise Unusable("the zip is empty")
        if len(infos) > bounds.entries:
            raise Unusable(f"the zip holds more than {bounds.entries} files and folders")
        for info in infos:
            self._add(info, bounds)

    def read(self, path: str, limit: int) -> bytes:
        """Return a file's content, unpacking at most `limit` bytes whatever size the archive claims."""
        info = self._infos[path]
        if info.compress_type not in _METHODS:
            raise Unusable(f"{one_line(path)} is compressed in an unusual way; make an ordinary zip")
        try:
            with self._zip.open(info) as stream:
                data = stream.read(limit + 1)
        except _DAMAGE as error:
            raise Unusable(f"the zip is damaged: {one_line(path)} cannot be unpacked") from error
        if len(data) > limit:
            raise too_large(path, limit)
        return data

    def _add(self, info: zipfile.ZipInfo, bounds: Bounds) -> None:
        name = info.filename.replace("\\", "/")  # as some Windows programs write it
        shown = one_line(info.filename, 80)
        if len(name) > bounds.path_chars:
            raise Unusable(f"the zip has an entry whose path is {len(name)} characters long")
        if name.startswith("/") or _DRIVE.match(name) or ".." in name.split("/"):
            raise Unusable(f"the zip has an entry that leads out of it, {shown}; make an ordinary zip")
        if info.flag_bits & _ENCRYPTED:
            raise Unusable("the zip is encrypted; hand it in without a password")
        path = PurePosixPath(name)
        if name.endswith("/") or any(map(ignored, path.parts)) or not 0 < len(path.parts) <= bounds.depth:
            return
        self._index(str(path), info)

    def _index(self, path: str, info: zipfile.ZipInfo) -> None:
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            self.links.add(path)
            return
        previous = self._infos.get(path)
        if previous is not None and (previous.CRC, previous.file_size) != (info.CRC, info.file_size):
            self.doubled.add(path)  # the last one counts, as it does for every program that unpacks
        self._infos[path] = info
        self.sizes[path] = info.file_size


def describe(head: bytes) -> str:
    """Return what a file that is no zip seems to be, from its first bytes; empty if unknown."""
    for offset, magic, kind in _KINDS:
        if head[offset : offset + len(magic)] == magic:
            return kind
    return ""


def _open(file: BinaryIO, bounds: Bounds) -> zipfile.ZipFile:
    frugal = _Frugal(cast(io.RawIOBase, file))
    frugal.limit = bounds.directory_bytes  # `zipfile` reads the table whole, and believes its length
    try:
        archive = zipfile.ZipFile(frugal)
    except _DAMAGE as error:
        raise Unusable("the zip cannot be read: it is damaged or not complete; make it again") from error
    frugal.limit = None
    return archive
