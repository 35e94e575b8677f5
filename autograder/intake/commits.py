"""When the last commit of a clone was made, without running git: a repository can make git run what it likes.

How it works: HEAD names a branch, the branch a commit, and the commit is a loose object or lies in a pack, whole
or as a difference from another. All is read within bounds and without following links; where anything is odd, the
time is unknown. It is the committer's own word: whoever wants proof needs the time of the push.
See git's gitrepository-layout(5), gitformat-index(5) and gitformat-pack(5).
"""

from __future__ import annotations

import os
import re
import struct
import zlib
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from autograder.intake.bounds import MIB, Unusable
from autograder.intake.tree import open_below, read_bounded
from autograder.moments import iso

_SHA = re.compile(rb"^[0-9a-f]{40}$")
_REF = re.compile(rb"^ref: (refs/heads/[\w./+-]+)$")
_COMMITTER = re.compile(rb"^committer .*> (\d{1,11}) ([+-])(\d\d)(\d\d)$", re.MULTILINE)
_OBJECT_BYTES = 1 * MIB
_INDEX_BYTES = 64 * MIB
_PACKS = 50
_CHAIN = 50
_COMMIT, _OFS_DELTA, _REF_DELTA = 1, 6, 7


class _Odd(Exception):
    """The repository is not as git writes them."""


def committed_at(clone: Path) -> str | None:
    """Return when the commit that is checked out was made, as ISO 8601; None if that cannot be told."""
    try:
        fd = os.open(clone / ".git", os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_DIRECTORY)
    except OSError:
        return None
    try:
        return _time(_Repository(fd).head())
    except (OSError, Unusable, _Odd, zlib.error, struct.error, IndexError, ValueError):
        return None
    finally:
        os.close(fd)


def _time(commit: bytes) -> str | None:
    header = commit.partition(b"\n\n")[0]
    match = _COMMITTER.search(header)
    if match is None:
        raise _Odd
    offset = timedelta(hours=int(match[3]), minutes=int(match[4])) * (-1 if match[2] == b"-" else 1)
    return iso(datetime.fromtimestamp(int(match[1]), UTC).astimezone(timezone(offset)))


class _Repository:
    def __init__(self, fd: int) -> None:
        self._fd = fd

    def head(self) -> bytes:
        """Return the text of the commit at HEAD."""
        value = self._read("HEAD", 1000).strip()
        if match := _REF.match(value):
            value = self._branch(match[1])
        if not _SHA.match(value):
            raise _Odd
        kind, data = self._object(value.decode(), _CHAIN)
        if kind != _COMMIT:
            raise _Odd
        return data

    def _read(self, path: str, limit: int) -> bytes:
        if ".." in path.split("/"):
            raise _Odd
        return read_bounded(open_below(self._fd, path), limit, path)

    def _branch(self, ref: bytes) -> bytes:
        try:
            return self._read(ref.decode(), 1000).strip()
        except FileNotFoundError:
            packed = self._read("packed-refs", 8 * MIB)
        lines = (line.split(b" ") for line in packed.splitlines())
        return next((words[0] for words in lines if words[1:] == [ref]), b"")

    def _object(self, sha: str, chain: int) -> tuple[int, bytes]:
        try:
            packed = self._read(f"objects/{sha[:2]}/{sha[2:]}", _OBJECT_BYTES)
        except FileNotFoundError:
            return self._packed(sha, chain)
        kind, _, data = _inflate(packed).partition(b"\0")
        return (_COMMIT if kind.startswith(b"commit ") else 0), data

    def _packed(self, sha: str, chain: int) -> tuple[int, bytes]:
        folder = os.open("objects/pack", os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_DIRECTORY, dir_fd=self._fd)
        try:
            names = sorted(name for name in os.listdir(folder) if name.endswith(".idx"))  # noqa: PTH208 -- of an open folder
        finally:
            os.close(folder)
        for name in names[:_PACKS]:
            offset = _offset(self._read(f"objects/pack/{name}", _INDEX_BYTES), bytes.fromhex(sha))
            if offset is not None:
                pack = open_below(self._fd, f"objects/pack/{name.removesuffix('.idx')}.pack")
                try:
                    return self._at(pack, offset, chain)
                finally:
                    os.close(pack)
        raise _Odd

    def _at(self, pack: int, offset: int, chain: int) -> tuple[int, bytes]:
        """Return the kind and data of the object at an offset of a pack; a difference is applied to its base."""
        if not chain:
            raise _Odd
        data = os.pread(pack, _OBJECT_BYTES, offset)
        kind, position = data[0] >> 4 & 7, 1
        while data[position - 1] & 0x80:
            position += 1
        if kind == _OFS_DELTA:
            back, position = _distance(data, position)
            if not 0 < back <= offset:
                raise _Odd
            base = self._at(pack, offset - back, chain - 1)
        elif kind == _REF_DELTA:
            base = self._object(data[position : position + 20].hex(), chain - 1)
            position += 20
        else:
            return kind, _inflate(data[position:])
        return base[0], _apply(base[1], _inflate(data[position:]))


def _inflate(data: bytes) -> bytes:
    unpacked = zlib.decompressobj().decompress(data, _OBJECT_BYTES)
    if len(unpacked) >= _OBJECT_BYTES:
        raise _Odd
    return unpacked


def _offset(index: bytes, sha: bytes) -> int | None:
    """Return where an object lies in the pack of an index of version 2, if it does."""
    if index[:8] != b"\xfftOc\0\0\0\2":
        raise _Odd
    total = int.from_bytes(index[8 + 255 * 4 : 8 + 256 * 4], "big")
    names = 8 + 256 * 4
    low, high = 0, total
    while low < high:
        middle = (low + high) // 2
        if index[names + middle * 20 : names + middle * 20 + 20] < sha:
            low = middle + 1
        else:
            high = middle
    if index[names + low * 20 : names + low * 20 + 20] != sha or low >= total:
        return None
    offsets = names + total * 24
    (offset,) = struct.unpack_from(">I", index, offsets + low * 4)
    if offset & 0x80000000:
        (offset,) = struct.unpack_from(">Q", index, offsets + total * 4 + (offset & 0x7FFFFFFF) * 8)
    return int(offset)


def _distance(data: bytes, position: int) -> tuple[int, int]:
    """Return how far back the base of a difference lies, and where what follows starts."""
    value = data[position] & 0x7F
    while data[position] & 0x80:
        position += 1
        value = (value + 1 << 7) | (data[position] & 0x7F)
        if value > 1 << 40:
            raise _Odd
    return value, position + 1


def _apply(base: bytes, delta: bytes) -> bytes:
    """Return what a difference makes of its base: copies of parts of it, and new bytes."""
    position = 0
    for _ in range(2):  # the sizes of base and result
        while delta[position] & 0x80:
            position += 1
        position += 1
    result = bytearray()
    while position < len(delta):
        code = delta[position]
        position += 1
        if code & 0x80:
            fields = []
            for bit in range(7):
                fields.append(delta[position] if code >> bit & 1 else 0)
                position += code >> bit & 1
            start, size = int.from_bytes(fields[:4], "little"), int.from_bytes(fields[4:], "little") or 0x10000
            result += base[start : start + size]
        else:
            result += delta[position : position + code]
            position += code
        if len(result) > _OBJECT_BYTES or not code:
            raise _Odd
    return bytes(result)
