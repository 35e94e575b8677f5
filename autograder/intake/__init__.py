"""What students handed in: find it, and read it into memory however hostile it is."""

from autograder.intake.attempts import Choice
from autograder.intake.bounds import BOUNDS, Bounds
from autograder.intake.discover import Found, find
from autograder.intake.roster import Roster, read_roster
from autograder.intake.submission import HandIn, digest, files_called, read

__all__ = [
    "BOUNDS",
    "Bounds",
    "Choice",
    "Found",
    "HandIn",
    "Roster",
    "digest",
    "files_called",
    "find",
    "read",
    "read_roster",
]
