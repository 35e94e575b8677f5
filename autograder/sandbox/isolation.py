"""The levels of isolation: what each needs, whether it works here, and which to take.

How it works
------------
`bwrap` needs bubblewrap and namespaces; `landlock` needs no privileges and no program: the worker shuts itself in and
dies with the grader. `account` is for root where the kernel or a container refuses both: file permissions stand in for
what is missing, so it is taken only where they do keep another account from the course. `none` sets limits only and
is taken only when asked for.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder import scratch
from autograder.errors import UsageError, nearest
from autograder.sandbox import launch
from autograder.types import Limits
from autograder.worker import confine, seccomp

NAMES = ("bwrap", "landlock", "account", "none")
_TRIAL_S = 20.0


@dataclass(frozen=True)
class Level:
    """One level of isolation on this machine: whether it works, else why not and how to get it."""

    name: str
    works: bool
    reason: str


def levels() -> list[Level]:
    """Return every level, best first, each tried by really starting a worker on it."""
    return [_examined(name) for name in NAMES]


def choose(name: str) -> str:
    """Return the level to use for `name`; ``auto`` is the best that works, and never ``none``.

    Raises
    ------
    UsageError
        When there is no such level, or it does not work here.
    """
    if name == "auto":
        tried = []
        for candidate in NAMES[:-1]:
            level = _examined(candidate)
            if level.works:
                return candidate
            tried.append(f"{candidate}: {level.reason}")
        raise UsageError(
            f"no isolation works here ({'; '.join(tried)}): see `autograder doctor`, "
            "or ask for --isolation none if you trust every submission"
        )
    if name not in NAMES:
        raise UsageError(f"unknown isolation {name!r}{nearest(name, NAMES)}: use auto, {', '.join(NAMES)}")
    level = _examined(name)
    if not level.works:
        raise UsageError(f"isolation {name} does not work here: {level.reason}")
    return name


def likely(name: str) -> str:
    """Return the level that `choose` returns unless starting a sandbox shows that it does not work here.

    Raises UsageError as `choose` does where that is plain before any is started.
    """
    candidates = NAMES[:-1] if name == "auto" else [name] if name in _MISSING else []
    return next((level for level in candidates if not _MISSING[level]()), "") or choose(name)


def refuse_exposed(level: str, private: Iterable[Path]) -> None:
    """Check that sandboxes on `level` could not read what is `private`.

    Raises
    ------
    UsageError
        When they could, with what to do about it.
    """
    readable = [Path(path).resolve() for path in launch.runtime_paths()] if level in ("bwrap", "landlock") else []
    for path in filter(Path.exists, private):
        around = next((each for each in readable if path.resolve().is_relative_to(each)), None)
        if around:
            raise UsageError(
                f"every sandbox can read {around}, where Python and its packages are: move {path} elsewhere"
            )
        if level == "account" and confine.open_to_all(str(path)):
            raise UsageError(f"isolation account: every account here can read {path}: close it (chmod o-rwx {path})")


@functools.cache
def _examined(name: str) -> Level:
    if name == "none":
        return Level(name, True, "limits only")
    missing = _MISSING[name]() or _trial(name)
    return Level(name, not missing, missing or "works")


def _bwrap_missing() -> str:
    return "" if shutil.which("bwrap") else "bubblewrap is not installed (apt install bubblewrap)"


def _seccomp_missing() -> str:
    return "" if seccomp.available() else "the seccomp filter knows x86_64 and aarch64 only"


def _landlock_missing() -> str:
    if not seccomp.available():
        return _seccomp_missing()
    if not confine.landlock_version():
        return "the kernel offers no Landlock (Linux 5.13 or newer, with landlock among its security modules)"
    return ""


def _account_missing() -> str:
    if os.geteuid() != 0:
        return "only root can give every sandbox an account of its own"
    if not scratch.has_accounts():
        return "there are too few accounts in this container's user namespace for one per sandbox"
    closed = next((path for path in launch.runtime_paths() if not confine.open_to_all(path)), None)
    return f"other accounts cannot read {closed}, which Python needs" if closed else _seccomp_missing()


_MISSING = {"bwrap": _bwrap_missing, "landlock": _landlock_missing, "account": _account_missing}


def _trial(level: str) -> str:
    """Start a process that shuts itself in as a worker does and ends, and return what went wrong."""
    where = scratch.make(level)
    try:
        start = launch.launch(level, Limits(), where, None)
        done = subprocess.run(
            start.command, env=dict(start.environment), capture_output=True, text=True, timeout=_TRIAL_S, check=False
        )
        words = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1] if done.returncode else ""
    except (OSError, subprocess.TimeoutExpired) as error:
        words = str(error)
    finally:
        where.remove()
    hint = "; user namespaces may be switched off on this machine" if level == "bwrap" else ""
    return f"a process cannot be shut in ({words}){hint}" if words else ""
