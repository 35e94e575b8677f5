"""Starts processes that are to end with this one.

The kernel's parent-death signal, which they ask for, follows the *thread* that started them. A thread of a pool that
ends would take them along; so whatever is not started by the main thread is started by one that lives as long
as the process.
"""

from __future__ import annotations

import contextlib
import functools
import os
import select
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def wait(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Wait for the end of a process and tell whether it came in time; `Popen.wait` only looks now and then."""
    if process.poll() is not None:
        return True
    try:
        end = os.pidfd_open(process.pid)
    except OSError:  # the kernel is older than 5.3
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        return process.returncode is not None
    try:
        ended, _, _ = select.select([end], [], [], seconds)
    finally:
        os.close(end)
    if ended:
        process.wait()
    return bool(ended)


def start(command: list[str], **options: Any) -> subprocess.Popen[bytes]:
    """Start `command` as `subprocess.Popen` does; the process outlives the calling thread."""
    if threading.current_thread() is threading.main_thread():
        return subprocess.Popen(command, **options)
    return _lasting_thread().submit(lambda: subprocess.Popen(command, **options)).result()


@functools.cache
def _lasting_thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="starter")
