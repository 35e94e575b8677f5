"""Variants of the reference solution, right and wrong ones: what a suite is tried on."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from autograder.errors import CourseError
from autograder.release.draft import Draft
from autograder.release.fates import Fate, decide, of_kind
from autograder.release.reading import read_solutions
from autograder.release.sources import Module
from autograder.release.stubs import released_text
from autograder.verify.mutants import Mutant, mutants
from autograder.verify.reach import changed_places, place, probed

if TYPE_CHECKING:
    from autograder.catalogue import Catalogue
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
    """One package to hand in."""

    kind: Kind
    name: str
    files: Mapping[str, bytes] = field(repr=False)
    questions: frozenset[str] = frozenset()  # those of a wrong variant that may lose points; none: any may
    hollow: bool = False  # agrees with itself alone: no check of its question may pass
    places: frozenset[str] | None = None  # where it differs from the reference; None: anywhere
    mutant: Mutant | None = None

    @property
    def label(self) -> str:
        """What messages call it."""
        return self.name if self.name == self.kind.value else f"{self.kind.value} {self.name}"


class Solution:
    """The reference package, and the functions of it that the assignment is about.

    Raises
    ------
    CourseError
        The solution's markers are wrong.
    """

    def __init__(self, course: Course, assignment: Assignment) -> None:
        self._assignment = assignment
        draft = Draft(course=course, assignment=assignment)
        problems = [*read_solutions(draft)]
        self._fates, more = decide(course, assignment, draft.modules)
        if problems or more:
            raise CourseError([*problems, *more])
        self.listed = of_kind(self._fates, Fate.EMPTIED)
        self.modules: list[Module] = [m for m in draft.modules if m.path.startswith(f"{assignment.package}/")]
        self.files = {module.path: module.text.encode() for module in self.modules}

    def probed(self) -> tuple[dict[str, bytes], str]:
        """Return the package with a note at every statement, and the function that tells of them."""
        return probed(self.modules, self._assignment.package)

    def variants(self, catalogue: Catalogue, *, mutated: Iterable[str] | None) -> Iterator[Variant]:
        """Yield every variant, the right ones first; mutants of those functions that begin with one of `mutated`.

        Raises
        ------
        CourseError
            A patch of the catalogue does not fit the solution.
        """
        asked = [hole for hole in self.listed if not catalogue.holes or catalogue.questions_of(hole)]
        yield Variant(kind=Kind.REFERENCE, name="reference", files=self.files)
        yield Variant(kind=Kind.UNTOUCHED, name="untouched release", files=self._emptied(self.listed))
        yield from self._right(catalogue)
        for hole in asked:
            files = self._emptied([hole])
            questions = catalogue.questions_of(hole)
            yield Variant(kind=Kind.HOLE, name=hole, files=files, questions=questions, places=self._places(files))
        yield from self._mistaken(catalogue)
        chosen = asked if mutated is None else [hole for hole in asked if hole.startswith(tuple(mutated))]
        for module in self.modules:
            for mutant in mutants(module, chosen):
                files = {**self.files, mutant.path: mutant.text.encode()}
                places = frozenset([place(mutant.path, mutant.statement)])
                yield Variant(kind=Kind.MUTANT, name=mutant.name, files=files, places=places, mutant=mutant)

    def _right(self, catalogue: Catalogue) -> Iterator[Variant]:
        for entry in catalogue.alternatives:
            files = catalogue.patched(self.files, entry["name"], entry["patches"])
            yield Variant(kind=Kind.ALTERNATIVE, name=entry["name"], files=files, places=self._places(files))

    def _mistaken(self, catalogue: Catalogue) -> Iterator[Variant]:
        for entry in catalogue.mistakes:
            files = catalogue.patched(self.files, entry["name"], entry["patches"])
            yield Variant(
                kind=Kind.MISTAKE,
                name=entry["name"],
                files=files,
                questions=frozenset(filter(None, [entry.get("question", "")])),
                hollow=entry["name"] in catalogue.hollow,
                places=self._places(files),
            )

    def _places(self, files: Mapping[str, bytes]) -> frozenset[str] | None:
        """Return where files differ from the solution; None if that may matter anywhere."""
        found: set[str] = set()
        for module in self.modules:
            if files[module.path] != self.files[module.path]:
                places = changed_places(module, files[module.path].decode())
                if places is None:
                    return None
                found |= places
        return frozenset(found)

    def _emptied(self, holes: Iterable[str]) -> dict[str, bytes]:
        """Return the package as it is released when these functions alone are left to students."""
        chosen = set(holes)
        fates = {name: Fate.EMPTIED if name in chosen else Fate.GIVEN for name in self._fates}
        concerned = [m for m in self.modules if any(name.startswith(f"{m.name}.") for name in chosen)]
        return self.files | {m.path: released_text(m, fates, frozenset()).encode() for m in concerned}
