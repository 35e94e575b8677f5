"""Time the grading of one correct submission: the whole command against bare in-process pytest.

Prints, for the reference solution of an assignment handed in as a submission:

    bare pytest          ``python -m pytest tests/hw3``: the same suite, the solution imported into the same process
    autograder grade     the whole command, with isolation, results written

Runs alternate, so that a machine that speeds up or slows down meets both alike, and the ratio is taken pair by
pair. ``python benchmarks/grading.py [--runs 9] [--assignment hw3] [--json FILE]``
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        submission = Path(folder) / "ada"
        shutil.copytree(ROOT / "solutions" / "nndl", submission / "nndl", ignore=shutil.ignore_patterns("__pycache__"))
        commands = {"bare pytest": _bare(options.assignment)}
        for level in options.isolation:
            commands[f"autograder grade ({level})"] = _grade(options.assignment, submission, Path(folder), level)
        seconds = _measure(commands, options.runs)
    report = _report(seconds)
    print(_table(report))
    if options.json:
        Path(options.json).write_text(json.dumps(report, indent=2) + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=9, help="counted runs of each command")
    parser.add_argument("--assignment", default="hw3")
    parser.add_argument("--isolation", nargs="+", default=["bwrap", "landlock"])
    parser.add_argument("--json", help="file to write the figures to")
    return parser.parse_args()


def _bare(assignment: str) -> list[str]:
    return [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"tests/{assignment}"]


def _grade(assignment: str, submission: Path, folder: Path, level: str) -> list[str]:
    output = str(folder / f"results-{level}")
    return [_command(), "grade", assignment, str(submission), "--output", output, "--isolation", level]


def _command() -> str:
    return str(Path(sys.executable).with_name("autograder"))


def _measure(commands: dict[str, list[str]], runs: int) -> dict[str, list[float]]:
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    environment["PYTEST_PLUGINS"] = "autograder.suite.plugin"
    for run in range(runs + 1):
        for name, command in commands.items():
            started = time.perf_counter()
            subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
            if run:  # the first warms the file cache
                seconds[name].append(time.perf_counter() - started)
    return seconds


def _report(seconds: dict[str, list[float]]) -> dict[str, object]:
    base = seconds["bare pytest"]
    rows = {
        name: {
            "median_s": round(statistics.median(values), 3),
            "ratio": round(statistics.median(a / b for a, b in zip(values, base, strict=True)), 2),
        }
        for name, values in seconds.items()
    }
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "rows": rows,
    }


def _table(report: dict[str, object]) -> str:
    rows = report["rows"]
    if not isinstance(rows, dict):
        raise TypeError("rows")
    lines = [str(report["machine"]), f"{'':32}{'median':>10}{'ratio':>8}"]
    lines += [f"{name:32}{row['median_s']:>9.3f}s{row['ratio']:>8.2f}" for name, row in rows.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
