"""How long a report of a large class takes, and how large it is (docs/feedback.md).

The class is made of the results in a folder, by default those that `make demo` writes, given to as many students as
are asked for.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from autograder.course import load_course
from autograder.report.class_results import ClassResults, read_class
from autograder.report.formats import write

ROOT = Path(__file__).parents[1]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--results", type=Path, default=ROOT / "results/hw3")
    options.add_argument("--students", type=int, default=500)
    options.add_argument("--formats", default="html,markdown,gradescope,csv,json")
    given = options.parse_args()
    if not given.results.is_dir():
        sys.exit(f"no results in {given.results}: make demo first, or give --results")
    course = load_course(ROOT)
    known = read_class(given.results, given.results.name)
    results = tuple(
        known[number % len(known)].model_copy(update={"student": f"student {number:04}"})
        for number in range(given.students)
    )
    measured = {}
    for name in given.formats.split(","):
        with tempfile.TemporaryDirectory() as folder:
            material = ClassResults(
                course=course, assignment=course.assignment(known[0].assignment), results=results, output=Path(folder)
            )
            started = time.process_time()
            files = list(write(name, material))
            sizes = [file.stat().st_size for file in files]
            measured[name] = {
                "files": len(files),
                "cpu_s": round(time.process_time() - started, 1),
                "MB": round(sum(sizes) / 1e6, 1),
                "largest_kB": round(max(sizes) / 1e3),
            }
    print(json.dumps({"students": given.students, "formats": measured}, indent=2))


if __name__ == "__main__":
    main()
