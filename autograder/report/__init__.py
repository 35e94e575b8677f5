"""What people and scripts see of results."""

from autograder.report.findings import show_findings
from autograder.report.machine import print_json
from autograder.report.terminal import Bar, Lines, Silent, show_class

__all__ = ["Bar", "Lines", "Silent", "print_json", "show_class", "show_findings"]
