"""What reports are made with and hold: tables of Canvas and Moodle that go in, files for students that come out."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from pathlib import Path

FOR_GRADERS = {"graders", "checks.csv", "class.html"}  # the only files that may hold what students must not see

CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Layers (123),Essay (124),Current Score,Final Score",
    "    Points Possible,,,,,20,10,(read only),(read only)",
)
MOODLE = (
    "Identifier,Full name,ID number,Email address,Status,Grade,Maximum grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments"
)


def canvas(students: Sequence[str]) -> str:
    """Return Canvas's gradebook of hw3 of the sample course, in which students log in by these names."""
    lines = [f'"Last, {name}",{100 + n},S{n},{name},Section 1,,7,50,50' for n, name in enumerate(students)]
    return "\n".join([*CANVAS, *lines]) + "\n"


def moodle(students: Sequence[str]) -> str:
    """Return Moodle's worksheet of hw3 of the sample course, in which students have these as numbers."""
    status = "Submitted for grading"
    lines = [
        f"Participant {500 + n},{name} Last,{name},{name}@a.example,{status},,20.00,Yes,,-,"
        for n, name in enumerate(students)
    ]
    return "\n".join([MOODLE, *lines]) + "\n"


def options(folder: Path, students: Sequence[str]) -> list[str]:
    """Write both, and return the options by which `autograder report` finds them."""
    (folder / "canvas-export.csv").write_text(canvas(students))
    (folder / "moodle-export.csv").write_text(moodle(students))
    files = ["--canvas-gradebook", str(folder / "canvas-export.csv")]
    return [*files, "--column", "123", "--moodle-worksheet", str(folder / "moodle-export.csv"), "--scale", "--partial"]


def for_students(report: Path) -> Iterator[tuple[Path, str]]:
    """Yield the files of a report that students could get to see, with their text, decoded where it is base64."""
    for path in sorted(report.rglob("*")):
        if path.is_file() and path.relative_to(report).parts[0] not in FOR_GRADERS:
            text = path.read_text(encoding="utf-8")
            yield path, base64.b64decode(text).decode() if path.name == "result.txt" else text
