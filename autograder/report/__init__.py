"""What people and scripts see of results."""

from autograder.report.counting import Counter
from autograder.report.findings import show_findings
from autograder.report.intake import show_found
from autograder.report.machine import print_json
from autograder.report.progress import Bar, Events, Lines, Silent
from autograder.report.terminal import show_class
from autograder.report.verification import print_verification, show_verification

__all__ = [
    "Bar",
    "Counter",
    "Events",
    "Lines",
    "Silent",
    "print_json",
    "print_verification",
    "show_class",
    "show_findings",
    "show_found",
    "show_verification",
]
