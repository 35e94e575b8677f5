"""One view of a hand-in, whether it is a folder, a zip or a single file.

How it works: a tree lists the regular files below its root once, within bounds, and reads a file only
when asked, again within bounds. Nothing is ever written to disk. Links are listed apart and never
followed, so no path can lead out of the hand-in.
"""

from __future__ import annotations

import errno
import os
import stat
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Protocol

from autograder.intake.bounds import Bounds, Unusable, too_large
from autograder.text import one_line

_IGNORED = frozenset({"__MACOSX", "__pycache__", "site-packages", "dist-packages", "node_modules", "__pypackages__"})
_READ = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK  # a FIFO must not make us wait


class Tree(Protocol):
    """A hand-in's files by their relative POSIX path."""

    sizes: dict[str, int]  # of regular files, in bytes, as claimed
    links: set[str]  # symbolic and hard links, which are not read
    doubled: set[str]  # paths that an archive holds more than once, with different content

    def read(self, path: str, limit: int) -> bytes:
        """Return a file's content; Unusable if it is longer than `limit` bytes or damaged."""
        ...


def ignored(name: str) -> bool:
    """Return whether a file or folder of this name is never a student's work: copies, caches, metadata."""
    return name in _IGNORED or name.startswith(".")


def open_regular(path: str | Path, dir_fd: int | None = None) -> int:
    """Open a regular file for reading, following no link; Unusable for anything else."""
    name = one_line(Path(path).name)
    try:
        fd = os.open(path, _READ, dir_fd=dir_fd)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise Unusable(f"{name} is a symbolic link, which is not followed") from error
        raise
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise Unusable(f"{name} is not an ordinary file")
    return fd


def read_bounded(fd: int, limit: int, name: str) -> bytes:
    """Return the whole content of a file and close it; Unusable if it is longer than `limit` bytes."""
    with os.fdopen(fd, "rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise too_large(name, limit)
    return data


def open_below(fd: int, path: str) -> int:
    """Open a regular file at a relative path below the folder `fd`, following no link on the way."""
    *folders, name = PurePosixPath(path).parts
    fd = os.dup(fd)
    try:
        for folder in folders:
            inner = os.open(folder, _READ | os.O_DIRECTORY, dir_fd=fd)
            os.close(fd)
            fd = inner
        return open_regular(name, fd)
    finally:
        os.close(fd)


class FolderTree:
    """The files below a folder that is open as `fd`."""

    def __init__(self, fd: int, bounds: Bounds) -> None:
        self.sizes: dict[str, int] = {}
        self.links: set[str] = set()
        self.doubled: set[str] = set()
        self._fd = fd
        self._bounds = bounds
        self._seen = 0
        self._scan(fd, "", 0)

    def read(self, path: str, limit: int) -> bytes:
        """Return a file's content, opening every folder on the way without following links."""
        return read_bounded(open_below(self._fd, path), limit, path)

    def _scan(self, fd: int, prefix: str, depth: int) -> None:
        with os.scandir(fd) as entries:
            for entry in entries:
                if not ignored(entry.name):
                    self._add(entry, fd, prefix + entry.name, depth)

    def _add(self, entry: os.DirEntry[str], fd: int, path: str, depth: int) -> None:
        self._seen += 1
        if self._seen > self._bounds.entries:
            raise Unusable(f"the folder holds more than {self._bounds.entries} files and folders")
        if entry.is_dir(follow_symlinks=False):
            if depth < self._bounds.depth:
                self._descend(entry.name, fd, path, depth)
            return
        status = entry.stat(follow_symlinks=False)
        # A hard link is another name of a file that may not be the student's: a hidden suite, say.
        if stat.S_ISLNK(status.st_mode) or (stat.S_ISREG(status.st_mode) and status.st_nlink > 1):
            self.links.add(path)
        elif stat.S_ISREG(status.st_mode):
            self.sizes[path] = status.st_size

    def _descend(self, name: str, fd: int, path: str, depth: int) -> None:
        inner = os.open(name, _READ | os.O_DIRECTORY, dir_fd=fd)
        try:
            self._scan(inner, path + "/", depth + 1)
        finally:
            os.close(inner)


class FileTree:
    """A single file, such as a notebook or a module, handed in by itself."""

    def __init__(self, name: str, data: bytes) -> None:
        self.sizes = {name: len(data)}
        self.links: set[str] = set()
        self.doubled: set[str] = set()
        self._data = data

    def read(self, path: str, limit: int) -> bytes:
        """Return the file's content."""
        if len(self._data) > limit:
            raise too_large(path, limit)
        return self._data


class PartTree:
    """Those files of another tree that are one student's, by the names that they were handed in with."""

    def __init__(self, tree: Tree, entries: Mapping[str, str]) -> None:
        self.sizes = {name: tree.sizes[entry] for name, entry in entries.items() if entry in tree.sizes}
        self.links = {name for name, entry in entries.items() if entry in tree.links}
        self.doubled = {name for name, entry in entries.items() if entry in tree.doubled}
        self._tree = tree
        self._entries = entries

    def read(self, path: str, limit: int) -> bytes:
        """Return a file's content, as the whole tree gives it."""
        return self._tree.read(self._entries[path], limit)


def open_top(path: Path, bounds: Bounds) -> FolderTree:
    """Open the files directly in a folder as a tree, for as long as it is used."""
    fd = os.open(path, _READ | os.O_DIRECTORY)
    try:
        tree = FolderTree(fd, replace(bounds, depth=0))
    except BaseException:
        os.close(fd)
        raise
    weakref.finalize(tree, os.close, fd)
    return tree


@contextmanager
def open_folder(path: Path, bounds: Bounds) -> Iterator[FolderTree]:
    """Open a folder as a tree; Unusable if it is a link or holds too much."""
    fd = os.open(path, _READ | os.O_DIRECTORY)
    try:
        yield FolderTree(fd, bounds)
    finally:
        os.close(fd)
