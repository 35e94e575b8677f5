"""What a suite's author says of it: ``mistakes.py`` and ``alternatives.py`` beside it, all of it optional.

``HOLES`` are the beginnings of the names of the functions that a question is about; ``MISTAKES`` and ``ALTERNATIVES``
wrong and right variants of the solution, as patches; ``ONLY_WITH_THEMSELVES`` the names of mistakes that no check of
their question may let pass; ``EQUIVALENT`` the mutants that no check can tell from the solution, with the reason.
"""

from __future__ import annotations

import runpy
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.errors import CourseError, Problem

if TYPE_CHECKING:
    from autograder.course import Assignment, Course


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """What is written beside a suite."""

    file: Path
    holes: Mapping[str, tuple[str, ...]]  # beginnings of dotted names, by question
    mistakes: tuple[Mapping[str, Any], ...]
    alternatives: tuple[Mapping[str, Any], ...]
    hollow: frozenset[str]  # names of mistakes
    equivalent: tuple[tuple[str, str, str], ...]  # lines as they were, as they are in the mutant, reason

    def questions_of(self, hole: str) -> frozenset[str]:
        """Return the questions that a function belongs to."""
        return frozenset(question for question, starts in self.holes.items() if hole.startswith(tuple(starts)))


def read_catalogue(course: Course, assignment: Assignment) -> Catalogue:
    """Read it.

    Raises
    ------
    CourseError
        One of the files cannot be run.
    """
    folder = course.tests(assignment.name)
    said, more = _said(folder / "mistakes.py"), _said(folder / "alternatives.py")
    return Catalogue(
        file=folder / "mistakes.py",
        holes=said.get("HOLES", {}),
        mistakes=tuple(said.get("MISTAKES", ())),
        alternatives=tuple(more.get("ALTERNATIVES", ())),
        hollow=frozenset(said.get("ONLY_WITH_THEMSELVES", ())),
        equivalent=tuple(said.get("EQUIVALENT", ())),
    )


def _said(file: Path) -> dict[str, Any]:
    if not file.is_file():
        return {}
    try:
        return runpy.run_path(str(file))
    except Exception as error:  # whatever an instructor's file raises is told as its mistake
        raise CourseError([Problem(file=file, line=None, message=f"cannot be run: {error!r}")]) from error
