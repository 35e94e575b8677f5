"""What grading again changes: whose score, by how much, and because of which check."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.errors import UsageError
from autograder.results import CheckResult, Result, read_result
from autograder.scoring import points_text
from autograder.text import one_line


def earlier_results(folder: Path) -> dict[str, Result]:
    """Return the results of a folder by student; UsageError if there are none, or one cannot be read."""
    found = {path.stem: read_result(path) for path in sorted(folder.glob("*.json"))}
    if not found:
        raise UsageError(f"no earlier results in {one_line(str(folder))} to compare with: grade without --diff first")
    return found


def changes(before: dict[str, Result], after: Sequence[Result]) -> Iterator[str]:
    """Yield a line for each student whose score changes, and below it a line for each reason."""
    for result in sorted(after, key=lambda each: each.student):
        old = before.get(result.student)
        if old is None:
            yield f"{result.student}: new, {points_text(result.final)}"
        elif (old.final, old.max_score) != (result.final, result.max_score):
            yield f"{result.student}: {_total(old)} -> {_total(result)}{_difference(old, result)}"
            yield from (f"  {reason}" for reason in _reasons(old, result))


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
