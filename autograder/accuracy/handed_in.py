"""What a check needs beside the package, and a submission does not hold."""

from __future__ import annotations

from autograder.checks import CheckFailure


class NotHandedIn(CheckFailure):
    """A notebook or a file of weights is not there: a lost point in this course, nothing asked in another."""
