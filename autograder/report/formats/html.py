"""Pages for people: one for each student, one for each to read by who grades, and one of the class."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from autograder.report.audience import Shown, shown, unabridged, without_checks
from autograder.report.class_page import class_page
from autograder.report.class_results import ClassResults
from autograder.report.rendering import render
from autograder.report.steps import first_steps


def write(results: ClassResults) -> Iterator[Path]:
    """Write ``students/<student>.html`` and ``graders/<student>.html`` for each, and ``class.html``."""
    yield results.write("class.html", class_page(results))
    for result in results.results:
        yield results.write(f"students/{result.student}.html", page(shown(result, results.course)))
        yield results.write(f"graders/{result.student}.html", page(unabridged(result, results.course), graders=True))


def page(view: Shown, *, graders: bool = False) -> str:
    """Return the page of a student, or of a student for `graders`."""
    view = without_checks(view)
    checks = [check for question in view.questions for check in question.checks]
    ids = {check: f"c-{number}" for number, check in enumerate(checks, 1)}
    return render("student.html.j2", view=view, ids=ids, steps=first_steps(view), graders=graders)
