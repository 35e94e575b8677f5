"""The steps of making a release, in order, each with the reason for its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder.errors import CourseError, Problem
from autograder.release import making, proving, reading
from autograder.release.draft import Draft

if TYPE_CHECKING:
    from autograder.course import Assignment, Course


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that is done to a draft. With `stop`, problems found so far end the run after it."""

    run: Callable[[Draft], Iterable[Problem] | None]
    because: str
    stop: bool = False


STEPS = (
    Step(run=reading.read_notebooks, because="a misspelt marker must be found before anything obeys markers"),
    Step(run=reading.read_suites, because="like the notebooks; independent of them, so all mistakes show at once"),
    Step(run=reading.read_solutions, because="like the suites", stop=True),
    Step(run=reading.decide_fates, because="without sound markers, every listed hole would look unmarked", stop=True),
    Step(run=making.make_packages, because="only now is it known which regions are to be emptied"),
    Step(run=making.make_notebooks, because="like the packages; nbgrader's gradebook makes it the slowest step"),
    Step(run=making.make_checks, because="independent of packages and notebooks"),
    Step(run=making.make_student_files, because="requirements.txt lists what all the files before import", stop=True),
    Step(run=proving.prove_trees, because="first of the proofs: what is no Python cannot be searched", stop=True),
    Step(run=proving.prove_no_solution, because="on the finished files, as students get them"),
    Step(run=proving.prove_no_hidden_check, because="like the search for solutions"),
    Step(run=proving.prove_bare_notebooks, because="like the search for solutions"),
    Step(run=proving.prove_imports, because="like the search for solutions"),
    Step(run=proving.prove_no_traces, because="last, since it looks at everything", stop=True),
)


def release_files(course: Course, assignment: Assignment) -> dict[str, bytes]:
    """Return the files of an assignment's release by POSIX path; nothing is written.

    Raises
    ------
    CourseError
        With every mistake in the sources that was found, or every leak.
    UsageError
        nbgrader is not installed.
    """
    draft = Draft(course=course, assignment=assignment)
    problems: list[Problem] = []
    for step in STEPS:
        problems.extend(step.run(draft) or ())
        if step.stop and problems:
            raise CourseError(dict.fromkeys(problems))
    return dict(sorted(draft.files.items()))
