"""The roster: which students there are, and by which of their names, numbers and accounts a hand-in is theirs.

How it works: accounts, numbers and addresses identify. Full names, which students choose themselves in some systems,
only do where no one else of that name is there, and nobody who is identified better claims the same student.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.errors import UsageError
from autograder.intake.submission import HandIn
from autograder.tables import Row, read_table, same
from autograder.text import file_name, one_line

# Columns as the course's own table, Canvas, Moodle, Gradescope and GitHub Classroom call them, lower case without "_".
_ACCOUNTS = (
    "student",
    "login",
    "sis login id",
    "username",
    "user name",
    "netid",
    "email",
    "email address",
    "identifier",
)
_NUMBERS = ("sis user id", "sid", "student id", "id number", "id", "canvas id", "moodle id", "github id")
_OTHERS = ("github", "github username")
_NAMES = ("name", "full name", "student name")
_POINTS_POSSIBLE = "points possible"  # a row of Canvas's gradebook that is no student


@dataclass(frozen=True, kw_only=True)
class Enrolled:
    """One student of the roster: what results call them, and all by which they are known."""

    student: str
    accounts: frozenset[str]
    names: frozenset[str]


class Roster:
    """The students of a course."""

    def __init__(self, students: Iterable[Enrolled], source: str = "the roster") -> None:
        self.students = tuple(students)
        self.source = source
        self._accounts = _unique((alias, each.student) for each in self.students for alias in each.accounts)
        self._names = _unique((alias, each.student) for each in self.students for alias in each.names)

    def by_account(self, *aliases: str) -> str:
        """Return the student whom one of the accounts, numbers or addresses identifies, or nothing."""
        return next((self._accounts[same(alias)] for alias in aliases if same(alias) in self._accounts), "")

    def by_name(self, *names: str) -> str:
        """Return the only student of one of these full names, in either order, or nothing."""
        known = (slug for name in names for slug in slugs(name) if slug in self._names)
        return next((self._names[slug] for slug in known), "")

    def join(self, hand_ins: Sequence[HandIn]) -> tuple[list[HandIn], list[str]]:
        """Return the hand-ins under the roster's names, and lines on whoever is missing on either side."""
        accounts = [self.by_account(*_accounts(hand_in)) for hand_in in hand_ins]
        named = [self.by_name(hand_in.name, hand_in.student) for hand_in in hand_ins]
        weak = Counter(name for account, name in zip(accounts, named, strict=True) if not account)
        joined, strangers = [], []
        for hand_in, account, name in zip(hand_ins, accounts, named, strict=True):
            student = account or (name if weak[name] == 1 and name not in accounts else "")
            if student:
                joined.append(replace(hand_in, student=student, enrolled=True))
                continue
            reason = f"not on {self.source}" if not name else f"on {self.source}, {name} may be meant, or somebody else"
            joined.append(hand_in.graded_as(hand_in.student, reason))
            strangers.append(hand_in.student)
        missing = sorted({each.student for each in self.students} - {each.student for each in joined if each.enrolled})
        notes = [f"{self.source}: {len(joined) - len(strangers)} of {len(joined)} hand-ins are of its students"]
        notes += [f"not on {self.source}: {', '.join(strangers)}"] if strangers else []
        notes += [f"nothing handed in by {', '.join(missing)}"] if missing else []
        return joined, notes


def read_roster(path: Path) -> Roster:
    """Read a roster, of the course's own or downloaded from another system; UsageError if it is none."""
    students = []
    seen: dict[str, int] = {}
    for line, row in read_table(path):
        found = _enrolled(row)
        if found is None:
            continue
        if found.student.casefold() in seen:
            first = seen[found.student.casefold()]
            raise UsageError(f"{path}:{line}: {found.student} is also on line {first}: give each student one row")
        seen[found.student.casefold()] = line
        students.append(found)
    if not students:
        raise UsageError(f"{path} has no students: it needs a column such as student, login, email, sid or name")
    return Roster(students, one_line(path.name))


def _enrolled(row: Row) -> Enrolled | None:
    row = dict(row)
    if row.get("student", "").casefold().startswith(_POINTS_POSSIBLE):
        return None
    if "section" in row and "id" in row and "student" in row:  # Canvas, which calls full names so
        row["name"] = row.pop("student")
    full = " ".join(filter(None, (row.get("first name"), row.get("last name"))))
    names = [name for name in (full, *(row.get(column, "") for column in _NAMES)) if name]
    accounts = [row[column] for column in (*_ACCOUNTS, *_NUMBERS, *_OTHERS) if row.get(column)]
    if not accounts and not names:
        return None
    return Enrolled(
        student=file_name((accounts or names)[0]),
        accounts=frozenset(map(same, accounts)),
        names=frozenset(slug for name in names for slug in slugs(name)),
    )


def _accounts(hand_in: HandIn) -> Iterator[str]:
    yield from filter(None, (hand_in.id, hand_in.email))
    if not hand_in.system:  # a folder or file that the instructor has named
        yield hand_in.student


def slugs(name: str) -> set[str]:
    """Return how systems write a full name: its letters and digits, last name first or not."""
    last, comma, first = unicodedata.normalize("NFKC", name).casefold().partition(",")
    words = re.findall(r"[^\W_]+", f"{first} {last}" if comma else last)
    turned = words[-1:] + words[:-1]
    if comma:
        turned = re.findall(r"[^\W_]+", f"{last} {first}")
    return {"".join(words), "".join(turned)} - {""}


def _unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return who each alias means, without those that mean several."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for alias, student in pairs:
        found[alias].add(student)
    return {alias: next(iter(students)) for alias, students in found.items() if len(students) == 1}
