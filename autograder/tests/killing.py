"""Grades a small class, kills the command at a moment, lets it be run again, and says what came out differently.

``python -m autograder.tests.killing [TIMES]`` does so at random moments (`make kills`): by turns at any time after the
start, and some time after so many outcomes are kept. test_resuming.py does it at a few.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from autograder.grade.outcomes import FOLDER
from autograder.tests.command_line import ENVIRONMENT
from autograder.tests.sample_course import write
from autograder.tests.tiny_course import LAYERS, submission, write_course

WRONG = LAYERS.replace("return 2 * x", "return 3 * x")
SLOW = LAYERS.replace("form, x = cache", "import time; time.sleep(0.2); form, x = cache")
CRASHING = LAYERS.replace("form, x = cache", "import os; os.abort()")
STUDENTS = {
    "ann": submission(),
    "bob": submission(layers=WRONG),
    "cy": submission(),  # as ann's
    "dan": submission(layers=SLOW),
    "eve": submission(layers=CRASHING),
    "fay": {},
    "gus": submission(layers=LAYERS + "# gus"),
    "hal": submission(layers=WRONG),  # as bob's
}
OUTCOMES = 5  # that are kept: of different submissions that can be graded


def write_class(root: Path) -> Path:
    """Write the course with its class into a folder, and return it."""
    course = write_course(root)
    patient = course.file.read_text(encoding="utf-8").replace("check_time_s: 1.0", "check_time_s: 20")
    course.file.write_text(patient, encoding="utf-8")  # a busy machine times nobody out
    for student, files in STUDENTS.items():
        write(root / "class" / student, files)
    return root


def command(output: str, *options: str) -> list[str]:
    """Return the command that grades the class."""
    return [sys.executable, "-m", "autograder", "grade", "hw1", "class", "--output", output, *options]


def start(course: Path, output: str, *options: str) -> subprocess.Popen[bytes]:
    """Start the command on the class."""
    pipe = subprocess.PIPE
    return subprocess.Popen(command(output, *options), cwd=course, env=ENVIRONMENT, stdout=pipe, stderr=pipe)


def grade(course: Path, output: str) -> int:
    """Run the command to its end and return its exit code."""
    process = start(course, output)
    process.communicate()
    return process.returncode


def kill(course: Path, output: str, outcomes: int = 0, after_s: float = 0.0) -> bool:
    """Run the command, and kill it some time after so many outcomes are kept; return whether it was still running."""
    process = start(course, output)
    while kept(course, output) < outcomes and process.poll() is None:
        time.sleep(0.002)
    try:
        process.communicate(timeout=after_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
    return process.returncode == -signal.SIGKILL


def contents(folder: Path) -> dict[str, Any]:
    """Return all files of a folder of results by name, without times and without what only speeds up grading."""
    files = (path for path in folder.rglob("*") if path.is_file() and FOLDER not in path.relative_to(folder).parts)
    return {path.relative_to(folder).as_posix(): _timeless(path) for path in files}


def _timeless(path: Path) -> Any:
    text = path.read_text(encoding="utf-8")
    return _without_times(json.loads(text)) if path.suffix == ".json" else text


def _without_times(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_times(below) for key, below in value.items() if key not in ("started", "seconds")}
    return [_without_times(each) for each in value] if isinstance(value, list) else value


def kept(course: Path, output: str) -> int:
    """Return how many outcomes are kept in a folder of results."""
    return sum(path.is_file() for path in (course / output / "hw1" / FOLDER).rglob("*"))


def main() -> int:
    """Kill and resume so many times; print what was different, and at which moments the kills came."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("times", type=int, nargs="?", default=100)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    chance, wrong, moments = random.Random(options.seed), 0, Counter[int]()
    with tempfile.TemporaryDirectory() as folder:
        course = write_class(Path(folder))
        started = time.monotonic()
        grade(course, "whole")
        whole_s = time.monotonic() - started
        expected = contents(course / "whole")
        for number in range(options.times):
            outcomes = number % 2 * chance.randint(1, OUTCOMES)
            moment = chance.uniform(0, 0.5 if outcomes else whole_s)
            killed = kill(course, f"r{number}", outcomes, moment)
            moments[kept(course, f"r{number}") if killed else -1] += 1
            again, found = grade(course, f"r{number}"), contents(course / f"r{number}")
            if again or found != expected:
                wrong += 1
                print(f"killed {moment:.3f} s after {outcomes} outcomes: then exit code {again}")
                for name in found | expected:
                    if found.get(name) != expected.get(name):
                        print(f"{name}: {expected.get(name)}\n{found.get(name)}", flush=True)
    by_kept = ", ".join(f"{count} with {number} kept" for number, count in sorted(moments.items()) if number >= 0)
    print(f"{options.times} times, {moments[-1]} of them over before the kill; of the others {by_kept}; {wrong} wrong")
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main())
