"""Run a command as the last parent of all that it starts, and say what outlives it.

How it works: ``python last_parent.py REPORT SIGNAL COMMAND...`` becomes the parent of every process below whose own
parent ends, daemons too. With a SIGNAL it sends that once there is a result to lose: when a line that
tells of the first result is on the command's standard output; ``-9`` goes to the command's whole group.
The report is a JSON list of the command lines of those that still live a few seconds after the command has ended.
"""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
import time
from pathlib import Path

PATIENCE_S = 5.0
_PR_SET_CHILD_SUBREAPER = 36


def main() -> int:
    """Run the command and return its exit code."""
    report, number, *command = sys.argv[1:]
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)
    code = subprocess.call(command) if number == "0" else _interrupted(command, int(number))
    Path(report).write_text(json.dumps(_outliving()))
    return code


def _interrupted(command: list[str], number: int) -> int:
    process = subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)
    assert process.stdout is not None
    process.stdout.readline()
    send = os.kill if number > 0 else os.killpg
    send(process.pid, abs(number))
    process.stdout.read()
    return process.wait()


def _outliving() -> list[str]:
    end = time.monotonic() + PATIENCE_S
    while (pids := _children()) and time.monotonic() < end:
        time.sleep(0.05)
    return [Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ") for pid in pids]


def _children() -> list[int]:
    """Return the living children, those that were adopted too; collect those that have ended."""
    while True:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                break
        except ChildProcessError:
            return []
    return [int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]


if __name__ == "__main__":
    sys.exit(main())
