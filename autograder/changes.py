"""What grading again changes: whose score, by how much, and because of which check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from autograder.errors import UsageError
from autograder.results import CheckResult, Result, read_result
from autograder.scoring import points_text
from autograder.text import one_line

_Checks = Mapping[str, CheckResult]  # of a question, by name


def changes(before: Path, after: Path, students: Iterable[str]) -> Iterator[str]:
    """Yield a line for each student whose score changes, and below it, indented, a line for each reason.

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
    for question in dict.fromkeys([*checks, *others]):
        yield from _of_question(question, checks.get(question, {}), others.get(question, {}))
    if old.bonus != new.bonus:
        yield f"bonus: {points_text(old.bonus)} -> {points_text(new.bonus)}"
    if old.late.penalty != new.late.penalty:
        yield f"penalty: {points_text(old.late.penalty)} -> {points_text(new.late.penalty)}"


def _of_question(question: str, checks: _Checks, others: _Checks) -> Iterator[str]:
    """Yield a line for each check that ends otherwise, and one for those that only have other points."""
    before, after = list[CheckResult](), list[CheckResult]()
    for name in dict.fromkeys([*checks, *others]):
        old, new = checks.get(name), others.get(name)
        if old is None or new is None or old.verdict is not new.verdict:
            yield f"{question}.{name}: {_said(old)} -> {_said(new)}"
        elif _points([old]) != _points([new]):
            before.append(old)
            after.append(new)
    if before:
        count = f"{len(before)} check{'s' if len(before) > 1 else ''}"
        yield f"{question}: {_points(before)} -> {_points(after)} for {count} with the same verdict"


def _checks(result: Result) -> dict[str, _Checks]:
    return {question.name: {check.name: check for check in question.checks} for question in result.questions}


def _said(check: CheckResult | None) -> str:
    return "no such check" if check is None else f"{check.verdict.value} {_points([check])}"


def _points(checks: Iterable[CheckResult]) -> str:
    points, most = zip(*((check.points, check.max_points) for check in checks), strict=True)
    return f"{points_text(sum(points))}/{points_text(sum(most))}"
