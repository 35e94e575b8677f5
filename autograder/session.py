"""What holds for a whole command, whichever it is: where the course is, and how much to tell of errors."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.course import Course


@dataclass
class Session:
    """What the options before the command say."""

    folder: Path = Path()
    debug: bool = False

    def course(self) -> Course:
        """Load the course that the command is about."""
        from autograder.course import load_course

        return load_course(self.folder)
