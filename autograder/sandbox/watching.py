"""How much a sandbox has written, as far as no file system of its own limits that."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Collection, Iterator
from pathlib import Path

MAX_MB = 64
MAX_FILES = 2000


def excess(places: Collection[str], pid: int) -> str:
    """Say what is too much in `places` and in deleted files that process `pid` holds open; nothing if all is well.

    What cannot be looked into, such as folders deeper than any path is long, counts as too much.
    """
    try:
        files, size = _below(places)
        size += _deleted(pid) if files <= MAX_FILES else 0
    except (FileNotFoundError, ProcessLookupError):
        return ""  # it is being changed, or has ended: the next look tells
    except OSError as error:
        return f"wrote files that cannot be looked into ({error.strerror})"
    if files > MAX_FILES:
        return f"wrote more than {MAX_FILES:,} files"
    return f"wrote more than {MAX_MB} MB" if size > MAX_MB << 20 else ""


def excess_inside(folder: str, pid: int) -> str:
    """Say that there are too many files in `folder` as the sandbox that bubblewrap, process `pid`, has started sees it.

    Its size is limited, but bubblewrap has no word for a limit on the number of files, which may be empty. Where
    other accounts' processes may not be looked into, nothing is known.
    """
    try:
        inside = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        status = os.statvfs(f"/proc/{inside[0]}/root{folder}") if inside else None
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return ""
    files = status.f_files - status.f_ffree if status else 0
    return f"wrote more than {MAX_FILES:,} files" if files > MAX_FILES else ""


def _below(places: Collection[str]) -> tuple[int, int]:
    """Return how many files and folders there are in places, and the bytes they use; stop at too many."""
    files = size = 0
    folders = [place for place in places if stat.S_ISDIR(os.lstat(place).st_mode)]
    for place in set(places) - set(folders):
        files, size = files + 1, size + os.lstat(place).st_blocks * 512
    while folders and files <= MAX_FILES:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                status = entry.stat(follow_symlinks=False)
                files, size = files + 1, size + status.st_blocks * 512
                if stat.S_ISDIR(status.st_mode):
                    folders.append(entry.path)
                if files > MAX_FILES:
                    break
    return files, size


def _deleted(pid: int) -> int:
    """Return the bytes of files without a name that a process holds open, as far as we may know."""
    process = Path(f"/proc/{pid}")
    try:
        return _nameless(process / "fd")
    except PermissionError:  # root in a container may often not look at other accounts' processes
        with contextlib.suppress(PermissionError), _as_owner_of(process):
            return _nameless(process / "fd")
        return 0


@contextlib.contextmanager
def _as_owner_of(process: Path) -> Iterator[None]:
    """Have the account of a process while looking at it."""
    status = process.stat()
    try:
        os.setegid(status.st_gid)
        os.seteuid(status.st_uid)
        yield
    finally:
        os.seteuid(os.getuid())
        os.setegid(os.getgid())


def _nameless(descriptors: Path) -> int:
    found = {}
    for link in descriptors.iterdir():
        try:
            status = link.stat()
        except FileNotFoundError:
            continue  # closed meanwhile
        if stat.S_ISREG(status.st_mode) and status.st_nlink == 0:
            found[status.st_dev, status.st_ino] = status.st_blocks * 512
    return sum(found.values())
