"""The notebooks that go to the gradebook: of each student, those of the hand-in that was graded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from autograder.course import Assignment, Course
from autograder.intake import HandIn, files_called, read
from autograder.results import Result

STAY = "; answers stay as they are in the gradebook"


@dataclass(frozen=True, kw_only=True)
class HandedIn:
    """The hand-in that was graded, by student. `remarks` say whose is not there."""

    names: tuple[str, ...] = ()  # of the assignment's notebooks
    hand_ins: Mapping[str, HandIn] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    def notebooks(self, student: str) -> Mapping[str, bytes] | None:
        """Return a student's notebooks by file name, or None if no hand-in was given. They are read every time."""
        return files_called(self.hand_ins[student], self.names) if student in self.hand_ins else None


def handed_in(
    course: Course,
    assignment: Assignment,
    results: Iterable[Result],
    hand_ins: Iterable[HandIn],
    tell: Callable[[int, int], None] = lambda _done, _total: None,
) -> HandedIn:
    """Return the hand-ins that the results are of, from all attempts of all students.

    What was handed in after grading is left out, so that points and answers stay of one piece.
    """
    attempts: dict[str, list[HandIn]] = {}
    for hand_in in hand_ins:
        attempts.setdefault(hand_in.student, []).append(hand_in)
    graded = {result.student: result for result in results}
    remarks = [f"{student}: not graded yet: grade first" for student in sorted(set(attempts) - set(graded))]
    found: dict[str, HandIn] = {}
    for done, (student, result) in enumerate(graded.items(), start=1):
        candidates = attempts.get(student, [])
        fitting = [each for each in candidates if _is_of(result, course, assignment, each)]
        if fitting:
            found[student] = fitting[-1]
        else:
            why = "what is here now is not what was graded: grade again" if candidates else "no hand-in among these"
            remarks.append(f"{student}: {why}{STAY}")
        tell(done, len(graded))
    return HandedIn(names=tuple(assignment.notebooks), hand_ins=found, remarks=tuple(remarks))


def _is_of(result: Result, course: Course, assignment: Assignment, hand_in: HandIn) -> bool:
    if result.late.submitted_at not in (None, hand_in.submitted_at):
        return False
    submission = read(hand_in, assignment, course.assignments, dialects=course.dialects)
    return submission.sha256 == result.submission_sha256
