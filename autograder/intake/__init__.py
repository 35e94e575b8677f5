"""What students handed in: find it, and read it into memory however hostile it is."""

from autograder.intake.bounds import BOUNDS, Bounds
from autograder.intake.discover import Found, find
from autograder.intake.submission import HandIn, digest, read

__all__ = ["BOUNDS", "Bounds", "Found", "HandIn", "digest", "find", "read"]
