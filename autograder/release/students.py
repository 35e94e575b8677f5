"""Write the files that only a release has: README, requirements and what pytest needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import jinja2

from autograder.release.fates import covers

if TYPE_CHECKING:
    from autograder.course import Assignment, Course

PYTEST_INI = "[pytest]\ntestpaths = tests\n"


def readme(course: Course, assignment: Assignment, emptied: Iterable[tuple[str, str]]) -> str:
    """Return README.md; `emptied` holds path and dotted name of each function that students write."""
    return _render(
        "README.md.j2",
        course=course,
        assignment=assignment,
        due=in_words(assignment.due),
        written=_by_file(emptied, assignment.holes),
        carried=_by_file(emptied, set(assignment.carried) - set(assignment.holes)),
        total=sum(question.points for question in assignment.questions.values()),
        handed_in=[assignment.package, *assignment.notebooks],
    )


def conftest() -> str:
    """Return conftest.py."""
    return _render("conftest.py.j2")


def in_words(time: datetime) -> str:
    """Return a time as students read it, with its offset: 2026-10-26 23:59 (UTC-07:00)."""
    return f"{time:%Y-%m-%d %H:%M} ({time.tzname() or 'local time'})"


def _by_file(emptied: Iterable[tuple[str, str]], listed: Iterable[str]) -> Mapping[str, list[str]]:
    """Return the functions that one list of course.yaml names, as students know them, by file."""
    listed, found = list(listed), dict[str, list[str]]()
    for path, name in emptied:
        if any(covers(entry, name) for entry in listed):
            module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            found.setdefault(path, []).append(name.removeprefix(f"{module}."))
    return found


def _render(template: str, **values: object) -> str:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("autograder.release"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # Markdown and Python, not HTML
    )
    environment.filters["code"] = "`{}`".format
    return environment.get_template(template).render(**values)
