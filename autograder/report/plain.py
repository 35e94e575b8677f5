"""What students read of a result as plain text, for systems that show neither pages nor pictures."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.report.audience import Shown, ShownCheck, ShownQuestion
from autograder.report.words import counted, total
from autograder.scoring import points_text


def overview(view: Shown) -> str:
    """Return the score and all that is not about a single check."""
    return "\n".join(_overview(view))


def explanation(check: ShownCheck) -> str:
    """Return why a check did not pass and what helps; nothing for one that did."""
    return "" if check.passed else "\n".join(_explanation(check))


def heading(question: ShownQuestion, check: ShownCheck) -> str:
    """Return a check's title below that of its question."""
    return f"{question.title}: {check.title}"


def _overview(view: Shown) -> Iterator[str]:
    yield total(view)
    if view.problem:
        yield f"Nothing could be graded: {view.problem}"
    if view.late.rule:
        yield f"Handed in: {view.late.rule}"
    for question in view.questions:
        if question.points is None and not question.manual:
            yield f"{question.title}: not graded yet, through no fault of yours; it will be graded again"
    if view.by_hand:
        points = counted(sum(question.max_points for question in view.by_hand), "point")
        yield f"{points} still to be given by hand: {', '.join(question.title for question in view.by_hand)}"
    for question in view.questions:
        if question.comment:
            yield f"{question.title}: {question.comment}"
    for comment in view.comments:
        yield f"{comment.notebook}, cell {comment.cell}: {comment.text}"
    for remark in view.remarks:
        yield f"Remark, which costs nothing: {remark}"


def _explanation(check: ShownCheck) -> Iterator[str]:
    yield f"{check.meaning[:1].upper()}{check.meaning[1:]}."
    for cause in check.causes:
        yield f"Cause: {cause.message}"
        yield from (f"{name}: {text}" for name, text in (("What to do", cause.hint), ("Read", cause.read)) if text)
    if check.hint:
        yield f"Hint: {check.hint}"
    for title, text in (("", check.message), ("What your code printed:", check.output)):
        if text:
            yield f"\n{title}\n{text.rstrip()}" if title else f"\n{text.rstrip()}"


def scored(points: float, maximum: float) -> str:
    """Return ``2.5 of 3``."""
    return f"{points_text(points, maximum)} of {points_text(maximum)}"
