"""Variants of the reference solution, right and wrong ones: what a suite is tried on."""

from __future__ import annotations

import enum
import runpy
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.errors import CourseError, Problem
from autograder.release.draft import Draft
from autograder.release.fates import Fate, of_kind
from autograder.release.making import make_packages
from autograder.release.reading import decide_fates, read_solutions
from autograder.release.sources import Module
from autograder.verify.mutants import Mutant, mutants

if TYPE_CHECKING:
    from autograder.course import Assignment, Course


class Kind(enum.StrEnum):
    """Where a variant comes from."""

    REFERENCE = "reference"
    UNTOUCHED = "untouched release"
    HOLE = "hole"
    ALTERNATIVE = "alternative"
    MISTAKE = "mistake"
    MUTANT = "mutant"


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One package to hand in. `questions`: those of a wrong variant that may lose points; none: any may."""

    kind: Kind
    name: str
    files: Mapping[str, bytes] = field(repr=False)
    questions: frozenset[str] = frozenset()
    mutant: Mutant | None = None

    @property
    def label(self) -> str:
        """What messages call it."""
        return self.name if self.name == self.kind.value else f"{self.kind.value} {self.name}"


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """What a suite's author says beside it, in ``mistakes.py`` and ``alternatives.py``; all of it may be absent."""

    file: Path
    holes: Mapping[str, tuple[str, ...]]  # beginnings of dotted names, by question
    mistakes: tuple[Mapping[str, Any], ...]
    alternatives: tuple[Mapping[str, Any], ...]
    equivalent: tuple[tuple[str, str, str], ...]  # lines as they were, as they are in the mutant, reason

    def questions_of(self, hole: str) -> frozenset[str]:
        """Return the questions that a function belongs to."""
        return frozenset(question for question, starts in self.holes.items() if hole.startswith(tuple(starts)))


def read_catalogue(course: Course, assignment: Assignment) -> Catalogue:
    """Read it.

    Raises
    ------
    CourseError
        One of the files cannot be run.
    """
    folder = course.tests(assignment.name)
    said, more = _said(folder / "mistakes.py"), _said(folder / "alternatives.py")
    return Catalogue(
        file=folder / "mistakes.py",
        holes=said.get("HOLES", {}),
        mistakes=tuple(said.get("MISTAKES", ())),
        alternatives=tuple(more.get("ALTERNATIVES", ())),
        equivalent=tuple(said.get("EQUIVALENT", ())),
    )


def variants(course: Course, assignment: Assignment, catalogue: Catalogue) -> Iterator[Variant]:
    """Yield every variant, the right ones first.

    Raises
    ------
    CourseError
        A patch of the catalogue does not fit the solution, or the solution's markers are wrong.
    """
    solution = _Solution(course, assignment)
    yield Variant(kind=Kind.REFERENCE, name="reference", files=solution.files)
    yield Variant(kind=Kind.UNTOUCHED, name="untouched release", files=solution.emptied(solution.listed))
    for hole in solution.listed:
        questions = catalogue.questions_of(hole)
        yield Variant(kind=Kind.HOLE, name=hole, files=solution.emptied([hole]), questions=questions)
    for kind, entries in ((Kind.ALTERNATIVE, catalogue.alternatives), (Kind.MISTAKE, catalogue.mistakes)):
        for entry in entries:
            questions = frozenset(filter(None, [entry.get("question", "")]))
            files = solution.patched(catalogue.file, entry["name"], entry["patches"])
            yield Variant(kind=kind, name=entry["name"], files=files, questions=questions)
    for mutant in solution.mutants():
        files = {**solution.files, mutant.path: mutant.text.encode()}
        yield Variant(kind=Kind.MUTANT, name=mutant.name, files=files, mutant=mutant)


class _Solution:
    """The reference package, and the functions of it that the assignment is about."""

    def __init__(self, course: Course, assignment: Assignment) -> None:
        self._course, self._assignment = course, assignment
        draft = self._draft()
        self.listed = of_kind(draft.fates, Fate.EMPTIED)
        self.modules: list[Module] = [m for m in draft.modules if m.path.startswith(f"{assignment.package}/")]
        self.files = {module.path: module.text.encode() for module in self.modules}

    def emptied(self, holes: Iterable[str]) -> dict[str, bytes]:
        """Return the package as it is released when these functions alone are left to students."""
        draft, chosen = self._draft(), set(holes)
        draft.fates = {name: Fate.EMPTIED if name in chosen else Fate.GIVEN for name in draft.fates}
        draft.out = frozenset()
        make_packages(draft)
        return {path: data for path, data in draft.files.items() if path in self.files}

    def patched(self, file: Path, name: str, patches: Iterable[tuple[str, str, str]]) -> dict[str, bytes]:
        """Return the package with some texts replaced, each of which occurs once."""
        files = dict(self.files)
        for path, old, new in patches:
            count = files.get(path, b"").count(old.encode())
            if count != 1:
                raise CourseError([Problem(file=file, line=None, message=_unfit(name, path, old, count))])
            files[path] = files[path].replace(old.encode(), new.encode())
        return files

    def mutants(self) -> Iterator[Mutant]:
        """Yield the mutants of all listed functions."""
        for module in self.modules:
            yield from mutants(module, self.listed)

    def _draft(self) -> Draft:
        draft = Draft(course=self._course, assignment=self._assignment)
        problems = [*read_solutions(draft), *decide_fates(draft)]
        if problems:
            raise CourseError(problems)
        return draft


def _unfit(name: str, path: str, old: str, count: int) -> str:
    first = old.strip().split("\n")[0]
    return f"{name}: {path} of the solution has {first!r} {count} times, a patch needs it once; adapt the patch"


def _said(file: Path) -> dict[str, Any]:
    if not file.is_file():
        return {}
    try:
        return runpy.run_path(str(file))
    except Exception as error:  # whatever an instructor's file raises is told as its mistake
        raise CourseError([Problem(file=file, line=None, message=f"cannot be run: {error!r}")]) from error
