"""The late policy: exact at its boundaries, and fair whatever the numbers are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.late import Extension, Policy, day_end, describe, lateness

PACIFIC = ZoneInfo("America/Los_Angeles")
DUE = datetime.fromisoformat("2026-10-26T23:59:00-07:00")
RULE = Policy(slip_days=1, penalty_per_day=Fraction(1, 10), max_days=4)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)

times = st.datetimes(datetime(2020, 1, 1), datetime(2032, 1, 1), timezones=st.just(UTC))
zones = st.sampled_from([None, UTC, PACIFIC, ZoneInfo("Europe/Berlin"), ZoneInfo("Australia/Lord_Howe")])
spans = st.timedeltas(timedelta(days=-3), timedelta(days=40))
policies = st.builds(
    Policy,
    slip_days=st.integers(0, 5),
    penalty_per_day=st.fractions(0, 1, max_denominator=50),
    max_days=st.none() | st.integers(0, 10),
    zone=zones,
)
extensions = st.builds(Extension, due=st.none() | times, days=st.integers(0, 10), slip_days=st.integers(0, 3))


@pytest.mark.parametrize(
    ("over", "days", "slip_days", "part"),
    [
        (-DAY, 0, 0, 0), (0 * DAY, 0, 0, 0), (SECOND / 1e6, 1, 1, 0), (DAY, 1, 1, 0), (DAY + SECOND, 2, 1, 10),
        (4 * DAY, 4, 1, 30), (4 * DAY + SECOND, 5, 1, 100),
    ],
)  # fmt: skip
def test_boundaries_are_exact(over: timedelta, days: int, slip_days: int, part: int) -> None:
    late = lateness(DUE, DUE + over, RULE)
    assert (late.days, late.slip_days, late.part * 100) == (days, slip_days, part)


@pytest.mark.parametrize(("month", "day", "hours"), [(10, 31, 25), (3, 7, 23), (6, 1, 24)])
def test_day_has_the_hours_of_the_zone(month: int, day: int, hours: int) -> None:
    due = datetime(2026, month, day, 23, 59, tzinfo=PACIFIC).astimezone(UTC)
    assert day_end(due, 1, PACIFIC) - due == timedelta(hours=hours)
    assert day_end(due, 1, None) - due == timedelta(hours=24)


def test_deadline_that_clocks_skip_or_show_twice_is_the_later() -> None:
    skipped = datetime(2026, 3, 7, 2, 30, tzinfo=PACIFIC).astimezone(UTC)
    twice = datetime(2026, 10, 31, 1, 30, tzinfo=PACIFIC).astimezone(UTC)
    assert day_end(skipped, 1, PACIFIC).astimezone(PACIFIC).hour == 3
    assert day_end(twice, 1, PACIFIC) - twice == timedelta(hours=25)


@given(times, spans, spans, policies, extensions)
def test_later_never_costs_less(
    due: datetime, one: timedelta, other: timedelta, policy: Policy, extension: Extension
) -> None:
    early, late = (lateness(due, due + over, policy, extension) for over in sorted((one, other)))
    assert early.days <= late.days
    assert early.part <= late.part
    assert early.accepted >= late.accepted


@given(times, spans, policies, extensions)
def test_cost_is_a_part_and_an_extension_never_hurts(
    due: datetime, over: timedelta, policy: Policy, extension: Extension
) -> None:
    without, extended = lateness(due, due + over, policy), lateness(due, due + over, policy, extension)
    assert 0 <= extended.part <= without.part <= 1
    assert extended.days <= without.days
    assert 0 <= without.slip_days <= min(without.days, policy.slip_days)


@given(times, spans, policies, st.integers(-12, 14))
def test_clock_of_whoever_hands_in_does_not_matter(due: datetime, over: timedelta, policy: Policy, offset: int) -> None:
    elsewhere = (due + over).astimezone(timezone(timedelta(hours=offset)))
    assert lateness(due, elsewhere, policy) == lateness(due, due + over, policy)


@given(times, st.integers(0, 12), policies)
def test_end_of_a_day_is_still_that_day(due: datetime, days: int, policy: Policy) -> None:
    end = day_end(due, days, policy.zone)
    assert lateness(due, end, policy).days == days
    assert lateness(due, end + SECOND, policy).days == days + 1


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "in time"),
        (1, "1 day late; 1 slip day used; no penalty"),
        (3, "3 days late; 1 slip day used; 2 days x 10% of 41.5 points = 8.3"),
        (5, "5 days late: nothing is accepted after 4 days"),
    ],
)
def test_sentence_has_the_rule_and_its_arithmetic(days: int, words: str) -> None:
    assert describe(lateness(DUE, DUE + days * DAY, RULE), RULE, Fraction(83, 2)) == words


def test_sentence_says_that_more_than_all_is_not_taken() -> None:
    rule = Policy(penalty_per_day=Fraction(2, 5))
    words = "3 days late; 3 days x 40% of 10 points, at most all of it = 10"
    assert describe(lateness(DUE, DUE + 3 * DAY, rule), rule, Fraction(10)) == words
