"""Read one hand-in into memory; whatever it is, the answer is a submission."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.intake.archive import ZipTree, describe
from autograder.intake.bounds import BOUNDS, Bounds, Unusable
from autograder.intake.extras import extras, extras_anywhere
from autograder.intake.locate import Package, Wanted, locate
from autograder.intake.tree import FileTree, PartTree, Tree, open_folder, open_regular, read_bounded
from autograder.text import one_line
from autograder.types import Dialect, Remark, Submission

if TYPE_CHECKING:
    from autograder.course import Assignment


@dataclass(frozen=True, kw_only=True)
class HandIn:
    """Where one student's work is, and what is known of it; `problem` if it is already known that there is none.

    It is all that is at `path`, unless there is a `tree` which holds several students' work: then it is the `entries`
    of that, from the name that a file was handed in with to the name it has there.
    """

    student: str
    path: Path
    system: str = ""  # whose names were recognised, such as Canvas
    id: str = ""  # of the student in that system
    name: str = ""  # in full
    email: str = ""
    problem: str = ""
    remarks: tuple[Remark, ...] = ()
    submitted_at: str | None = None  # ISO 8601 with offset
    marked_late: bool = False  # by the system
    enrolled: bool = False  # whether `student` is a name of the roster
    attempt: int = 0  # which of a student's several, from 1; 0 for the only one
    tree: Tree | None = field(default=None, repr=False, compare=False)
    entries: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def key(self) -> str:
        """What no other hand-in of a class is called: the student, and the attempt if all are graded."""
        return f"{self.student}+{self.attempt}" if self.attempt else self.student

    @property
    def origin(self) -> str:
        """Name of the file or folder that it was found in."""
        return one_line(next(iter(self.entries.values()), self.path.name).partition("/")[0])

    def graded_as(self, student: str, remark: str, code: str = "roster") -> HandIn:
        """Return the same under this name of the student, with a remark if there is something to say."""
        remarks = (*self.remarks, Remark(code=code, message=remark)) if remark else self.remarks
        return replace(self, student=student, remarks=remarks)


def read(
    hand_in: HandIn,
    assignment: Assignment,
    known: Collection[str] = (),
    bounds: Bounds = BOUNDS,
    dialects: Iterable[Dialect] = (),
) -> Submission:
    """Read what a student handed in. A bad hand-in raises nothing: its `problem` says what is wrong.

    `known` are the names of the course's assignments, by which one that was mixed up is recognised; `dialects` are
    the other packages that it may be.
    """
    wanted = Wanted.of(assignment, known, dialects)
    try:
        if hand_in.problem:
            raise Unusable(hand_in.problem)
        with _open(hand_in, bounds) as (tree, zips):
            package = locate(tree, wanted, bounds, zips)
            more, notes = extras(tree, assignment.also, bounds)
    except Unusable as error:
        return _submission(hand_in, {}, f"{error}{_mixed_up(hand_in, wanted)}")
    except OSError as error:
        return _submission(hand_in, {}, f"it cannot be read: {error.strerror or error}")
    remarks = (*package.remarks, *_misnamed(hand_in, package, wanted), *notes)
    return _submission(hand_in, package.files, remarks=remarks, more=more)


def files_called(hand_in: HandIn, names: Iterable[str], bounds: Bounds = BOUNDS) -> dict[str, bytes]:
    """Return the files of these names in a hand-in; where a notebook is missing, all notebooks that there are.

    Nothing is returned of a hand-in that cannot be read. Zips in it are looked into where it has no notebooks itself.
    """
    try:
        if hand_in.problem:
            return {}
        with _open(hand_in, bounds) as (tree, zips):
            return extras_anywhere(tree, tuple(names), bounds, zips)
    except (Unusable, OSError):
        return {}


def digest(files: Mapping[str, bytes]) -> str:
    """Return the sha256 of a set of files that is the same wherever and in what order they were found."""
    whole = hashlib.sha256()
    for path, data in sorted(files.items()):
        whole.update(f"{path}\0{len(data)}\0".encode())
        whole.update(data)
    return whole.hexdigest()


def _submission(
    hand_in: HandIn,
    files: Mapping[str, bytes],
    problem: str = "",
    remarks: tuple[Remark, ...] = (),
    more: Mapping[str, bytes] | None = None,
) -> Submission:
    return Submission(
        student=hand_in.key,
        files=files,
        extras=more or {},
        sha256=digest({**files, **(more or {})}),
        origin=one_line(str(hand_in.path)),
        problem=problem,
        remarks=(*hand_in.remarks, *remarks),
        submitted_at=hand_in.submitted_at,
    )


@contextmanager
def _open(hand_in: HandIn, bounds: Bounds) -> Iterator[tuple[Tree, int]]:
    """Open a hand-in as a tree; also say how many levels of zips inside it may be opened."""
    if hand_in.tree is not None:
        yield PartTree(hand_in.tree, hand_in.entries), 2
        return
    path = hand_in.path
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        raise Unusable("it is a symbolic link, which is not followed")
    if stat.S_ISDIR(mode):
        with open_folder(path, bounds) as folder:
            yield folder, 2
        return
    fd = open_regular(path)
    if path.suffix.lower() in (".py", ".ipynb"):
        yield FileTree(path.name, read_bounded(fd, bounds.nested_bytes, path.name)), 0
        return
    with os.fdopen(fd, "rb") as file:
        if os.fstat(fd).st_size > bounds.archive_bytes:
            raise Unusable(f"the file is larger than {bounds.archive_bytes >> 20} MB")
        head = file.read(512)
        if not head:
            raise Unusable("the file is empty")
        if kind := describe(head):
            raise Unusable(f"it is {kind}; hand in a folder or a zip")
        yield ZipTree(file, bounds), 1


def _mixed_up(hand_in: HandIn, wanted: Wanted) -> str:
    other = wanted.named(hand_in.origin)
    return f"; from its name it is for {other}, not {wanted.assignment}" if other else ""


def _misnamed(hand_in: HandIn, package: Package, wanted: Wanted) -> Iterator[Remark]:
    other = wanted.named(f"{hand_in.origin}/{package.root}")
    if other:
        message = f"its name says {other}, but it holds modules of {wanted.assignment} and was graded as that"
        yield Remark(code="other_assignment", message=message)
