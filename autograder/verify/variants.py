"""Variants of the reference solution, right and wrong ones: what a suite is tried on."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from autograder.catalogue import Catalogue
from autograder.errors import CourseError
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
            files = catalogue.patched(solution.files, entry["name"], entry["patches"])
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
