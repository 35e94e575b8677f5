"""Measure grading on a Dask cluster: on workers of this machine, and with workers that only wait.

    here         `autograder grade --scheduler` on 1, 2 and 4 worker processes, the assignment of ten_checks.py
    simulated    the same command and a real scheduler; workers, of 25 submissions at a time, that take each of them,
                 wait as long as it would take to grade, and give back an outcome that was found before

What is simulated shows what the command and the scheduler keep busy, which is what many machines would wait for.
``python benchmarks/scaling.py [--real 1 2 4] [--simulated 10 100 1000] [--seconds 20] [--json FILE]
[--write docs/performance.md]``
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import dask
import document
import msgspec
import ten_checks
from distributed import Worker

from autograder.cluster import worker as graders
from autograder.cluster.blobs import Reply
from autograder.tests.clusters import Cluster, cluster
from autograder.types import Submission

BIN = Path(sys.executable).parent
AT_A_TIME = 25  # submissions on a simulated worker
QUIET = {  # what each worker does many times a second, on a machine of its own
    "distributed.admin.tick.interval": "10s",
    "distributed.admin.system-monitor.interval": "10s",
    "distributed.worker.profile.enabled": False,
}


def main() -> None:
    """Measure, print and, if wanted, write the figures."""
    options = _options()
    if options.wait_for:
        asyncio.run(_wait_as_workers(options.wait_for, options.count, options.seconds))
        return
    report = {"machine": _machine(), "seconds": options.seconds, "here": [], "simulated": []}
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        ten_checks.write_course(root)
        ten_checks.write_class(root / "class", options.students)
        for count in options.real:
            with cluster(_folder(root, f"here{count}"), count) as made:
                report["here"].append(_grade(root, "class", made, count, options.students))
        for count in options.simulated:
            students = count * options.each
            ten_checks.write_class(root / f"class{count}", students)
            with _simulated(_folder(root, f"simulated{count}"), count, options.seconds) as made:
                report["simulated"].append(_grade(root, f"class{count}", made, count, students))
    lines = _table(report)
    print("\n".join(lines))
    if options.write:
        document.write(options.write, "scaling", lines)
    if options.json:
        Path(options.json).write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--real", type=int, nargs="*", default=[1, 2, 4], help="workers on this machine")
    parser.add_argument("--students", type=int, default=100, help="that they grade")
    parser.add_argument(
        "--simulated", type=int, nargs="*", default=[10, 100, 1000], help="at a time, on workers that only wait"
    )
    parser.add_argument("--seconds", type=float, default=20, help="that they wait for each submission")
    parser.add_argument("--each", type=int, default=2, help="submissions for each of those")
    parser.add_argument("--json", help="file to write the figures to")
    parser.add_argument("--write", type=Path, help="document to write the tables to")
    parser.add_argument("--wait-for", help=argparse.SUPPRESS)  # address of a scheduler: be workers of it that wait
    parser.add_argument("--count", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


def _folder(root: Path, name: str) -> Path:
    path = root / "clusters" / name
    path.mkdir(parents=True)
    return path


def _grade(root: Path, where: str, made: Cluster, workers: int, students: int) -> dict[str, float]:
    """Grade a class twice, of which the first time is for workers to load the suite; return what the second took."""
    command = [str(BIN / "autograder"), "grade", "hw1", "--scheduler", made.address, "--fresh", "--json"]
    first = [*command, "class/student00000", "--output", f"first-{where}-{workers}"]
    _run(first, root)
    before, scheduler_s, started = os.times(), _cpu_s(made.scheduler.pid), time.monotonic()
    print(f"{where}: {students} submissions on {workers} workers", file=sys.stderr, flush=True)
    whole = [*command, where, "--output", f"results-{where}-{workers}"]
    _run(whole, root)
    wall_s, after = time.monotonic() - started, os.times()
    print(f"took {wall_s:.0f} s", file=sys.stderr, flush=True)
    return {
        "workers": workers,
        "students": students,
        "wall_s": wall_s,
        "command_cpu_s": after.children_user + after.children_system - before.children_user - before.children_system,
        "scheduler_cpu_s": _cpu_s(made.scheduler.pid) - scheduler_s,
    }


def _cpu_s(pid: int) -> float:
    """Return the processor time that a process has had."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} ended with exit code {done.returncode}: {done.stderr[-500:]}")


# -- workers that wait ---------------------------------------------------------------------------


@contextlib.contextmanager
def _simulated(folder: Path, count: int, seconds: float) -> Iterator[Cluster]:
    """Have a scheduler with workers that wait, for so many submissions at a time."""
    made = Cluster(folder)
    processes = []
    try:
        for first in range(0, count, AT_A_TIME * 10):
            size = min(AT_A_TIME * 10, count - first)
            words = ["--wait-for", made.address, "--count", str(size), "--seconds", str(seconds)]
            log = (folder / f"workers{first}.log").open("wb")
            command = [sys.executable, __file__, *words]
            processes.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True))
        for process in processes:
            if process.stdout is None or not process.stdout.readline():
                raise SystemExit(f"simulated workers ended: see {folder}")
        yield made
    finally:
        for process in processes:
            process.kill()
            process.wait()
        made.end()


async def _wait_as_workers(address: str, count: int, seconds: float) -> None:
    """Be workers of so many at a time, which grade the first submission, and then wait and say the same of each."""
    grade, known, alone = graders.grade, dict[str, Reply](), threading.Lock()

    def found(name: str, bundle: bytes, *submission: bytes | str) -> Reply:
        with alone:  # the first one to come finds out
            what = grade if submission else ready
            key = f"{name} {what.__name__}"
            if key not in known:
                known[key] = msgspec.msgpack.decode(what(name, bundle, *submission), type=Reply)
            return known[key]

    def wait(name: str, bundle: bytes, work: bytes, topic: str) -> bytes:
        reply = msgspec.msgpack.encode(found(name, bundle, work, topic))
        graders._tell(topic, msgspec.msgpack.decode(work, type=Submission).student)
        time.sleep(seconds)
        return reply

    ready, graders.grade = graders.ready, wait
    graders.ready = lambda name, bundle: msgspec.msgpack.encode(found(name, bundle))
    dask.config.set(QUIET)
    threads = [min(AT_A_TIME, count - first) for first in range(0, count, AT_A_TIME)]
    workers = [Worker(address, nthreads=n, memory_limit=0, local_directory=tempfile.gettempdir()) for n in threads]
    await asyncio.gather(*workers)
    print("ready", flush=True)
    await asyncio.gather(*(worker.finished() for worker in workers))


# -- what is printed -----------------------------------------------------------------------------


def _machine() -> str:
    return f"Load before: {os.getloadavg()[0]:.1f}. Python {platform.python_version()}."


def _table(report: dict[str, object]) -> list[str]:
    lines = [
        str(report["machine"]),
        "",
        "| workers here | submissions | a minute | times one worker |",
        "|---|---|---|---|",
    ]
    one = 0.0
    for row in report["here"]:
        pace = row["students"] * 60 / row["wall_s"]
        one = one or pace / row["workers"]
        lines.append(f"| {row['workers']} | {row['students']} | {pace:.0f} | {pace / one:.2f} |")
    lines += ["", f"Simulated, {report['seconds']:g} s for each submission (ms: processor time):", ""]
    lines += [
        "| at a time | submissions | took | all busy, it would take | efficiency | ms each: command | scheduler |"
    ]
    lines += ["|---|---|---|---|---|---|---|"]
    for row in report["simulated"]:
        best_s = -(-row["students"] // row["workers"]) * report["seconds"]
        each_ms = [1000 * row[f"{who}_cpu_s"] / row["students"] for who in ("command", "scheduler")]
        lines.append(
            f"| {row['workers']} | {row['students']} | {row['wall_s']:.0f} s | {best_s:.0f} s | "
            f"{best_s / row['wall_s']:.2f} | {each_ms[0]:.0f} | {each_ms[1]:.0f} |"
        )
    return lines


if __name__ == "__main__":
    main()
