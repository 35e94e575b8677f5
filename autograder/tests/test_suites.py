"""The hidden suites on variants of the reference solution: what they must catch, and what they must accept."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.accuracy.rules import of_the_reference
from autograder.course import Assignment, load_course
from autograder.scoring import score
from autograder.suite.client import SuiteHost
from autograder.types import Submission
from autograder.verify import verify

ROOT = Path(__file__).parents[2]
COURSE = load_course(ROOT)
READY = [pytest.param(each, id=name) for name, each in COURSE.assignments.items() if not each.unmet()]
UNMET = [each.unmet() for each in COURSE.assignments.values() if each.unmet()]
each_suite = pytest.mark.parametrize("assignment", READY)
# Variants of all suites are for `make verify`, and what trains longest is for `make training`.
SMALLEST = [each for each in READY if each.id in ("hw0", "hw3")]
TRAINS_LONGEST = ("hw2", "hw4", "hw5")


@pytest.mark.parametrize("reason", UNMET)
def test_suite_of_which_something_is_not_installed(reason: str) -> None:
    pytest.skip(reason)


@pytest.mark.parametrize("assignment", SMALLEST)
def test_every_variant_in_the_catalogue_is_judged_as_it_should_be(assignment: Assignment) -> None:
    """The reference, the untouched release, each hole alone, alternatives, mistakes; mutants are for `make verify`."""
    found = verify(COURSE, assignment.name, jobs=1, isolation="auto", mutated=[])
    assert found.problems == ()
    asked = [hole for hole in assignment.holes if not hole.endswith("*")]
    assert found.tried["hole"] >= len(asked)
    assert min(found.tried[kind] for kind in ("reference", "untouched release", "alternative", "mistake")) > 0


@each_suite
def test_every_question_has_visible_and_hidden_checks(assignment: Assignment) -> None:
    for path in COURSE.tests(assignment.name).glob("test_*.py"):
        text = path.read_text(encoding="utf-8")
        if "pytest.mark.budget" in text:  # training is hidden: students see the accuracy in their notebook
            continue
        assert 1 <= text.count("@pytest.mark.visible") < text.count("\ndef test_") / 2, path


MEASURED = [
    pytest.param(each, id=name, marks=pytest.mark.training if name in TRAINS_LONGEST else ())
    for name, each in COURSE.assignments.items()
    if not each.unmet() and any(question.metric for question in each.questions.values())
]


@pytest.mark.parametrize("assignment", MEASURED)
def test_reference_earns_full_points_for_what_it_is_trained_for(assignment: Assignment) -> None:
    package = ROOT / "solutions" / assignment.package
    files = {f"{package.name}/{path.relative_to(package)}": path.read_bytes() for path in package.rglob("*.py")}
    extras = of_the_reference(COURSE, assignment)
    submission = Submission(student="reference", files=files, extras=extras, sha256="", origin="test")
    with SuiteHost(COURSE, assignment.name) as host:
        ((_, outcome),) = host.grade([submission])
        found = {check.name: check for check in outcome.checks}
        scored = score(assignment.questions.values(), host.checks, found)
    measured = [result for result in scored.questions if assignment.questions[result.name].metric]
    why = [[m.decision for m in check.measurements] or check.message for check in outcome.checks if check.metrics]
    assert [result.points for result in measured] == [result.max_points for result in measured], why
