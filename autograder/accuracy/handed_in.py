"""What a check needs beside the package, and a submission does not hold."""

from __future__ import annotations

from autograder.checks import CheckFailure

MISSING = "was not handed in, or is too large to be read"  # of the latter a warning of the result tells more


class NoModel(CheckFailure):
    """What was handed in gives no model to measure, for a reason that says nothing about the code in the package."""


class NotHandedIn(NoModel):
    """A notebook or a file of weights is not there: a lost point in this course, nothing asked in another."""
