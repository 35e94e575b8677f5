"""From the course's files to what a suite's process has to know of them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from autograder.accuracy.rules import of_the_reference, rules_of
from autograder.course import Assignment, Course
from autograder.suite import messages, seeds
from autograder.types import Limits


def seed_of(course: Course, assignment: Assignment) -> int:
    """Return the seed of an assignment's suite as it is now."""
    version = seeds.suite_sha256(course.tests(assignment.name))
    return seeds.suite_seed(course, assignment.name, version)


def private_of(course: Course, assignment: str) -> list[Path]:
    """Return what of a course no sandbox may be able to read."""
    kept = course.root / ".autograder"  # what is known of mistakes, for one
    return [course.tests(assignment), course.solutions, kept, *([course.file] if course.secret else [])]


def setup_of(
    course: Course,
    assignment: Assignment,
    *,
    seed: int,
    jobs: int,
    isolation: str,
    limits: Limits,
    private: Iterable[Path],
    without: Iterable[str],
) -> messages.Setup:
    """Return what a suite's process has to know to grade an assignment."""
    return messages.Setup(
        root=str(course.root.resolve()),
        solutions=str(course.solutions.resolve()),
        tests=str(course.tests(assignment.name).resolve()),
        assignment=assignment.name,
        package=assignment.package,
        seed=seed,
        jobs=jobs,
        isolation=isolation,
        limits=limits,
        private=[str(path.absolute()) for path in (*private_of(course, assignment.name), *private)],
        lend=assignment.cascade == "substitute",
        carried=list(assignment.carried),
        reference=_python_files(course.solutions, assignment.package),
        support=_python_files(course.solutions, "utils"),
        given=[
            file
            for file in _python_files(course.release(assignment.name), assignment.package)
            if not any(hole.startswith(_module(file) + ".") for hole in (*assignment.holes, *assignment.carried))
        ],
        release=str(course.release(assignment.name).resolve()),
        dialects=list(course.dialects),
        old_code=course.old_code == "run",
        rules=rules_of(assignment),
        extras=of_the_reference(course, assignment),
        without=list(without),
    )


def _python_files(folder: Path, package: str) -> list[str]:
    return sorted(file.relative_to(folder).as_posix() for file in (folder / package).rglob("*.py"))


def _module(file: str) -> str:
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
