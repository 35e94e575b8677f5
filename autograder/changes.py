"""What grading again changes: whose score, by how much, and because of which check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from autograder.errors import UsageError
from autograder.results import CheckResult, Result, read_result
from autograder.scoring import points_text
from autograder.text import one_line


def changes(before: Path, after: Path, students: Iterable[str]) -> Iterator[str]:
    """Yield a line for each student whose score changes, and below it a line for each reason.

    `before` and `after` are folders of results. UsageError where an earlier one cannot be read.
    """
    for student in sorted(students):
        new = read_result(after / f"{student}.json")
        file = before / f"{student}.json"
        old = read_result(file) if file.exists() else None
        if old is None:
            yield f"{student}: new, {points_text(new.final)}"
        elif (old.final, old.max_score) != (new.final, new.max_score):
            yield f"{student}: {_total(old)} -> {_total(new)}{_difference(old, new)}"
            yield from (f"  {reason}" for reason in _reasons(old, new))


def require_earlier(folder: Path) -> None:
    """Raise UsageError if there are no results in a folder."""
    if not any(folder.glob("*.json")):
        raise UsageError(f"no earlier results in {one_line(str(folder))} to compare with: grade without --diff first")


def _total(result: Result) -> str:
    return f"{points_text(result.final)} of {points_text(result.max_score)}"


def _difference(old: Result, new: Result) -> str:
    if old.final is None or new.final is None:
        return ""
    gained = new.final - old.final
    return f" ({'+' if gained >= 0 else '-'}{points_text(abs(gained))})"


def _reasons(old: Result, new: Result) -> Iterator[str]:
    checks, others = _checks(old), _checks(new)
    for name in dict.fromkeys([*checks, *others]):
        was, now = _said(checks.get(name)), _said(others.get(name))
        if was != now:
            yield f"{name}: {was} -> {now}"
    if old.bonus != new.bonus:
        yield f"bonus: {points_text(old.bonus)} -> {points_text(new.bonus)}"
    if old.late.penalty != new.late.penalty:
        yield f"penalty: {points_text(old.late.penalty)} -> {points_text(new.late.penalty)}"


def _checks(result: Result) -> dict[str, CheckResult]:
    return {f"{question.name}.{check.name}": check for question in result.questions for check in question.checks}


def _said(check: CheckResult | None) -> str:
    if check is None:
        return "no such check"
    return f"{check.verdict.value} {points_text(check.points)}/{points_text(check.max_points)}"
