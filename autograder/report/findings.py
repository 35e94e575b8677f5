"""What `autograder doctor` found, for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.doctor import Finding

_MARKS = {True: "ok", False: "MISSING", None: "-"}


def show_findings(findings: Sequence[Finding]) -> None:
    """Print a line for each finding, and below it how to get what is missing."""
    width = max(len(finding.name) for finding in findings)
    for finding in findings:
        print(f"{_MARKS[finding.ok]:7}  {finding.name:{width}}  {finding.detail}")
        if finding.remedy:
            print(f"{'':7}  {'':{width}}  to get it: {finding.remedy}")
