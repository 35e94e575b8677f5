"""Recognise by their content what the paths on a command line are: one hand-in, or a class of them.

How it works: a folder is one hand-in if the package, one of its modules or one of the assignment's
notebooks lies directly in it. `downloads` recognises what comes from other systems; nbgrader's
``<student>/<assignment>/`` is told by the inner folder's name; otherwise each sub-folder, zip, notebook or
module in it is one student's. Links below a path that was given are not followed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.errors import UsageError
from autograder.intake.attempts import Choice, settle
from autograder.intake.bounds import Unusable
from autograder.intake.downloads import Downloads
from autograder.intake.locate import Wanted
from autograder.intake.roster import Roster
from autograder.intake.submission import HandIn
from autograder.intake.tree import ignored, open_regular, read_bounded
from autograder.moments import iso
from autograder.text import file_name, one_line
from autograder.types import Dialect

if TYPE_CHECKING:
    from autograder.course import Assignment

_HANDED_IN = frozenset({".zip", ".py", ".ipynb"})
_SINGLE = (".py", ".ipynb")
_ARCHIVES = frozenset({".tar", ".gz", ".tgz", ".bz2", ".xz", ".rar", ".7z"})  # each a student, who is told why not
_SUFFIXES = re.compile(r"(\.(zip|py|ipynb|tar|gz|tgz|bz2|xz|rar|7z))+$", re.IGNORECASE)

# Names of folders inside a hand-in, never of students.
_PARTS = frozenset({"assignment", "homework", "project", "submission", "code", "src", "notebook", "notebooks"})
_PARTS |= {"backup", "cs231n", "data", "datasets", "tests", "utils"}
_PEEK_DEPTH = 4
_PEEK_ENTRIES = 5000


@dataclass(frozen=True, kw_only=True)
class Found:
    """The hand-ins at the paths of a command, and how each path was understood, in a line for each."""

    hand_ins: tuple[HandIn, ...]
    notes: tuple[str, ...]


def find(
    paths: Iterable[Path],
    assignment: Assignment,
    known: Mapping[str, Assignment],
    dialects: Iterable[Dialect] = (),
    roster: Roster | None = None,
    choice: Choice | None = None,
) -> Found:
    """Find the hand-ins at `paths`; `known` are the course's assignments by their names.

    Every student gets a name that is good for files and is nobody else's: that of the roster, if there is one. Of
    several attempts the `choice` (by default the latest) is taken. Raises UsageError for a path that does not
    exist, cannot be read or holds nothing.
    """
    others = {name: set(Wanted.of(other, known).modules) for name, other in known.items() if name != assignment.name}
    finder = _Finder(assignment, Wanted.of(assignment, known, dialects), others)
    found: dict[tuple[object, ...], HandIn] = {}
    notes = []
    for path in paths:
        members, note = finder.expand(path)
        notes.append(f"{one_line(str(path))}: {note}")
        for member in members:
            place = (member.path, member.student, *member.entries.values())
            found.setdefault(place, member)  # a path that was given twice is one hand-in
    hand_ins, remarks = settle(list(found.values()), roster, choice or Choice())
    return Found(hand_ins=tuple(hand_ins), notes=(*notes, *remarks))


class _Finder:
    def __init__(self, assignment: Assignment, wanted: Wanted, others: Mapping[str, set[str]]) -> None:
        self._name = assignment.name
        self._wanted = wanted
        self._packages = {wanted.package, *(dialect.package for dialect in wanted.dialects)}
        self._modules = {f"{module}.py" for module in wanted.modules}
        self._tops = self._modules | set(assignment.notebooks)
        self._assignments = {name.lower() for name in (assignment.name, *others)}
        self._others = others  # of the other assignments, the modules
        self._downloads = Downloads(assignment=assignment.name, tops=self._tops)

    def expand(self, path: Path) -> tuple[list[HandIn], str]:
        """Return the hand-ins at a path of the command line, and what it was taken for."""
        path = Path(os.path.realpath(path))  # links that the user gave are followed
        if path.is_dir():
            return self._folder(path)
        if path.is_file():
            if path.suffix.lower() == ".zip" and (download := self._downloads.in_zip(path)):
                return download
            return [HandIn(student=self._student(path), path=path)], "one hand-in"
        if path.exists():
            raise UsageError(f"{one_line(str(path))} is neither a folder nor a file: give folders, zips or notebooks")
        raise UsageError(f"{one_line(str(path))} does not exist: give folders, zips or notebooks to grade")

    def _folder(self, path: Path) -> tuple[list[HandIn], str]:
        entries = _entries(path)
        if not entries:
            raise UsageError(f"{one_line(str(path))} is empty: give a folder with hand-ins in it")
        if self._is_hand_in(entries):
            return [HandIn(student=self._student(path), path=path)], "one hand-in"
        if download := self._downloads.in_folder(path, entries):
            return download
        own = next((e for e in entries if e.name == self._name and e.is_dir(follow_symlinks=False)), None)
        if own is not None:  # nbgrader's submitted/<student>
            inner, note = self._folder(Path(own.path))
            if len(inner) == 1:
                time = inner[0].submitted_at or _timestamp(Path(own.path))
                inner = [replace(inner[0], student=self._student(path), submitted_at=time)]
            return inner, note
        members, others = _divide(entries)
        if self._is_class(members, others):
            return [self._member(entry) for entry in members], _note(members, others)
        return [HandIn(student=self._student(path), path=path)], "one hand-in"

    def _is_hand_in(self, entries: list[os.DirEntry[str]]) -> bool:
        """Return whether the package, one of its modules or one of the notebooks lies directly here."""
        return any(
            entry.name in self._tops or (entry.name in self._packages and not entry.is_file()) for entry in entries
        )

    def _is_class(self, members: list[os.DirEntry[str]], others: list[str]) -> bool:
        """Return whether these are several students' work and not the parts of one's.

        Files beside folders, or folders with names such as ``code``, speak for one student, unless two
        others hold work of their own.
        """
        whole = [entry for entry in members if entry.is_dir() or not entry.name.endswith(_SINGLE)]
        students = [entry for entry in whole if not self._is_part(_SUFFIXES.sub("", entry.name))]
        if not whole or (len(students) == len(members) and not others):
            return bool(members)
        return len(list(islice(filter(self._holds_work, students), 2))) == 2

    def _is_part(self, name: str) -> bool:
        return name.lower() in _PARTS or name.lower() in self._assignments

    def _holds_work(self, entry: os.DirEntry[str]) -> bool:
        """Return whether a folder holds something to grade a few levels down, or is a file that may."""
        if not entry.is_dir(follow_symlinks=False):
            return True
        return any(
            name in self._tops or name in self._packages or name.lower().endswith((".zip", ".ipynb"))
            for name in _peek(Path(entry.path))
        )

    def _member(self, entry: os.DirEntry[str]) -> HandIn:
        path = Path(entry.path)
        if not entry.is_dir(follow_symlinks=False):
            return HandIn(student=_student_of(_SUFFIXES.sub("", path.name)), path=path)
        student = _student_of(path.name)
        inner = _folders(path)
        mixed_up = sorted(inner & self._others.keys())
        misnamed = self._is_misnamed(path, mixed_up)
        if self._name in inner and not misnamed:
            path /= self._name
            return HandIn(student=student, path=path, system="nbgrader", id=student, submitted_at=_timestamp(path))
        problem = ""
        if mixed_up and not misnamed and not any(name in self._packages for name in _peek(path, depth=1)):
            problem = f"it holds {', '.join(mixed_up)}, but nothing for {self._name}"
        return HandIn(student=student, path=path, problem=problem)

    def _is_misnamed(self, path: Path, mixed_up: Iterable[str]) -> bool:
        """Return whether only folders named after other assignments hold this one's modules, and these have none such.

        Courses that share assignments number them differently.
        """
        own = self._modules & set(_peek(path / self._name))
        return not own and any(
            self._modules.difference(f"{module}.py" for module in self._others[name]) & set(_peek(path / name))
            for name in mixed_up
        )

    def _student(self, path: Path) -> str:
        """Return a student's name for a path that was given by itself."""
        name = path.name if path.is_dir() else _SUFFIXES.sub("", path.name)
        if path.name in self._tops or name in self._packages or self._is_part(name):
            return self._student(path.parent) if path.parent != path else _student_of("")
        return _student_of(name)


def _divide(entries: list[os.DirEntry[str]]) -> tuple[list[os.DirEntry[str]], list[str]]:
    """Part what can be one student's hand-in from the names of all other files."""
    members, others = [], []
    for entry in entries:
        suffix = Path(entry.name).suffix.lower()
        if entry.is_dir() or entry.is_symlink() or suffix in _HANDED_IN or suffix in _ARCHIVES:
            members.append(entry)
        else:
            others.append(entry.name)
    return members, others


def _note(members: list[os.DirEntry[str]], others: list[str]) -> str:
    folders = sum(entry.is_dir() for entry in members)
    counts = ((folders, "folder"), (len(members) - folders, "file"))
    parts = " and ".join(f"{count} {what}{'s' * (count != 1)}" for count, what in counts if count)
    note = f"a class of {len(members)}: {parts}, each one student's"
    if others:
        note += f" (ignored: {', '.join(one_line(name, 40) for name in others[:5])}{', ...' * (len(others) > 5)})"
    return note


def _entries(path: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(path) as entries:
            return sorted((e for e in entries if not ignored(e.name)), key=lambda entry: entry.name)
    except OSError as error:
        raise UsageError(f"{one_line(str(path))} cannot be read: {error.strerror}") from error


def _folders(path: Path) -> set[str]:
    """Return the names of a student's sub-folders; none if it cannot be read, which reading it will report."""
    with suppress(OSError), os.scandir(path) as entries:
        return {entry.name for entry in entries if entry.is_dir(follow_symlinks=False)}
    return set()


def _peek(path: Path, depth: int = _PEEK_DEPTH) -> Iterator[str]:
    """Yield the names of the first entries below a folder, without following links."""
    left = _PEEK_ENTRIES
    for folder, folders, files in os.walk(path):
        folders[:] = [name for name in folders if not ignored(name)]
        if len(Path(folder).relative_to(path).parts) + 1 >= depth:
            yield from folders
            folders.clear()
        yield from folders
        yield from files
        left -= len(folders) + len(files)
        if left < 0:
            return


def _timestamp(folder: Path) -> str | None:
    """Return when nbgrader says that the folder was handed in, as ISO 8601."""
    with suppress(OSError, Unusable, ValueError):
        text = read_bounded(open_regular(folder / "timestamp.txt"), 200, "timestamp.txt").decode()
        return iso(text)
    return None


def _student_of(name: str) -> str:
    return file_name(name)
