"""Grading a class: from hand-ins to results and their summary."""

from autograder.grade.digests import suite_digest
from autograder.grade.lateness import how_late
from autograder.grade.order import Graded, Order, Progress
from autograder.grade.running import grade

__all__ = ["Graded", "Order", "Progress", "grade", "how_late", "suite_digest"]
