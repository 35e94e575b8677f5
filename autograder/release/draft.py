"""What the steps of making a release hand on to each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.release.fates import Fate
from autograder.release.notebooks import Notebook
from autograder.release.sources import Module
from autograder.release.suites import Suite

if TYPE_CHECKING:
    from autograder.course import Assignment, Course


@dataclass
class Draft:
    """A release in the making: what was read, what was decided, and its files by POSIX path."""

    course: Course
    assignment: Assignment
    modules: list[Module] = field(default_factory=list)
    notebooks: dict[Path, Notebook] = field(default_factory=dict)
    suites: list[Suite] = field(default_factory=list)
    fates: dict[str, Fate] = field(default_factory=dict)
    out: frozenset[str] = frozenset()
    files: dict[str, bytes] = field(default_factory=dict)

    def add_text(self, path: str, text: str) -> None:
        """Add a file of text, which always ends its lines the same way."""
        self.files[path] = text.encode()
