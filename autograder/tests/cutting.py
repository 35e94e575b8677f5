"""Grades a class on workers in network namespaces of their own, and cuts one of them off in the middle.

``python -m autograder.tests.cutting`` (`make cluster`); needs root and `ip` of iproute2. The command and the scheduler
stay outside; a bridge joins them with the namespaces. What comes out has to be what grading on this machine gives.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from autograder.tests.clusters import Cluster
from autograder.tests.killing import contents, grade, kept, start, write_class

_BRIDGE, _NETWORK = "ag-bridge", "10.213.77"
# How soon silence counts as the end of a worker is for a cluster's people to decide; here, soon.
_SETTINGS = {
    "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "20 seconds",
    "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "10s",
    "DASK_DISTRIBUTED__COMM__TIMEOUTS__TCP": "15s",
}


def ip(words: str) -> None:
    """Run ``ip``."""
    subprocess.run(["ip", *words.split()], check=True)


@contextlib.contextmanager
def namespaces(count: int) -> Iterator[list[str]]:
    """Have so many network namespaces, joined with each other and with this one by a bridge, and nothing else."""
    names = [f"ag-worker{number}" for number in range(count)]
    with contextlib.ExitStack() as undo:
        ip(f"link add {_BRIDGE} type bridge")
        undo.callback(ip, f"link del {_BRIDGE}")
        ip(f"addr add {_NETWORK}.1/24 dev {_BRIDGE}")
        ip(f"link set {_BRIDGE} up")
        for number, name in enumerate(names):
            ip(f"netns add {name}")
            undo.callback(ip, f"netns del {name}")
            ip(f"link add {name} type veth peer name eth0 netns {name}")
            ip(f"link set {name} master {_BRIDGE} up")
            for words in (f"addr add {_NETWORK}.{number + 2}/24 dev eth0", "link set eth0 up", "link set lo up"):
                ip(f"-n {name} {words}")
        yield names


def main() -> int:
    """Grade, cut off, compare; say what came out."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    if os.geteuid() != 0:
        sys.exit("network namespaces of other processes need root")
    with tempfile.TemporaryDirectory() as folder, namespaces(2) as names:
        course = write_class(Path(folder, "course"))
        grade(course, "here")
        cluster = Cluster(Path(folder), f"{_NETWORK}.1", _SETTINGS)
        try:
            for name in names:
                cluster.add_worker(["ip", "netns", "exec", name])
            code, seconds = _cut_off(course, cluster, names[0])
        finally:
            cluster.end()
        same = contents(course / "there") == contents(course / "here")
    print(f"exit code {code}, {'the same' if same else 'OTHER'} results, {seconds:.0f} s after one of 2 was cut off")
    return int(bool(code) or not same)


def _cut_off(course: Path, cluster: Cluster, name: str) -> tuple[int, float]:
    """Grade, and cut a worker off as soon as there is an outcome; return the exit code, and how long it took then."""
    run = start(course, "there", "--scheduler", cluster.address)
    while not kept(course, "there") and run.poll() is None:
        time.sleep(0.01)
    ip(f"link set {name} down")
    cut = time.monotonic()
    _, err = run.communicate()
    sys.stderr.buffer.write(err)
    return run.returncode, time.monotonic() - cut


if __name__ == "__main__":
    sys.exit(main())
