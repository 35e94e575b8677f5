"""Gives up every right that student code must not have, from inside and for good.

How it works
------------
The worker starts with its interpreter and libraries loaded and nothing of a student's. It then, in this
order: sets resource limits, becomes an unprivileged account where it was started as root, shuts itself
in with Landlock (only named paths stay readable, one stays writable), and installs a seccomp filter.
None of these can be undone by the process or by anything that it starts. What cannot be set up raises
OSError, and the worker ends before it has received anything.

It may start no other process either, so that its limits are those of all that it does.
"""

from __future__ import annotations

import ctypes
import errno
import os
import resource
import struct
from dataclasses import dataclass
from pathlib import Path

from . import kernel, seccomp

_SIGKILL = 9
_PENDING = 128  # signals and timers, which an account's processes share


@dataclass(frozen=True)
class Confinement:
    """What to allow. Paths exist; `account` is None where the process keeps its own."""

    memory_bytes: int
    processes: int
    file_bytes: int
    cpu_s: int
    account: int | None
    keep_reading: bool  # files that only root may read, as `account`; what else may be read is up to others then
    landlock: bool
    seccomp: bool
    read: tuple[str, ...]
    write: tuple[str, ...]


def confine(rules: Confinement) -> None:
    """Apply `rules` to this process and all that it will start.

    Raises
    ------
    OSError
        When the kernel refuses any part, or a library has started threads, which would keep their rights.
    """
    _refuse_threads()
    if rules.account is not None:
        _become(rules.account, keep_reading=rules.keep_reading and not all(map(open_to_all, rules.read)))
    kernel.prctl(kernel.PR_SET_PDEATHSIG, _SIGKILL)  # after the change of account, which clears it
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    _set_limits(rules)
    if rules.landlock:
        _landlock(rules.read, rules.write)
    if rules.seccomp:
        seccomp.install()


def _refuse_threads() -> None:
    try:
        threads = sum(1 for _ in Path("/proc/self/task").iterdir())
    except FileNotFoundError:  # in bubblewrap's file system; a process of several threads cannot leave them
        clone_thread = 0x00010000
        threads = 1 if kernel.LIBC.unshare(clone_thread) == 0 else 2
    if threads > 1:
        raise OSError(errno.EBUSY, "a library that is installed here has started threads, which cannot be shut in")


# ---- limits and account --------------------------------------------------------------------------


def _set_limits(rules: Confinement) -> None:
    for name, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 128),
        (resource.RLIMIT_FSIZE, rules.file_bytes),
        (resource.RLIMIT_AS, rules.memory_bytes),
        (resource.RLIMIT_CPU, rules.cpu_s),
        (resource.RLIMIT_NPROC, rules.processes),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_SIGPENDING, _PENDING),
        (resource.RLIMIT_NICE, 0),
        (resource.RLIMIT_RTPRIO, 0),
    ):
        hard = resource.getrlimit(name)[1]
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(name, (allowed, allowed))


def _become(account: int, *, keep_reading: bool) -> None:
    """Switch to the user and group `account`, without any capability but, if asked for, reading.

    An interpreter below root's home could load no module any more; what may be read is then up to
    Landlock or the mount namespace alone, as it is for every other path.
    """
    if keep_reading:
        kernel.prctl(kernel.PR_SET_KEEPCAPS, 1)
    os.setgroups([])
    os.setresgid(account, account, account)
    os.setresuid(account, account, account)
    if keep_reading:
        dac_read_search = 1 << 2
        _capset(dac_read_search)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 1)  # the account may look at its process, or the grader could not either


def _capset(capabilities: int) -> None:
    version_3 = 0x20080522
    header = ctypes.create_string_buffer(struct.pack("<Ii", version_3, 0))
    data = ctypes.create_string_buffer(struct.pack("<6I", capabilities, capabilities, 0, 0, 0, 0))
    if kernel.LIBC.capset(header, data) < 0:
        raise OSError(errno.EPERM, "only root can read this Python, and may keep nothing of that here: use another")


def open_to_all(path: str) -> bool:
    """Tell whether every account may enter a folder or read a file."""
    here = Path(path).absolute()
    to_read = here.is_dir() or here.stat().st_mode & 0o004
    return bool(to_read) and all(folder.stat().st_mode & 0o001 for folder in (here, *here.parents) if folder.is_dir())


# ---- Landlock ------------------------------------------------------------------------------------

_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446  # the same on every architecture
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_REFER, _TRUNCATE, _IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
_MAKE = sum(1 << n for n in (4, 5, 7, 8, 10))  # remove file and folder; make folder, regular file, fifo


def landlock_version() -> int:
    """Return the version of Landlock that the kernel offers, 0 for none."""
    create_version_flag = 1
    return max(0, int(kernel.LIBC.syscall(_LANDLOCK_CREATE, None, 0, create_version_flag)))


def _landlock(read: tuple[str, ...], write: tuple[str, ...]) -> None:
    version = landlock_version()
    if not version:
        raise OSError(errno.ENOSYS, "this kernel has no Landlock")
    files = (1 << 13) - 1 | (_REFER if version >= 2 else 0) | (_TRUNCATE if version >= 3 else 0)
    files |= _IOCTL_DEV if version >= 5 else 0
    network = 3 if version >= 4 else 0  # TCP bind and connect
    scope = 3 if version >= 6 else 0  # abstract sockets and signals
    attributes = struct.pack("<QQQ", files, network, scope)[: 8 if version < 4 else 16 if version < 6 else 24]
    size = ctypes.c_size_t(len(attributes))
    ruleset = kernel.check(kernel.LIBC.syscall(_LANDLOCK_CREATE, attributes, size, 0), "landlock ruleset")
    readable = _EXECUTE | _READ_FILE | _READ_DIR
    writable = readable | _WRITE_FILE | _MAKE | (_TRUNCATE if version >= 3 else 0)
    for path in read:
        _allow(ruleset, path, readable)
    for path in write:
        _allow(ruleset, path, writable)
    kernel.check(kernel.LIBC.syscall(_LANDLOCK_RESTRICT, ruleset, 0), "landlock")
    os.close(ruleset)


def _allow(ruleset: int, path: str, access: int) -> None:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    if not Path(path).is_dir():
        access &= _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE
    rule = struct.pack("<Qi", access, descriptor)
    path_beneath = 1
    kernel.check(kernel.LIBC.syscall(_LANDLOCK_ADD, ruleset, path_beneath, rule, 0), f"landlock rule for {path}")
    os.close(descriptor)
