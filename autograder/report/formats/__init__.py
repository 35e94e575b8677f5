"""The formats in which results go out, one module each, which is imported when it is asked for.

A module of this folder has a function ``write(results: ClassResults) -> Iterator[Path]`` that writes files with
`ClassResults.write` and yields their paths. What students read is made from `autograder.report.audience.shown`.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from autograder.errors import UsageError, nearest
from autograder.report.class_results import ClassResults

FORMATS = {
    "html": "pages: for each student in students/, for who grades in graders/",
    "notebooks": "the notebooks that were handed in, with feedback beside their cells, in students/STUDENT/",
    "markdown": "a page for each student as Markdown, in students/",
    "gradescope": "results.json of Gradescope, in gradescope/",
    "github": "what GitHub Classroom and workflows read, in github/",
    "junit": "JUnit XML for each student, in junit/",
    "csv": "tables for who grades: grades.csv, checks.csv",
    "json": "the class as one document, class.json",
    "canvas": "a column of Canvas's gradebook, canvas.csv",
    "moodle": "Moodle's grading worksheet, moodle.csv",
}


def chosen(given: Iterable[str]) -> tuple[str, ...]:
    """Return the formats of a list such as ``["html,csv", "junit"]``, each once; UsageError for an unknown one."""
    names = [name.strip() for part in given for name in part.split(",")]
    for name in names:
        if name not in FORMATS:
            known = ", ".join(FORMATS)
            raise UsageError(f"no format {name!r}{nearest(name, FORMATS)}; there are {known}")
    return tuple(dict.fromkeys(names))


def write(name: str, results: ClassResults) -> Iterator[Path]:
    """Write a report in one of `FORMATS` and yield the files as they are written."""
    module = importlib.import_module(f"{__name__}.{name}")
    files: Iterator[Path] = module.write(results)
    return files
