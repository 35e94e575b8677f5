"""Points and comments that a person gave, on top of what the suite gave: pure arithmetic, without files or clocks.

How it works: a result holds what counts, and in each question's `by_hand` what the suite had given, so that what a
person gave can be taken away again, and can be carried over to the result of the same student's next grading.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction

from autograder.late import Lateness, Policy, describe
from autograder.results import ByHand, CellComment, QuestionResult, Result, Warned
from autograder.scoring import exact, points_text

REMARK = "by_hand"  # code of the warning that a question was graded by hand before its work changed


@dataclass(frozen=True, kw_only=True)
class Given:
    """What the gradebook says of one question. `score` replaces the suite's points and bonus, `extra` is added."""

    score: float | None = None
    extra: float = 0.0
    unanswered: bool = False  # nobody graded it, for there is nothing to grade: 0 points
    comment: str = ""
    review: str = ""  # why it is to be looked at again


NOTHING = Given()


def automatic(question: QuestionResult) -> QuestionResult:
    """Return a question as the suite left it; one that is graded by hand is ungraded then."""
    left = question.by_hand
    points = left.automatic if left else None if question.manual else question.points
    bonus = left.automatic_bonus if left else 0.0 if question.manual else question.bonus
    return question.model_copy(update={"points": points, "bonus": bonus, "by_hand": None, "comment": ""})


def merged(result: Result, given: Mapping[str, Given], policy: Policy, comments: Iterable[CellComment] = ()) -> Result:
    """Return a result with what a person gave, by name of question, in place of what a person gave before."""
    questions = [_with(automatic(question), given.get(question.name, NOTHING)) for question in result.questions]
    warnings = [warning for warning in result.warnings if warning.code != REMARK]
    reviews = ((each.name, given[each.name].review) for each in result.questions if each.name in given)
    warnings += [Warned(code=REMARK, message=f"{name} {review}") for name, review in reviews if review]
    changes = {"comments": tuple(comments), "warnings": tuple(warnings)}
    return _totalled(result.model_copy(update=changes), questions, policy)


def carried(earlier: Result, result: Result, policy: Policy) -> Result:
    """Return a new result with what a person gave for the earlier one, and warnings where that saw something else."""
    now = {question.name: question for question in result.questions}
    other = earlier.submission_sha256 != result.submission_sha256
    given = {
        question.name: Given(
            score=question.by_hand.score,
            extra=question.by_hand.extra,
            comment=question.comment,
            review=_review(question.by_hand, now[question.name], other=other),
        )
        for question in earlier.questions
        if question.by_hand and question.name in now
    }
    if not given and not earlier.comments:
        return result
    new = merged(result, given, policy, earlier.comments)
    said = [warning for warning in earlier.warnings if warning.code == REMARK and not other]  # until it is looked at
    return new.model_copy(update={"warnings": tuple(dict.fromkeys([*new.warnings, *said]))})


def _review(before: ByHand, now: QuestionResult, *, other: bool) -> str:
    if now.manual:
        return "was graded by hand before this was handed in: look at it again" * other
    if before.automatic == now.points:
        return ""
    said = f"{points_text(before.automatic)} then, {points_text(now.points)} now"
    return f"was graded by hand when the suite gave something else ({said}): look at it again"


def _with(question: QuestionResult, given: Given) -> QuestionResult:
    if given.score is None and not given.extra:
        points = 0.0 if given.unanswered and question.manual else question.points
        return question.model_copy(update={"points": points, "comment": given.comment})
    points, bonus = question.points, exact(question.bonus)
    if given.score is not None:  # what goes beyond the maximum is bonus, so that no total changes
        points = min(given.score, question.max_points)
        bonus = exact(given.score) - exact(points)
    by_hand = ByHand(score=given.score, extra=given.extra, automatic=question.points, automatic_bonus=question.bonus)
    changes = {"points": points, "bonus": float(bonus + exact(given.extra)), "by_hand": by_hand}
    return question.model_copy(update={**changes, "comment": given.comment})


def _totalled(result: Result, questions: Iterable[QuestionResult], policy: Policy) -> Result:
    questions = tuple(questions)
    score = sum((exact(question.points or 0) for question in questions), Fraction(0))
    bonus = sum((exact(question.bonus) for question in questions), Fraction(0))
    changes: dict[str, object] = {"questions": questions, "score": float(score), "bonus": float(bonus)}
    if result.late.submitted_at and result.late.due and result.late.days:
        points = score + bonus
        late = Lateness(
            due=datetime.fromisoformat(result.late.due).astimezone(UTC),
            days=result.late.days,
            slip_days=result.late.slip_days,
            part=exact(result.late.part),
            accepted=policy.max_days is None or result.late.days <= policy.max_days,
        )
        penalty = float(max(Fraction(0), late.part * points))
        new = {"penalty": penalty, "rule": describe(late, policy, points)}
        changes["late"] = result.late.model_copy(update=new)
    return result.model_copy(update=changes)
