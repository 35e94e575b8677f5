"""Finds out what this machine offers to the autograder, and how to get what is missing.

Nothing here prints; `autograder doctor` does.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
import sysconfig
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from autograder import sandbox
from autograder.data import published
from autograder.types import Limits
from autograder.worker import confine

_THREAD_VARIABLES = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS")
_AUTHORING = "pip install 'autograder[authoring]'"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing the autograder can use.

    `ok` is True where it is there, False where its absence stops a command, and None where the
    autograder does without it; `remedy` says how to get it and is empty where nothing is to be done.
    """

    name: str
    ok: bool | None
    detail: str
    remedy: str = ""


def examine() -> list[Finding]:
    """Return what was found, in the order in which a reader wants it; takes a second for trying sandboxes."""
    return [
        _python(),
        _numpy(),
        *_isolation(sandbox.levels()),
        _compiler(),
        *_authoring(),
        _jupyter(),
        _cifar10(published.find(Path.cwd())),
        _cores(),
        _memory(),
    ]


def _python() -> Finding:
    detail = f"{platform.python_version()} at {sys.executable}"
    ok = sys.version_info >= (3, 11)
    return Finding(name="Python", ok=ok, detail=detail, remedy="" if ok else "install Python 3.11 or newer")


def _numpy() -> Finding:
    config = np.show_config(mode="dicts") or {}
    blas = config.get("Build Dependencies", {}).get("blas", {}).get("name", "an unknown BLAS")
    named = next((name for name in _THREAD_VARIABLES if os.environ.get(name)), None)
    threads = f"{named}={os.environ[named]}" if named else f"a thread for each of {_core_count()} cores"
    return Finding(name="NumPy", ok=True, detail=f"{np.__version__} with {blas}, {threads}; one thread in sandboxes")


def _isolation(levels: Iterable[sandbox.Level]) -> Iterator[Finding]:
    """Yield a finding for each level; they are missed only where no level but ``none`` works."""
    levels = list(levels)
    best = next((level.name for level in levels if level.works and level.name != "none"), None)
    for level in levels:
        name = f"isolation {level.name}"
        if level.name == "none":
            yield Finding(name=name, ok=None, detail="limits only; used only when asked for with --isolation none")
        elif level.works:
            taken = "; this is what auto takes" if level.name == best else ""
            yield Finding(name=name, ok=True, detail=f"works{_DETAILS.get(level.name, str)()}{taken}")
        else:
            ok = None if best else False
            remedy = _REMEDIES.get(level.name, str)()
            yield Finding(name=name, ok=ok, detail=level.reason, remedy=remedy)


def _landlock_detail() -> str:
    return f", Landlock ABI {confine.landlock_version()}"


def _bwrap_remedy() -> str:
    if shutil.which("bwrap") is None:
        return "apt install bubblewrap"
    if _read("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1":
        return (
            "AppArmor keeps ordinary accounts from namespaces, as on Ubuntu 24.04: "
            "apt install apparmor-profiles and enable bwrap-userns-restrict, "
            "or sysctl kernel.apparmor_restrict_unprivileged_userns=0"
        )
    if _read("/proc/sys/kernel/unprivileged_userns_clone") == "0":
        return "sysctl kernel.unprivileged_userns_clone=1"
    if _read("/proc/sys/user/max_user_namespaces") == "0":
        return "sysctl user.max_user_namespaces=10000"
    return "in a container: allow namespaces (docker run --privileged), or use another level"


def _account_remedy() -> str:
    if os.geteuid() != 0:
        return "run as root, as in a container; needed only where neither of the levels above works"
    return "a Python that every account can read, such as the system's, not one below root's home"


def _landlock_remedy() -> str:
    modules = _read("/sys/kernel/security/lsm")
    if modules is not None and "landlock" not in modules.split(","):
        return f"boot the kernel with lsm=landlock,{modules}"
    return f"a kernel from 5.13 with Landlock (this one is {platform.release()}), on x86_64 or aarch64"


_DETAILS: dict[str, Callable[[], str]] = {"landlock": _landlock_detail}
_REMEDIES: dict[str, Callable[[], str]] = {
    "bwrap": _bwrap_remedy,
    "landlock": _landlock_remedy,
    "account": _account_remedy,
}


def _compiler() -> Finding:
    named = os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc"
    found = next((path for name in (named.split()[0], "cc", "gcc", "clang") if (path := shutil.which(name))), None)
    header = Path(sysconfig.get_path("include"), "Python.h")
    if found is None:
        return Finding(
            name="C compiler",
            ok=None,
            detail="none found: no fast layers",
            remedy="apt install gcc python3-dev",
        )
    if not header.is_file():
        detail = f"{found}, but no {header}: no fast layers"
        return Finding(name="C compiler", ok=None, detail=detail, remedy="apt install python3-dev")
    return Finding(name="C compiler", ok=True, detail=found)


def _authoring() -> Iterator[Finding]:
    nbgrader = _version("nbgrader")
    if nbgrader is None:
        detail = "not installed: no releases, no gradebook; grading works without"
        yield Finding(name="nbgrader", ok=None, detail=detail, remedy=_AUTHORING)
        return
    yield Finding(name="nbgrader", ok=True, detail=nbgrader)
    # nbgrader opens a new gradebook by running a program of this name.
    alembic = shutil.which("alembic")
    if alembic:
        yield Finding(name="alembic", ok=True, detail=alembic)
        return
    beside = Path(sys.executable).parent
    if (beside / "alembic").is_file():
        detail = f"in {beside}, which is not on PATH: `autograder` finds it, `nbgrader` by itself does not"
        yield Finding(name="alembic", ok=None, detail=detail, remedy=f"put {beside} on PATH")
    else:
        detail = "not found: nbgrader cannot open a new gradebook"
        yield Finding(name="alembic", ok=None, detail=detail, remedy="pip install alembic")


def _jupyter() -> Finding:
    for name in ("jupyterlab", "notebook"):
        found = _version(name)
        if found is not None:
            return Finding(name="Jupyter", ok=True, detail=f"{name} {found}")
    detail = "not installed: notebooks cannot be opened here"
    return Finding(name="Jupyter", ok=None, detail=detail, remedy="pip install jupyterlab")


def _cifar10(folder: Path | None) -> Finding:
    remedy = "autograder data get cifar10"
    if folder is None:
        detail = "not found: the generated shapes10 stand in"
        return Finding(name="CIFAR-10", ok=None, detail=detail, remedy=remedy)
    if missing := published.missing(folder):
        detail = f"{folder} has no {', '.join(missing)}"
        return Finding(name="CIFAR-10", ok=False, detail=detail, remedy=remedy)
    return Finding(name="CIFAR-10", ok=True, detail=str(folder))


def _cores() -> Finding:
    return Finding(name="cores", ok=True, detail=f"{_core_count()} for grading at a time")


def _core_count() -> int:
    """Return how many cores this process may use, by affinity and by its control group's quota."""
    allowed = len(os.sched_getaffinity(0))
    quota, _, period = (_read("/sys/fs/cgroup/cpu.max") or "max").partition(" ")
    if quota.isdigit() and period.isdigit() and int(period):
        allowed = min(allowed, -(-int(quota) // int(period)))
    return max(1, allowed)


def _memory() -> Finding:
    needed = Limits().memory_mb
    available = _available_mb()
    if available is None:
        return Finding(name="memory", ok=None, detail="unknown: there is no /proc/meminfo")
    detail = f"{available} MB free; a submission may use {needed} MB"
    if available < needed:
        return Finding(
            name="memory",
            ok=None,
            detail=detail,
            remedy="lower limits: memory_mb in course.yaml, or --jobs 1",
        )
    return Finding(name="memory", ok=True, detail=detail)


def _available_mb() -> int | None:
    """Return the memory that is free, by the machine's account and by the control group's limit."""
    lines = (_read("/proc/meminfo") or "").splitlines()
    free = next((int(line.split()[1]) // 1024 for line in lines if line.startswith("MemAvailable:")), None)
    limit, used = _read("/sys/fs/cgroup/memory.max") or "max", _read("/sys/fs/cgroup/memory.current") or "0"
    if free is not None and limit.isdigit() and used.isdigit():
        free = min(free, max(0, int(limit) - int(used)) >> 20)
    return free


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _read(path: str) -> str | None:
    """Return what a file of the kernel says, or None where this kernel has no such file or hides it."""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError:
        return None
