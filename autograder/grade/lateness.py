"""How late a hand-in is, and what that costs of its points."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from autograder.grade.order import Order
from autograder.intake import HandIn
from autograder.late import Lateness, Policy, describe, lateness
from autograder.moments import moment
from autograder.results import Late
from autograder.scoring import Score, exact

if TYPE_CHECKING:
    from autograder.course import Course


def policy(course: Course) -> Policy:
    """Return a course's rule for what is late."""
    late = course.late
    return Policy(
        slip_days=late.slip_days,
        penalty_per_day=exact(late.penalty_per_day),
        max_days=late.max_days,
        zone=ZoneInfo(late.time_zone) if late.time_zone else None,
    )


def how_late(order: Order, hand_in: HandIn) -> Lateness | None:
    """Return how late a hand-in is, or None where nobody knows when it was handed in."""
    if hand_in.submitted_at is None:
        return None
    time = moment(hand_in.submitted_at)
    return lateness(order.assignment.due, time, policy(order.course), order.extensions.of(hand_in))


def penalty(order: Order, hand_in: HandIn, scored: Score) -> Late:
    """Return when a hand-in was handed in, and what that costs of the points that it scored."""
    when = how_late(order, hand_in)
    if when is None:
        due = order.assignment.due.isoformat()
        return Late(due=due, rule="marked as late, but not when: no penalty" if hand_in.marked_late else "")
    points = exact(scored.score) + exact(scored.bonus)
    return Late(
        due=when.due.isoformat(),
        submitted_at=hand_in.submitted_at,
        days=when.days,
        slip_days=when.slip_days,
        part=float(when.part),
        penalty=float(max(Fraction(0), when.part * points)),
        rule=describe(when, policy(order.course), points),
    )
