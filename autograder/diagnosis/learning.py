"""What a suite makes of the mistakes that its author lists: found out once for each version of it, and kept.

How it works
------------
When a check has failed with numbers, and the mistakes of its question are not known yet, each of them is graded as a
submission, by the checks of that question only. What comes of it is kept in `FOLDER` as long as suite, solution,
catalogue and seed stay the same; a release never holds any of it. Where it cannot be kept, it is found out again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from autograder.catalogue import Catalogue, read_catalogue
from autograder.diagnosis.matching import Known, explained
from autograder.errors import AutograderError, CourseError
from autograder.suite.client import SuiteHost
from autograder.types import Cause, Check, CheckOutcome, Outcome, Plan, Submission, Verdict
from autograder.writing import replace_file

if TYPE_CHECKING:
    from autograder.course import Assignment, Course

FOLDER = Path(".autograder", "diagnosis")
_FORMAT = 3  # to be raised whenever fingerprints change
_CHECK_TIME_S = 5.0  # a mistake that never ends should end soon
_TIME_S = 600.0  # of a sandbox that many have after each other


class Learned(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an assignment's mistakes. `version`: of all that it depends on."""

    version: str
    questions: tuple[str, ...] = ()
    known: tuple[Known, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What is graded, and how. `digest`: of all that decides how a submission is judged."""

    course: Course
    assignment: Assignment
    digest: str
    seed: int
    jobs: int
    isolation: str

    @property
    def version(self) -> str:
        """What has to be the same for what is known to hold."""
        return f"{_FORMAT}-{self.digest}-{self.seed}"

    @property
    def file(self) -> Path:
        """Where what is known is kept."""
        return self.course.root / FOLDER / f"{self.assignment.name}.json"


class Diagnosis:
    """Explains failures of one assignment's submissions by its listed mistakes."""

    def __init__(self, setting: Setting) -> None:
        self.warnings: list[str] = []
        self._setting = setting
        self.learned = read(setting)

    def explain(self, outcome: Outcome, checks: Sequence[Check]) -> Outcome:
        """Return the outcome with the causes of its failures, as far as they are known."""
        question_of = {check.name: check.question for check in checks}
        failed = {question_of[each.name] for each in outcome.checks if each.fingerprint is not None}
        unknown = failed - set(self.learned.questions)
        if unknown and not self.warnings:
            self._learn(sorted(unknown))
        return replace(outcome, checks=explained(outcome.checks, checks, self.learned.known))

    def _learn(self, questions: Sequence[str]) -> None:
        try:
            catalogue = read_catalogue(self._setting.course, self._setting.assignment)
            known = tuple(_tried(self._setting, catalogue, questions))
        except AutograderError as error:  # it must not keep anyone from being graded
            self.warnings.append(f"causes of failures are not named: {error.lines()[0]}")
            return
        self.learned = Learned(
            version=self._setting.version,
            questions=(*self.learned.questions, *questions),
            known=(*self.learned.known, *known),
        )
        write(self._setting, self.learned)


def read(setting: Setting) -> Learned:
    """Return what has been learned; nothing, if there is nothing or it is of another version."""
    with contextlib.suppress(OSError, msgspec.ValidationError, msgspec.DecodeError):
        learned = msgspec.json.decode(setting.file.read_bytes(), type=Learned)
        if learned.version == setting.version:
            return learned
    return Learned(version=setting.version)


def write(setting: Setting, learned: Learned) -> None:
    """Keep what has been learned where nobody but the grader reads it, if anything can be written there."""
    with contextlib.suppress(OSError, AutograderError):
        setting.file.parent.mkdir(parents=True, exist_ok=True)
        setting.file.parent.chmod(0o700)
        replace_file(setting.file, msgspec.json.encode(learned))


def known_of(entry: Mapping[str, Any], catalogue: Catalogue, outcomes: Iterable[CheckOutcome]) -> Known:
    """Return what a suite's outcomes on a listed mistake say of that mistake."""
    question = entry["question"]
    cause = Cause(
        name=entry["name"],
        message=f"the numbers are those of a solution that {entry['hint']}",
        hint=entry.get("advice", ""),
        read=entry.get("read", catalogue.read.get(question, "")),
    )
    failed = (each for each in outcomes if each.verdict.graded and each.verdict is not Verdict.PASSED)
    failures = {each.name: each.fingerprint for each in failed if each.verdict is not Verdict.UNCHECKED}
    return Known(question=question, cause=cause, failures=failures)


def _tried(setting: Setting, catalogue: Catalogue, questions: Sequence[str]) -> Iterator[Known]:
    """Yield what the suite makes of each listed mistake of some questions."""
    entries = [entry for entry in (*catalogue.mistakes, *catalogue.shared) if entry.get("question") in questions]
    if not entries:
        return
    course = setting.course
    limits = replace(course.limits, time_s=_TIME_S)
    with SuiteHost(
        course,
        setting.assignment.name,
        jobs=setting.jobs,
        isolation=setting.isolation,
        limits=limits,
        seed=setting.seed,
    ) as host:
        for submission, outcome in host.grade(_submissions(setting, catalogue, entries, host.checks)):
            yield known_of(entries[int(submission.student)], catalogue, outcome.checks)


def _submissions(
    setting: Setting, catalogue: Catalogue, entries: Iterable[Mapping[str, Any]], checks: Sequence[Check]
) -> Iterator[Submission]:
    """Yield each mistake as a submission, by its number, to be graded by the checks of its question."""
    solutions, package = setting.course.solutions, setting.assignment.package
    files = {path.relative_to(solutions).as_posix(): path.read_bytes() for path in (solutions / package).rglob("*.py")}
    for number, entry in enumerate(entries):
        names = tuple(check.name for check in checks if check.question == entry["question"])
        plan = Plan(checks=names, seconds=dict.fromkeys(names, _CHECK_TIME_S), trusted=True)
        with contextlib.suppress(CourseError):  # a patch that does not fit is told by `verify`
            patched = catalogue.patched(files, entry["name"], entry["patches"])
            yield Submission(student=str(number), files=patched, sha256="", origin=entry["name"], plan=plan)
