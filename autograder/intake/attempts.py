"""Which hand-ins are of one student, and which of those counts: the latest, the best, or as of a moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from autograder.errors import UsageError
from autograder.intake.roster import Roster
from autograder.intake.submission import HandIn
from autograder.moments import moment
from autograder.text import file_name
from autograder.types import Remark

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Which of a student's attempts counts. Without `best` the latest, of those until `until` if that is given."""

    best: bool = False
    until: datetime | None = None

    @classmethod
    def parse(cls, text: str) -> Choice:
        """Read ``latest``, ``best`` or a time with its offset; UsageError for anything else."""
        if text in ("latest", "best"):
            return cls(best=text == "best")
        try:
            return cls(until=moment(text))
        except ValueError as error:
            words = f"--attempt {text!r} is neither latest, best nor a time such as 2026-11-30T23:59:00-08:00"
            raise UsageError(words) from error


def settle(hand_ins: Sequence[HandIn], roster: Roster | None, choice: Choice) -> tuple[list[HandIn], list[str]]:
    """Return the hand-ins that are to be graded, each student's under one name that is nobody else's, and notes.

    Only what the roster or a system's number says is of one student is taken for several attempts.
    """
    joined, notes = roster.join(hand_ins) if roster else (list(hand_ins), [])
    groups: defaultdict[tuple[str, ...], list[HandIn]] = defaultdict(list)
    for place, hand_in in enumerate(joined):
        groups[_person(hand_in, place)].append(hand_in)
    chosen = [each for group in _named(groups.values()) for each in _choose(group, choice)]
    several = sum(len(group) > 1 for group in groups.values())
    if several:
        notes.append(f"{several} student{'s' * (several != 1)} with several attempts: {_words(choice)} counts")
    return chosen, notes


def _person(hand_in: HandIn, place: int) -> tuple[str, ...]:
    if hand_in.enrolled:
        return ("enrolled", hand_in.student)
    if hand_in.system and hand_in.id:
        return (hand_in.system, hand_in.id, hand_in.name)
    return (str(place),)


def _named(groups: Iterable[list[HandIn]]) -> Iterator[list[HandIn]]:
    """Give every student a name that no other has, not even on a disk that ignores case; the roster's come first."""
    taken: dict[str, HandIn] = {}
    for group in sorted(groups, key=lambda group: not group[0].enrolled):
        first = group[0]
        names = [first.student, *([file_name(f"{first.student}_{first.id}")] if first.id else [])]
        number = 1
        while names[0].casefold() in taken:
            number += 1
            names = names[1:] or [f"{first.student}-{number}"]
        name = names[0]
        remark = ""
        if name != first.student:
            other = taken[first.student.casefold()].origin  # no path: students see it
            remark = f"{other} is also called {first.student}, so this one is {name}"
        taken[name.casefold()] = first
        yield [each.graded_as(name, remark, "renamed") for each in group]


def _choose(group: list[HandIn], choice: Choice) -> list[HandIn]:
    ordered = sorted(group, key=_time)  # those without a time first, in the order in which they were given
    if choice.until is not None:
        return [_until(ordered, choice.until)]
    if len(ordered) == 1:
        return ordered
    if choice.best:
        words = f"of {len(ordered)} attempts, the best of which counts"
        return [_told(replace(each, attempt=n), f"number {n} {words}") for n, each in enumerate(ordered, start=1)]
    return [_told(ordered[-1], f"the latest of {len(ordered)} attempts was graded")]


def _until(ordered: list[HandIn], until: datetime) -> HandIn:
    known = [each for each in ordered if each.submitted_at]
    earlier = [each for each in known if _time(each) <= until]
    if earlier:
        last = earlier[-1]
        return _told(last, f"of {len(ordered)} attempts, the last until {until}") if len(ordered) > 1 else last
    when = f"the first was handed in at {known[0].submitted_at}" if known else "when it was handed in is not known"
    return replace(ordered[-1], problem=f"nothing is known to be handed in until {until}: {when}")


def _told(hand_in: HandIn, message: str) -> HandIn:
    return replace(hand_in, remarks=(*hand_in.remarks, Remark(code="attempt", message=message)))


def _time(hand_in: HandIn) -> datetime:
    return moment(hand_in.submitted_at) if hand_in.submitted_at else _NEVER


def _words(choice: Choice) -> str:
    return "the best" if choice.best else f"the latest{f' until {choice.until}' if choice.until else ''}"
