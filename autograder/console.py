"""What every command shares: what holds for the whole command line, exit codes, and lines on standard error."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.text import printable

if TYPE_CHECKING:
    from autograder.course import Course

DONE, BELOW, MISTAKE, FAULT, INTERRUPTED = 0, 1, 2, 3, 130

Assignment = Annotated[str, typer.Argument(help="Name of the assignment in course.yaml, such as hw3.")]


@dataclass
class Session:
    """What holds for the whole command."""

    folder: Path = Path()
    debug: bool = False

    def course(self) -> Course:
        """Load the course that the command is about."""
        from autograder.course import load_course

        return load_course(self.folder)


def say(lines: str, code: int) -> int:
    """Print lines on standard error and return the exit code that they explain."""
    for line in printable(lines).splitlines():
        print(f"autograder: {line}", file=sys.stderr)
    return code


def warn(message: str) -> None:
    """Print a warning on standard error."""
    print(f"autograder: warning: {printable(message)}", file=sys.stderr)
