"""Decide what becomes of every marked function in an assignment's release."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from autograder.errors import Problem, nearest
from autograder.release.markers import Region
from autograder.release.sources import Module, definitions

if TYPE_CHECKING:
    from autograder.course import Assignment, Course

COURSE_FILE = "course.yaml"


class Fate(enum.Enum):
    """What a release does with a function that has marked regions."""

    EMPTIED = "emptied"  # listed by this assignment: students write it, or bring it along
    GIVEN = "given"  # only listed by an earlier one: in full, without its markers
    LEFT_OUT = "left out"  # only listed by a later one: not there at all


def decide(course: Course, assignment: Assignment, modules: Iterable[Module]) -> tuple[dict[str, Fate], list[Problem]]:
    """Return the fate of each marked function by its dotted name, and what course.yaml lists in vain or not at all."""
    modules = tuple(modules)
    fates: dict[str, Fate] = {}
    problems: list[Problem] = []
    for module in modules:
        for name, regions in module.marked().items():
            fate = _fate(course, assignment, name)
            if fate is not None:
                fates[name] = fate
            else:
                message = (
                    f"{name} has a solution, but no assignment lists it; add it to the holes of one in {COURSE_FILE}"
                )
                problems.append(Problem(file=module.file, line=regions[0].begin, message=message))
    return fates, [*problems, *_listed_in_vain(course, assignment, modules)]


def covers(listed: str, name: str) -> bool:
    """Say whether an entry of course.yaml means a function: its name, or that of its class or module."""
    return name == listed or name.startswith(f"{listed}.")


def _fate(course: Course, assignment: Assignment, name: str) -> Fate | None:
    names = list(course.assignments)
    here = names.index(assignment.name)
    lists = [any(covers(listed, name) for listed in [*a.holes, *a.carried]) for a in course.assignments.values()]
    if lists[here]:
        return Fate.EMPTIED
    if any(lists[:here]):
        return Fate.GIVEN
    return Fate.LEFT_OUT if any(lists[here:]) else None


def _listed_in_vain(course: Course, assignment: Assignment, modules: tuple[Module, ...]) -> Iterator[Problem]:
    marked = [name for module in modules for name in module.marked()]
    known = dict(_names(modules))
    for key, entries in (("holes", assignment.holes), ("carried", assignment.carried)):
        for index, listed in enumerate(entries):
            if any(covers(listed, name) for name in marked):
                continue
            if listed in known:
                where = f"has no ### BEGIN SOLUTION in {known[listed].path}; mark what students write"
            else:
                where = f"does not exist in {course.solutions.name}/{nearest(listed, known)}"
            yield Problem(
                file=course.root / COURSE_FILE,
                line=course.line("assignments", assignment.name, key, index),
                message=f"{key}: {listed} {where}",
            )


def _names(modules: tuple[Module, ...]) -> Iterator[tuple[str, Module]]:
    for module in modules:
        yield module.name, module
        for name, _ in definitions(module.tree):
            yield f"{module.name}.{name}", module


def of_kind(fates: Mapping[str, Fate], fate: Fate) -> list[str]:
    """Return the names of the functions with this fate, in the order of the sources."""
    return [name for name, found in fates.items() if found is fate]


def removed_regions(module: Module, fates: Mapping[str, Fate]) -> list[Region]:
    """Return the regions of a module whose contents students do not get."""
    given = {region for name, regions in module.marked().items() if fates.get(name) is Fate.GIVEN for region in regions}
    return [region for region in module.regions if region not in given]
