"""Measure what the course's own notebooks and trainings reach: what handouts may promise, and `spread`.

``notebooks`` runs the instructor's notebooks from top to bottom, on each data set that is here, and prints the
accuracies that their cells print. ``questions`` grades the reference solution in the sandbox with several seeds, once
with its notebooks and once without, where accuracy questions train with the handout's settings; it prints the mean
accuracy, its standard deviation over seeds (`fairness: {spread: ...}` in course.yaml), the points that the mean earns,
and seconds of grading.

``python benchmarks/accuracies.py notebooks|questions [hw2 hw4] [--seeds 5] [--data shapes10]
[--write docs/accuracy.md]``
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import document
import nbformat
from nbclient import NotebookClient

from autograder.accuracy.rules import of_the_reference
from autograder.course import Assignment, Course, Question, load_course
from autograder.data import published
from autograder.scoring import earned
from autograder.suite.client import SuiteHost
from autograder.types import CheckOutcome, Submission

ROOT = Path(__file__).resolve().parent.parent
_ACCURACY = re.compile(r"^.*(?:acc|:).*?\b0?\.\d+.*$", re.IGNORECASE | re.MULTILINE)
_OF_EPOCHS = re.compile(r"^\(?(?:epoch|iteration)", re.IGNORECASE)


def main() -> None:
    options = _options()
    course = load_course(ROOT)
    rows: list[str] = []
    chosen = [course.assignment(name) for name in options.assignments or course.assignments]
    for assignment in chosen:
        if assignment.unmet():
            print(f"{assignment.name}: {assignment.unmet()}")
        elif options.what == "notebooks":
            _notebooks(course, assignment, options.data)
        else:
            rows += _questions(course, assignment, options.seeds)
    if options.write:
        heads = ["| question | its model | percent right (gradings) | points | seconds |", "|---|---|---|---|---|"]
        document.write(options.write, "questions", heads + rows)


# -- notebooks -------------------------------------------------------------------------------------


def _notebooks(course: Course, assignment: Assignment, data: list[str]) -> None:
    found = published.find(course.root)
    folders = {"shapes10": None} | ({"cifar10": found} if found else {})
    for name in assignment.notebooks:
        for kind, folder in folders.items():
            if kind not in data:
                continue
            started = time.monotonic()
            notebook = nbformat.read(course.source(assignment.name) / name, as_version=4)
            lines = _run(course, assignment, notebook, folder)
            print(f"{assignment.name} {name} on {kind} ({time.monotonic() - started:.0f} s)", flush=True)
            print("".join(f"    {cell:24}{line}\n" for cell, line in lines), end="", flush=True)


def _run(
    course: Course, assignment: Assignment, notebook: nbformat.NotebookNode, cifar10: Path | None
) -> list[tuple[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        for package in (assignment.package, "utils"):
            shutil.copytree(course.solutions / package, Path(folder) / package)
        os.environ["CIFAR10_DIR"] = str(cifar10.absolute()) if cifar10 else str(Path(folder) / "nowhere")
        NotebookClient(notebook, timeout=3600, resources={"metadata": {"path": folder}}).execute()
    return [
        (cell.id, line.strip())
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        for line in _ACCURACY.findall(output.get("text", ""))
        if "acc" in line and not _OF_EPOCHS.match(line)
    ]


# -- questions -------------------------------------------------------------------------------------


def _questions(course: Course, assignment: Assignment, seeds: int) -> Iterator[str]:
    """Grade the reference; print and yield a row of the table for each metric, with and without its notebook."""
    questions = {question.metric: question for question in assignment.questions.values() if question.metric}
    if not questions:
        return
    package = course.solutions / assignment.package
    files = {f"{package.name}/{path.relative_to(package)}": path.read_bytes() for path in package.rglob("*.py")}
    for how, extras in {"of its notebook": of_the_reference(course, assignment), "trained when graded": {}}.items():
        submission = Submission(student="reference", files=files, extras=extras, sha256="", origin="benchmark")
        graded = list(_graded(course, assignment, submission, seeds))
        for metric, question in questions.items():
            checks = [
                check for outcome in graded for check in outcome for m in check.measurements if m.metric == metric
            ]
            cells = [f"{assignment.name} {metric}", how, *_cells(question, metric, checks)]
            print("  ".join(cells), flush=True)
            yield f"| {' | '.join(cells)} |"


def _graded(
    course: Course, assignment: Assignment, submission: Submission, seeds: int
) -> Iterator[tuple[CheckOutcome, ...]]:
    others = [question.name for question in assignment.questions.values() if not question.metric]
    for seed in range(1, seeds + 1):
        with SuiteHost(course, assignment.name, seed=seed, without=others) as host:
            ((_, outcome),) = host.grade([submission])
        yield outcome.checks


def _cells(question: Question, metric: str, checks: list[CheckOutcome]) -> list[str]:
    """Return accuracy in percent with its spread over seeds, points for the mean, and seconds of grading."""
    values = [m.estimate for check in checks for m in check.measurements if m.metric == metric]
    if not values:
        return ["not measured", "-", "-"]
    mean = statistics.mean(values)
    part, bonus = earned(question.formula, question.bonus, mean)
    spread = f" ±{100 * statistics.stdev(values):.1f}" if len(values) > 1 else ""
    points = f"{float(part) * question.points:.1f} of {question.points:g}" + f" +{float(bonus):g}" * bool(bonus)
    seconds = statistics.median(check.seconds for check in checks)
    return [f"{100 * mean:.1f}{spread} ({len(values)} x)", points, f"{seconds:.0f}"]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["notebooks", "questions"])
    parser.add_argument("assignments", nargs="*", help="default: all of the course")
    parser.add_argument("--seeds", type=int, default=5, help="gradings of each question")
    parser.add_argument("--data", type=lambda text: text.split(","), default=["shapes10", "cifar10"])
    parser.add_argument("--write", type=Path, help="document to write the table into, such as docs/accuracy.md")
    return parser.parse_args()


if __name__ == "__main__":
    main()
