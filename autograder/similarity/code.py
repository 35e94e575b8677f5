"""What of a hand-in is the student's own code: the modules that they fill in, and the code cells of notebooks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from autograder.accuracy.cells import read_cells
from autograder.checks import CheckFailure
from autograder.course import Assignment, Course
from autograder.intake import Roster, find, read

_LONGEST = 400_000  # characters of one student's code


def handed_in(
    course: Course, assignment: Assignment, paths: Iterable[Path], roster: Roster | None = None
) -> dict[str, str]:
    """Return the code of each student at these paths, as `autograder grade` finds them.

    UsageError for a path that holds nothing. What cannot be read has no code.
    """
    found = find(paths, assignment, course.assignments, course.dialects, roster)
    everything = assignment.model_copy(update={"also": assignment.notebooks})
    given = frozenset(map(_plain, _release_cells(course, assignment)))
    texts = {}
    for hand_in in found.hand_ins:
        submission = read(hand_in, everything, course.assignments, dialects=course.dialects)
        texts[hand_in.student] = "\n\n".join(_own(assignment, submission.files, submission.extras, given))[:_LONGEST]
    return texts


def released(course: Course, assignment: Assignment) -> list[str]:
    """Return the code that students start from: the modules and notebooks of the release."""
    folder = course.release(assignment.name)
    modules = [path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.py"))]
    return [*modules, *_release_cells(course, assignment)]


def _own(
    assignment: Assignment, files: Mapping[str, bytes], extras: Mapping[str, bytes], given: frozenset[str]
) -> Iterator[str]:
    names = {module.rpartition("/")[2] for module in _modules(assignment)}
    for path, data in sorted(files.items()):
        if path.rpartition("/")[2] in names or path.partition("/")[0] != assignment.package:
            yield data.decode(errors="replace")
    for name, data in sorted(extras.items()):
        if name.endswith(".ipynb"):
            yield from (cell for cell in _cells(data, name) if _plain(cell) not in given)


def _modules(assignment: Assignment) -> set[str]:
    """Return the files that have holes: ``nndl/layers.py`` for ``nndl.layers.affine_forward``."""
    parts = (hole.split(".") for hole in (*assignment.holes, *assignment.carried))
    return {f"{package}/{module}.py" for package, module, *_ in parts}


def _release_cells(course: Course, assignment: Assignment) -> Iterator[str]:
    for path in sorted(course.release(assignment.name).glob("*.ipynb")):
        yield from _cells(path.read_bytes(), path.name)


def _cells(data: bytes, name: str) -> list[str]:
    try:
        return [cell.source for cell in read_cells(data, name)]
    except CheckFailure:  # no notebook: nothing to compare
        return []


def _plain(cell: str) -> str:
    return "".join(cell.split())
