"""Points in words, the same in every format."""

from __future__ import annotations

from autograder.report.audience import Shown, ShownQuestion
from autograder.scoring import points_text


def counted(number: float, what: str) -> str:
    """Return ``1 point``, ``2.5 points``."""
    return f"{points_text(number)} {what}{'s' * (number != 1)}"


def total(view: Shown) -> str:
    """Return the score in words, with the arithmetic that leads to what counts."""
    parts = [f"{points_text(view.score, view.max_score)} of {points_text(view.max_score)} points"]
    if view.bonus:
        parts.append(f"+ {points_text(view.bonus)} bonus")
    if view.late.penalty:
        parts.append(f"- {points_text(view.late.penalty)} for being late")
    if len(parts) > 1 and view.final is not None:
        parts.append(f"= {points_text(view.final)}")
    return " ".join(parts)


def earned(question: ShownQuestion) -> str:
    """Return what a question earned, in few words."""
    if question.points is None:
        return "by hand" if question.manual else "not graded yet"
    bonus = f" + {points_text(question.bonus)}" if question.bonus else ""
    return points_text(question.points, question.max_points) + bonus
