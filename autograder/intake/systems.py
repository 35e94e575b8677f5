"""Recognise the bulk downloads of other systems by the names of their files and folders.

How it works: each system is a regular expression for its names. A folder or zip is its download if most of
what lies directly in it has such names. Files of one student belong together by the system's number and the
name, both: students choose their names, and one who is called ``x_7_1`` would otherwise pass for number 7.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from autograder.moments import iso

_CANVAS = (
    re.compile(r"^(?:LATE_)?anon_(?P<late>LATE_)?(?P<anon>[^_]+)_(?P<attachment>\d+)_(?P<file>.+)$", re.DOTALL),
    re.compile(r"^(?P<name>.+?)_(?P<late>LATE_)?(?P<id>\d+)_(?P<attachment>\d+)_(?P<file>.+)$", re.DOTALL),
    re.compile(r"^(?P<name>.+?)_(?P<late>LATE_)?(?P<id>\d+)_(?P<text>text|link)\.html$", re.DOTALL),
)
_MOODLE = re.compile(
    r"^(?P<name>[^_]+)_(?P<id>\d+)_assignsubmission_(?P<kind>file|onlinetext)(?:_(?P<file>.*))?$", re.DOTALL
)
_EXCHANGE = re.compile(
    r"^(?P<name>[^+]+)\+(?P<assignment>[^+]+)\+(?P<time>\d{4}-[^+]+?(?: UTC| ?[+-]\d{4})?)(?:\+.*)?$"
)
_AGAIN = re.compile(r"-\d+(?=(\.\w+)?$)")  # what Canvas adds to the name of a file that was uploaded again
_TEXT_ONLY = "only a text or a link was handed in, no file: hand in a folder, a zip, or .py files"


@dataclass(kw_only=True)
class Member:
    """One student's part of a download. `pieces`: from the name a file had to its name here; a folder has none."""

    student: str
    id: str = ""
    name: str = ""
    email: str = ""
    submitted_at: str | None = None
    marked_late: bool = False
    problem: str = ""
    pieces: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Download:
    """What lies in a download: each student's part, and what is nobody's."""

    system: str
    members: tuple[Member, ...]
    ignored: tuple[str, ...]


def recognise(names: Mapping[str, bool], assignment: str, tops: Collection[str] = ()) -> Download | None:
    """Return what the names (with whether each is a folder) say, or None if they are no system's.

    `tops` are names of files that are looked for, which tells ``layers-1.py`` from an odd name.
    """
    for system, read in (("Canvas", _canvas), ("Moodle", _moodle), ("nbgrader exchange", _exchange)):
        members: dict[tuple[str, str, str], Member] = {}
        seen = [name for name, folder in sorted(names.items()) if read(name, folder, members, assignment)]
        if len(seen) * 2 > len(names):
            for member in members.values():
                member.pieces = dict(_latest(member.pieces, tops))
                member.problem = "" if member.pieces else _TEXT_ONLY
            ignored = tuple(sorted(set(names) - set(seen)))
            return Download(system=system, members=tuple(members.values()), ignored=ignored)
    return None


def _canvas(name: str, folder: bool, members: dict[tuple[str, str, str], Member], _: str) -> bool:
    match = next(filter(None, (pattern.match(name) for pattern in _CANVAS)), None)
    if folder or match is None:
        return False
    found = match.groupdict()
    anonymous = found.get("anon")
    identity = (anonymous, "") if anonymous else (found["id"], found["name"])
    label = f"anon_{anonymous}" if anonymous else found["name"]
    member = members.setdefault((*identity, ""), Member(student=label, id=identity[0], name=identity[1]))
    member.marked_late |= found["late"] is not None or name.startswith("LATE_anon_")
    if "text" not in found:
        member.pieces[found["file"]] = max(member.pieces.get(found["file"], name), name, key=_attachment)
    return True


def _moodle(name: str, folder: bool, members: dict[tuple[str, str, str], Member], _: str) -> bool:
    match = _MOODLE.match(name)
    if match is None or (not folder and not match["file"]):
        return False
    blind = match["name"] == "Participant"
    label = f"Participant_{match['id']}" if blind else match["name"]
    new = Member(student=label, id=match["id"], name="" if blind else match["name"])
    member = members.setdefault((match["id"], match["name"], ""), new)
    if match["kind"] == "file":
        member.pieces["" if folder else match["file"]] = name
    return True


def _exchange(name: str, folder: bool, members: dict[tuple[str, str, str], Member], assignment: str) -> bool:
    match = _EXCHANGE.match(name)
    if match is None or not folder:
        return False
    if match["assignment"] == assignment:  # the inbound folder holds those of every assignment
        new = Member(student=match["name"], id=match["name"], submitted_at=iso(match["time"]))
        members.setdefault((match["name"], "", name), new).pieces[""] = name
    return True


def _latest(pieces: Mapping[str, str], tops: Collection[str]) -> Iterator[tuple[str, str]]:
    """Give what was uploaded again its first name; of several, dict() keeps the last."""
    for name, entry in sorted(pieces.items(), key=lambda piece: _attachment(piece[1])):
        first = _AGAIN.sub("", name)
        yield (first if first in tops or first in pieces else name), entry


def _attachment(entry: str) -> int:
    match = _CANVAS[0].match(entry) or _CANVAS[1].match(entry)
    return int(match["attachment"][:18]) if match else 0
