"""Keeps what trials show of mistakes and mutants, so that failures of submissions can be put down to them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from autograder.catalogue import Catalogue
from autograder.diagnosis import mutations
from autograder.diagnosis.learning import Learned, Setting, known_of, write
from autograder.diagnosis.matching import Known
from autograder.grade.digests import failures_digest
from autograder.verify.trial import Trial, Trials
from autograder.verify.variants import Kind

if TYPE_CHECKING:
    from autograder.course import Assignment, Course


def learn(course: Course, assignment: Assignment, catalogue: Catalogue, suite: Trials, trials: Iterable[Trial]) -> None:
    """Keep the failures of all mistakes and mutants that were tried, where `autograder grade` looks for them."""
    entries = {entry["name"]: entry for entry in catalogue.mistakes}
    questions = {check.name: check.question for check in suite.reach.checks}
    known: list[Known] = []
    for trial in trials:
        if trial.variant.mutant:
            known += mutations.known_of(trial.variant.mutant, catalogue, questions, trial.failed)
        elif trial.variant.kind is Kind.MISTAKE:
            entry = entries[trial.variant.name]
            own = (each for each in trial.failed if questions[each.name] == entry["question"])
            known.append(known_of(entry, catalogue, own))
    setting = Setting(
        course=course,
        assignment=assignment,
        digest=failures_digest(course, assignment),
        seed=suite.seed,
        jobs=1,
        isolation=suite.isolation,
    )
    shared = {entry["question"] for entry in catalogue.shared}  # these are found out when they are needed
    learned = tuple(sorted({*questions.values()} - shared))
    write(setting, Learned(version=setting.version, questions=learned, known=tuple(known)))
