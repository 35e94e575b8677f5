"""What handing in late costs: pure arithmetic, without files or clocks.

How it works: the k-th day late ends k days after the due time, which an extension may have moved: by the clock on the
wall where the course names its time zone (a day may then have 23 or 25 hours), else after 24 hours each. A hand-in
is as many days late as have begun. Slip days are taken off first; the others cost their share each. Past `max_days`
nothing is accepted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from fractions import Fraction
from math import ceil

_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Policy:
    """A course's rule. `penalty_per_day` is a part of the score; without `max_days` everything is accepted."""

    slip_days: int = 0
    penalty_per_day: Fraction = Fraction(0)
    max_days: int | None = None
    zone: tzinfo | None = None


@dataclass(frozen=True, kw_only=True)
class Extension:
    """More time for one student: until another moment, for some days, or with more slip days."""

    due: datetime | None = None
    days: int = 0
    slip_days: int = 0


@dataclass(frozen=True, kw_only=True)
class Lateness:
    """How late something is, and the part of its score that this costs."""

    due: datetime  # with the extension
    days: int
    slip_days: int
    part: Fraction
    accepted: bool


def lateness(due: datetime, submitted_at: datetime, policy: Policy, extension: Extension | None = None) -> Lateness:
    """Return how late a hand-in is. Times are aware; at the very moment of a deadline nothing is late yet."""
    extension = extension or Extension()
    due = max(due, extension.due or due, day_end(due, extension.days, policy.zone))
    days = _days(due, submitted_at, policy.zone)
    slip_days = min(days, policy.slip_days + extension.slip_days)
    accepted = policy.max_days is None or days <= policy.max_days
    part = min(Fraction(1), policy.penalty_per_day * (days - slip_days)) if accepted else Fraction(1)
    return Lateness(due=due, days=days, slip_days=slip_days, part=part, accepted=accepted)


def day_end(due: datetime, days: int, zone: tzinfo | None) -> datetime:
    """Return when the `days`-th day after `due` ends, which for 0 is `due`.

    A time that the wall clock shows twice or never, because clocks are changed, is the later of its two readings.
    """
    if not days or zone is None:
        return due + days * _DAY
    wall = due.astimezone(zone).replace(tzinfo=None) + days * _DAY
    return max(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))


def _days(due: datetime, submitted_at: datetime, zone: tzinfo | None) -> int:
    """Return the least number of days after which it was not late."""
    over = submitted_at.astimezone(UTC) - due.astimezone(UTC)
    days = max(0, ceil(over / _DAY) - 2)  # a day has 23 to 25 hours, and division rounds
    while submitted_at > day_end(due, days, zone):
        days += 1
    return days


def describe(late: Lateness, policy: Policy, points: Fraction) -> str:
    """Return the rule and its arithmetic for a score in a sentence."""
    if not late.days:
        return "in time"
    parts = [_count(late.days, "day") + " late"]
    if not late.accepted:
        return f"{parts[0]}: nothing is accepted after {_count(policy.max_days or 0, 'day')}"
    if late.slip_days:
        parts.append(_count(late.slip_days, "slip day") + " used")
    if charged := late.days - late.slip_days:
        share = f"{_count(charged, 'day')} x {_number(policy.penalty_per_day * 100)}%"
        capped = ", at most all of it" if policy.penalty_per_day * charged > 1 else ""
        parts.append(f"{share} of {_number(points)} points{capped} = {_number(late.part * points)}")
    else:
        parts.append("no penalty")
    return "; ".join(parts)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def _number(value: Fraction) -> str:
    return f"{round(float(value), 4):.10g}"
