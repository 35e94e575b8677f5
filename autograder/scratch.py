"""The folder in which a sandbox may write, and the account that it runs as."""

from __future__ import annotations

import contextlib
import itertools
import os
import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

IN_BWRAP = "/scratch"
_OPEN = ("/tmp", "/var/tmp", "/dev/shm", "/run/lock")
_NOBODY = 65534


@dataclass(frozen=True)
class Scratch:
    """Where a sandbox may write, and as which account (None: the grader's)."""

    path: str  # as the sandbox sees it
    account: int | None
    own: bool = False  # whether it is in a file system of the sandbox's own, which ends with it
    open: bool = False  # whether the sandbox may write elsewhere too, wherever every account may

    def written(self) -> list[str]:
        """Return where the sandbox may have written: the folder, and what its account has in those open to all."""
        return [self.path, *(self._elsewhere() if self.open else ())]

    def _elsewhere(self) -> Iterator[str]:
        for folder in {*_OPEN, tempfile.gettempdir()}:
            with contextlib.suppress(FileNotFoundError), os.scandir(folder) as entries:
                yield from (
                    each.path
                    for each in entries
                    if each.stat(follow_symlinks=False).st_uid == self.account and each.path != self.path
                )

    def remove(self) -> None:
        """Remove the folder with all that is in it, once nothing runs in it any more. May be called again."""
        if not self.own:
            for path in self.written():
                remove(path)


def make(level: str) -> Scratch:
    """Make the folder in which a new sandbox may write, except where the level brings its own."""
    account = None if os.geteuid() != 0 or level == "none" else _unused_account()
    if level == "bwrap":
        return Scratch(IN_BWRAP, account, own=True)
    path = Path(tempfile.mkdtemp(prefix="autograder-")).resolve()
    if account is not None:
        os.chown(path, account, account)
    return Scratch(str(path), account, open=level == "account" and account != _NOBODY)


def has_accounts() -> bool:
    """Tell whether there are account numbers enough for each sandbox to have one of its own."""
    return _unused_account() != _NOBODY


def _unused_account() -> int:
    """Return an account number that nothing else has, or nobody's where only few exist."""
    ranges = [list(map(int, line.split())) for line in Path("/proc/self/uid_map").read_text().splitlines()]
    # one for each sandbox, so that none can signal or starve another; not from `random`, which a suite may seed
    unused = (1 << 20) + secrets.randbelow(1 << 29)
    return unused if any(first <= unused < first + count for first, _, count in ranges) else _NOBODY


def remove(folder: str) -> None:
    """Remove a folder with all that is in it, or a file, as far as the file system lets us."""
    path = Path(folder)
    with contextlib.suppress(OSError):  # a folder that stays costs space, but nobody's grade
        if path.is_dir() and not path.is_symlink():
            _remove(path)
        else:
            path.unlink()


def _remove(root: Path) -> None:
    """Remove a folder as hostile code may leave it: closed to its owner, or nested deeper than any path is long.

    Every folder below is moved up into `root` before it is emptied, so that neither paths nor recursion get deep.
    """
    unlike = secrets.token_hex(8)  # any name that is there
    number = itertools.count()
    root.chmod(0o700)
    found = [root]
    for folder in found:
        for entry in list(folder.iterdir()):
            if entry.is_symlink() or not entry.is_dir():
                entry.unlink()
                continue
            entry.chmod(0o700)  # a folder that may not be written cannot be moved
            found.append(entry.rename(root / f"{unlike}-{next(number)}"))
    for folder in reversed(found):
        folder.rmdir()
