"""What commands share with the command line around them: exit codes, arguments, and lines on standard error."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from autograder.text import printable

DONE, BELOW, MISTAKE, FAULT, INTERRUPTED = 0, 1, 2, 3, 130

Assignment = Annotated[str, typer.Argument(help="Name of the assignment in course.yaml, such as hw3.")]


def say(lines: str, code: int) -> int:
    """Print lines on standard error and return the exit code that they explain."""
    for line in printable(lines).splitlines():
        print(f"autograder: {line}", file=sys.stderr)
    return code


def warn(message: str) -> None:
    """Print a warning on standard error."""
    print(f"autograder: warning: {printable(message)}", file=sys.stderr)
