"""nbgrader's gradebook: scores and answers in, points and comments by hand out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.gradebook.database import Address, address, opened
from autograder.gradebook.handed_in import HandedIn, handed_in
from autograder.gradebook.layout import layout_of
from autograder.gradebook.pulling import pulled
from autograder.gradebook.pushing import Push
from autograder.result_folder import result_folder
from autograder.results import Result

if TYPE_CHECKING:
    from autograder.course import Assignment, Course

__all__ = ["Address", "HandedIn", "Pulled", "address", "handed_in", "pull", "push"]


def push(
    course: Course,
    assignment: Assignment,
    results: Iterable[Result],
    where: Address,
    given: HandedIn,
    forget: Iterable[str] = (),
) -> Push:
    """Write results, and the notebooks of those hand-ins that are given, to a gradebook and for formgrader.

    Raises
    ------
    UsageError
        The release, the database or nbgrader is not what it has to be.
    """
    layout = layout_of(course, assignment)
    work = Push(course=course, assignment=assignment, layout=layout, handed_in=given)
    with opened(where, create=True) as gradebook:
        work.all(gradebook, results, forget)
    return work


@dataclass(frozen=True, kw_only=True)
class Pulled:
    """What a pull did: whose results changed, and who is not in the gradebook."""

    changed: tuple[str, ...]
    missing: tuple[str, ...]
    waiting: Mapping[str, int]  # question -> how many answers nobody has graded yet


def pull(course: Course, assignment: Assignment, output: Path, results: Iterable[Result], where: Address) -> Pulled:
    """Merge points and comments of the gradebook into the results below `output`, and write the summary anew.

    A result that changes is kept among the earlier ones. Raises the same errors as `push`.
    """
    from autograder.grade.lateness import policy

    layout = layout_of(course, assignment)
    rule, missing, changed, after = policy(course), [], [], []
    with opened(where, create=False) as gradebook:
        for result in results:
            new = pulled(gradebook, layout, result, rule)
            if new is None:
                missing.append(result.student)
            elif new != result:
                changed.append(result.student)
            after.append(new or result)
    with result_folder(output, assignment.name) as folder:
        for result in after:
            if result.student in changed:
                folder.write(result)
        folder.summarise()
    return Pulled(changed=tuple(changed), missing=tuple(missing), waiting=_waiting(after))


def _waiting(results: Iterable[Result]) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for result in results:
        for question in result.questions:
            if question.manual and question.points is None:
                counts[question.name] = counts.get(question.name, 0) + 1
    return counts
