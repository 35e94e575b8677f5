"""How a worker is started on each level of isolation, and what it can see there.

How it works
------------
`bwrap` puts the worker into namespaces of its own (mount, pid, network, ipc, uts, and user where the grader
is not root) in which only the Python runtime and an empty scratch folder exist; not even /proc, through which a worker
could write into the memory of bubblewrap, which has no limits, where both have the same account. On the other levels
it is an ordinary process until it shuts itself in. On every level but `none` the worker confines itself further
(`autograder.worker.confine`): limits, seccomp, and an account of its own where the grader is
root; it may start threads but no processes.
"""

from __future__ import annotations

import functools
import json
import os
import shutil
import site
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import scratch
from autograder.sandbox import arithmetic, watching
from autograder.types import Limits
from autograder.worker import confine, seccomp

WORKER = Path(confine.__file__).resolve().parent
INTERPRETER = Path(sys.executable).resolve()  # the base one, also where the grader runs in a virtual environment
MAX_MESSAGE = 1 << 30
_WORKER_IN_BWRAP = "/worker"  # so that nothing tells where the grader is
_FOLDER_BYTES = watching.MAX_MB << 20
_TO_BECOME = ("CAP_SETUID", "CAP_SETGID", "CAP_DAC_READ_SEARCH")  # another account: see `confine`
_BASE_MEMORY = 1 << 30  # address space that the interpreter and its libraries reserve before any student code
_SYSTEM = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime")
_DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")


@dataclass(frozen=True)
class Launch:
    """How to start a worker."""

    command: list[str]
    environment: Mapping[str, str]


def launch(level: str, limits: Limits, where: scratch.Scratch, channel: tuple[int, int] | None) -> Launch:
    """Return how to start a worker on `level`.

    It reads requests from the first and writes replies to the second descriptor of `channel`; without a channel it only
    shuts itself in.
    """
    config = {
        "channel": channel,
        "max_message_bytes": MAX_MESSAGE,
        "path": _import_path(),
        "scratch": where.path,
        "confine": _confinement(level, limits, where),
    }
    prefix = _bwrap() if level == "bwrap" else []
    program = f"{_WORKER_IN_BWRAP if level == 'bwrap' else WORKER}/__main__.py"
    interpreter = [str(INTERPRETER), "-P", "-s", "-S", "-B", program, json.dumps(config)]
    return Launch([*prefix, *interpreter], _environment(where.path))


def _confinement(level: str, limits: Limits, where: scratch.Scratch) -> dict[str, Any]:
    return {
        "memory_bytes": (limits.memory_mb << 20) + _BASE_MEMORY,
        "processes": limits.processes + _counted_too(level),
        "file_bytes": _FOLDER_BYTES // 2,
        "cpu_s": int(limits.time_s * 4) + 10,
        "account": where.account,
        "keep_reading": level in ("bwrap", "landlock"),
        "landlock": level == "landlock",
        "seccomp": level != "none" and seccomp.available(),
        "read": [*runtime_paths(), _WORKER_IN_BWRAP if level == "bwrap" else str(WORKER), *_DEVICES],
        "write": [where.path, "/dev/null"],
    }


def _counted_too(level: str) -> int:
    """Return how many threads of others the limit on a sandbox's has to leave room for."""
    if level == "bwrap" or os.geteuid() == 0:
        return 0  # it has a namespace or an account of its own
    return _MORE_OF_THE_ACCOUNT + sum(_threads(each) for each in Path("/proc").iterdir() if each.name.isdigit())


def _threads(process: Path) -> int:
    """Return how many threads a process, named by its folder in /proc, has, if it is this account's."""
    try:
        own = process.stat().st_uid == os.geteuid()
        return sum(1 for _ in (process / "task").iterdir()) if own else 0
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return 0


_MORE_OF_THE_ACCOUNT = 2048  # threads that its other programs may start meanwhile, or have in other containers


def _environment(home: str) -> dict[str, str]:
    threads = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
    return {
        **dict.fromkeys(threads, "1"),
        **arithmetic.environment(),
        "HOME": home,
        "TMPDIR": home,
        "LANG": "C.UTF-8",
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": home,
        "PYTHONHASHSEED": "0",  # the order of a set is the same for every submission and on every day
        "PYTHONUTF8": "1",
    }


@functools.cache
def _import_path() -> list[str]:
    """Return the folders of installed packages, which ``python -S`` leaves out."""
    found = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    if site.ENABLE_USER_SITE:
        found.append(str(site.getusersitepackages()))
    system = [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
    return [path for path in dict.fromkeys([*found, *system]) if Path(path).is_dir()]


@functools.cache
def runtime_paths() -> list[str]:
    """Return what has to be readable for the interpreter and installed packages to work, and no more."""
    base = Path(sys.base_prefix)
    own = [] if base == Path("/usr") else [str(base / "lib")]
    paths = [*_SYSTEM, *_import_path(), str(INTERPRETER), *own]
    return [path for path in dict.fromkeys(paths) if Path(path).exists()]


def _bwrap() -> list[str]:
    visible = runtime_paths()
    folders = dict.fromkeys(str(parent) for path in visible for parent in reversed(Path(path).parents[:-1]))
    # bubblewrap makes folders that only root may enter, and the worker does not stay root
    binds = [word for path in folders for word in ("--perms", "0755", "--dir", path)]
    binds += [word for path in visible for word in _bind(path)]
    binds += ["--ro-bind", str(WORKER), _WORKER_IN_BWRAP]
    if os.geteuid() == 0:
        rights = ["--cap-drop", "ALL", *(word for name in _TO_BECOME for word in ("--cap-add", name))]
    else:
        rights = ["--unshare-user"]
    namespaces = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    return [
        *(shutil.which("bwrap") or "bwrap", "--die-with-parent", "--new-session", *namespaces, *rights),
        *("--hostname", "sandbox", *binds),
        *("--dev", "/dev", "--remount-ro", "/dev"),  # else an ordinary account could fill it: its size has no limit
        *("--perms", "1777", "--size", str(_FOLDER_BYTES), "--tmpfs", scratch.IN_BWRAP, "--chdir", scratch.IN_BWRAP),
        *("--remount-ro", "/", "--"),
    ]


def _bind(path: str) -> list[str]:
    """Return the words that make `path` visible: a link as the link that it is, anything else read-only."""
    source = Path(path)
    if source.is_symlink() and source.parent == Path("/"):
        return ["--symlink", str(source.readlink()), path]
    return ["--ro-bind", path, path]
