"""Calls of the kernel that Python has no function for."""

from __future__ import annotations

import ctypes
import os

LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_KEEPCAPS, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 1, 4, 8, 22, 38
PR_SCHED_CORE = 62


def check(result: int, what: str) -> int:
    """Return what a call gave; raise OSError if that is an error."""
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
    return result


def prctl(option: int, *arguments: int | ctypes.c_void_p) -> None:
    """Set an option of this process."""
    padded = [*arguments, 0, 0, 0, 0][:4]
    words = [a if isinstance(a, ctypes.c_void_p) else ctypes.c_ulong(a) for a in padded]
    check(LIBC.prctl(option, *words), f"prctl {option}")
