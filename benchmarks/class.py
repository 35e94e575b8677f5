"""Measure grading of a class: one submission, many of them, one core and two, and the memory that takes.

On the small assignment of ten_checks.py, with isolation, results written, nothing known from before:

    one submission       whole commands in turn: bare pytest, autograder, nbgrader, Otter (where installed); medians
    a class              submissions a minute on all cores and on one; efficiency: how far two cores halve the time
    memory               most that the command and the suite's process had, for a tenth of the class and for all of it
    a class, elsewhere   nbgrader on some of the same students

Time by the clock means little on a machine that does other things; so each line has processor time too.
``python benchmarks/class.py [--students 300] [--runs 7] [--otter PATH] [--json FILE]
[--write docs/performance.md]``
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import document
import ten_checks

BIN = Path(sys.executable).parent
ENVIRONMENT = {
    **os.environ,
    "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # bare pytest loads what the suite needs, and no more
    "PYTEST_PLUGINS": "autograder.suite.plugin",
}


@dataclass
class Run:
    """What a command took. Processor time counts what was waited for, and so no sandbox that was killed."""

    wall_s: float
    cpu_s: float
    peak_mb: dict[str, float] = field(default_factory=dict)  # of the command, and of its child with most


def main() -> None:
    """Measure, print and, if wanted, write the figures."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        bench = _Bench(Path(folder), options)
        report = {"machine": _machine(), "one": bench.one(), "class": bench.many(), "nbgrader": bench.nbgrader()}
    lines = _table(report, options)
    print("\n".join(lines))
    if options.write:
        document.write(options.write, "class", lines)
    if options.json:
        Path(options.json).write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=300)
    parser.add_argument("--others", type=int, default=20, help="students that nbgrader grades")
    parser.add_argument("--runs", type=int, default=7, help="counted runs of each command on one submission")
    parser.add_argument("--isolation", default="bwrap")
    parser.add_argument("--otter", default=shutil.which("otter"), help="Otter's command; needs ipykernel")
    parser.add_argument("--json", help="file to write the figures to")
    parser.add_argument("--write", type=Path, help="document to write the tables to")
    return parser.parse_args()


class _Bench:
    def __init__(self, root: Path, options: argparse.Namespace) -> None:
        self._options = options
        self._ours, self._nbgrader, self._otter = (root / name for name in ("ours", "nbgrader", "otter"))
        ten_checks.write_course(self._ours)
        ten_checks.write_class(self._ours / "class", options.students)
        ten_checks.write_nbgrader(self._nbgrader, options.others)
        _run([BIN / "nbgrader", "generate_assignment", "hw1"], self._nbgrader)
        if options.otter:
            ten_checks.write_otter(self._otter)
            _run([options.otter, "generate", "-t", "tests", "--no-requirements", "--no-environment"], self._otter)

    def one(self) -> dict[str, dict[str, float]]:
        """Time one submission from the start of a command to its end."""
        tests = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", "."]
        student = "student00000"
        commands: dict[str, tuple[Sequence[object], Path]] = {
            "bare pytest": ([sys.executable, *tests, "tests/hw1"], self._ours),
            "autograder": (self._grade(f"class/{student}"), self._ours),
            "nbgrader": ([BIN / "nbgrader", "autograde", "hw1", "--student", student, "--force"], self._nbgrader),
        }
        if self._options.otter:
            run = [self._options.otter, "run", "--no-logo", "-a", "autograder.zip", "student.ipynb"]
            commands["otter run"] = (run, self._otter)
        runs: dict[str, list[Run]] = {name: [] for name in commands}
        for turn in range(self._options.runs + 1):
            for name, (command, folder) in commands.items():
                run_ = _run(command, folder)
                if turn:  # the first warms the file cache
                    runs[name].append(run_)
        bare = [each.wall_s for each in runs["bare pytest"]]
        return {name: _medians(each, bare) for name, each in runs.items()}

    def many(self) -> dict[str, float]:
        """Time a class on all cores and on one, and its memory."""
        few = max(1, self._options.students // 10)
        cores = sorted(os.sched_getaffinity(0))
        small = _run(self._grade(*(f"class/student{n:05}" for n in range(few))), self._ours)
        on_all = _run(self._grade("class"), self._ours)
        on_one = _run(self._grade("class"), self._ours, cores[:1])
        return {
            "students": self._options.students,
            "cores": len(cores),
            "a_minute": self._options.students * 60 / on_all.wall_s,
            "a_minute_on_one_core": self._options.students * 60 / on_one.wall_s,
            "efficiency": on_one.wall_s / on_all.wall_s / len(cores),
            "wall_s": on_all.wall_s,
            "few": few,
            **{f"{name}_mb_few": value for name, value in small.peak_mb.items()},
            **{f"{name}_mb": value for name, value in on_all.peak_mb.items()},
        }

    def nbgrader(self) -> dict[str, float]:
        """Time nbgrader on some students."""
        run = _run([BIN / "nbgrader", "autograde", "hw1", "--force"], self._nbgrader)
        return {"students": self._options.others, "a_minute": self._options.others * 60 / run.wall_s}

    def _grade(self, *paths: str) -> list[object]:
        shutil.rmtree(self._ours / "results", ignore_errors=True)
        return [BIN / "autograder", "grade", "hw1", *paths, "--isolation", self._options.isolation, "--fresh"]


def _run(command: Sequence[object], folder: Path, cores: Sequence[int] = ()) -> Run:
    """Run a command to its end; an error of it is one of the benchmark's."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    process = subprocess.Popen(
        list(map(str, command)),
        cwd=folder,
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=(lambda: os.sched_setaffinity(0, cores)) if cores else None,
    )
    peak: dict[str, float] = {}
    while process.poll() is None:
        for name, value in _peaks(process.pid).items():
            peak[name] = max(value, peak.get(name, 0.0))
        time.sleep(0.02)
    wall_s = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} ended with exit code {process.returncode}")
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(wall_s, cpu_s, peak)


def _peaks(pid: int) -> dict[str, float]:
    """Return the most memory, in MB, that a process has had, and any child of its own."""
    children = [_peak(int(child)) for child in _read(f"/proc/{pid}/task/{pid}/children").split()]
    return {"command": _peak(pid), "suite": max(children, default=0.0)}


def _peak(pid: int) -> float:
    line = next((line for line in _read(f"/proc/{pid}/status").splitlines() if line.startswith("VmHWM")), "VmHWM: 0")
    return int(line.split()[1]) / 1024


def _read(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _medians(runs: list[Run], bare: list[float]) -> dict[str, float]:
    return {
        "wall_s": statistics.median(run.wall_s for run in runs),
        "over_bare_ms": 1000 * statistics.median(run.wall_s - base for run, base in zip(runs, bare, strict=True)),
        "cpu_s": statistics.median(run.cpu_s for run in runs),
    }


def _machine() -> str:
    return f"Load before: {os.getloadavg()[0]:.1f}. Python {platform.python_version()}. Isolation: "


def _table(report: dict[str, object], options: argparse.Namespace) -> list[str]:
    one, many, nbgrader = report["one"], report["class"], report["nbgrader"]
    lines = [f"{report['machine']}{options.isolation}.", "", "| one submission | wall | over bare pytest | processor |"]
    lines.append("|---|---|---|---|")
    for name, row in one.items():
        lines.append(f"| {name} | {row['wall_s']:.2f} s | {row['over_bare_ms']:.0f} ms | {row['cpu_s']:.2f} s |")
    return [
        *lines,
        "",
        "| a class | |",
        "|---|---|",
        f"| {many['students']} submissions on {many['cores']} cores | {many['a_minute']:.0f} a minute |",
        f"| on one core | {many['a_minute_on_one_core']:.0f} a minute |",
        f"| efficiency | {many['efficiency']:.2f} |",
        f"| nbgrader on {nbgrader['students']} | {nbgrader['a_minute']:.0f} a minute |",
        f"| memory of the command, for {many['few']} and for all | "
        f"{many['command_mb_few']:.0f} MB, {many['command_mb']:.0f} MB |",
        f"| memory of the suite's process | {many['suite_mb_few']:.0f} MB, {many['suite_mb']:.0f} MB |",
    ]


if __name__ == "__main__":
    main()
