"""Grades in the tables that learning management systems give out and take back: who is on which line, and how much.

How it works: an account, number or address that both a result (by its own name, or by the roster) and a line have
identifies a student; a full name does where nobody else has it on either side. Nobody else is guessed: who is on one
side only is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from autograder.errors import UsageError
from autograder.intake.roster import Enrolled, Roster, slugs
from autograder.report.class_results import ClassResults
from autograder.results import Result
from autograder.tables import same
from autograder.text import one_line


@dataclass(frozen=True, kw_only=True)
class Line:
    """A student's line of a table, by its place there, and by what it calls the student."""

    place: int
    shown: str
    accounts: frozenset[str]
    names: frozenset[str]


@dataclass(kw_only=True)
class Joined:
    """The result of each line that has one, by the line's place, and what there is to say about the others."""

    by_place: dict[int, Result] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def line(place: int, shown: str, accounts: Sequence[str], names: Sequence[str]) -> Line:
    """Return a line; blank accounts and names are nobody's."""
    known = frozenset(same(account) for account in accounts if account.strip())
    slugged = frozenset(slug for name in names for slug in slugs(name))
    return Line(place=place, shown=one_line(shown), accounts=known, names=slugged)


def join(results: Sequence[Result], lines: Sequence[Line], roster: Roster | None) -> Joined:
    """Find each result's line: by what identifies a student, else by a full name that nobody else has."""
    known = {each.student: each for each in roster.students} if roster else {}
    claims: dict[str, list[int]] = {}
    for result in results:
        accounts = _accounts(result, known.get(result.student))
        claims[result.student] = [each.place for each in lines if each.accounts & accounts]
    claimed = {place for places in claims.values() for place in places}
    for result in results:
        names = _names(result, known.get(result.student))
        if not claims[result.student]:
            claims[result.student] = [e.place for e in lines if e.names & names and e.place not in claimed]
    counts = Counter(place for places in claims.values() for place in places)
    joined = Joined()
    for result in results:
        places = claims[result.student]
        if len(places) == 1 and counts[places[0]] == 1:
            joined.by_place[places[0]] = result
        else:
            why = (
                "no line"
                if not places
                else "more than one line"
                if len(places) > 1
                else "the line of somebody else too"
            )
            joined.notes.append(f"{one_line(result.student)}: {why} in the table: left out")
    joined.notes += [f"{each.shown}: no result: left as it is" for each in lines if each.place not in joined.by_place]
    return joined


def points(results: ClassResults, result: Result, maximum: float) -> float | str:
    """Return what counts for a student out of `maximum`, or why that is not known yet.

    Raises
    ------
    UsageError
        If the system's maximum is another than the assignment's, and results are not to be scaled to it.
    """
    ours = sum(question.points for question in results.assignment.questions.values())
    if maximum != ours and not results.options.scale:
        raise UsageError(
            f"the table's maximum is {maximum:g}, but {results.assignment.name} has {ours:g} points: "
            "change one of the two, or give --scale"
        )
    if result.final is None:
        return f"{', '.join(result.ungraded)} not graded, through no fault of the student: left out"
    if result.status == "by hand" and not results.options.partial:
        return "points by hand are still to come: left out; --partial takes what there is"
    return result.final * (maximum / ours if ours else 1)


def number(value: float, decimal: str = ".") -> str:
    """Return points with at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", decimal)


def _accounts(result: Result, enrolled: Enrolled | None) -> frozenset[str]:
    return frozenset({same(result.student.replace("Participant_", ""))} | (enrolled.accounts if enrolled else set()))


def _names(result: Result, enrolled: Enrolled | None) -> frozenset[str]:
    return frozenset(slugs(result.student)) | (enrolled.names if enrolled else frozenset())


def columns(header: Sequence[str]) -> Iterator[str]:
    """Yield the columns of a table for a message."""
    yield from (one_line(column, 60) for column in header if column.strip())
