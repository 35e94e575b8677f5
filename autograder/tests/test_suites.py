"""The hidden suites on variants of the reference solution: what they must catch, and what they must accept."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from autograder.accuracy.rules import of_the_reference
from autograder.course import load_course
from autograder.scoring import score
from autograder.suite.client import SuiteHost
from autograder.tests.suite_variants import ROOT, Suite, failures, patched, suite, without
from autograder.types import Submission, Verdict

ASSIGNMENTS = load_course(ROOT).assignments
SUITES = [suite(name) for name, assignment in ASSIGNMENTS.items() if not assignment.unmet()]
UNMET = [assignment.unmet() for assignment in ASSIGNMENTS.values() if assignment.unmet()]
each_suite = pytest.mark.parametrize("suite", [pytest.param(suite, id=suite.name) for suite in SUITES])


def variants(kind: str) -> Any:
    """Return a mark that runs a test on each variant of a kind of every suite."""
    found = [(suite, variant) for suite in SUITES for variant in getattr(suite, kind)]
    cases = [pytest.param(suite, variant, id=f"{suite.name}-{variant['name']}") for suite, variant in found]
    return pytest.mark.parametrize(("suite", "variant"), cases)


@pytest.mark.parametrize("reason", UNMET)
def test_suite_of_which_something_is_not_installed(reason: str) -> None:
    pytest.skip(reason)


@each_suite
def test_reference_passes_every_check(suite: Suite) -> None:
    assert failures(suite, ROOT / "solutions") == []


@each_suite
def test_every_question_has_visible_and_hidden_checks(suite: Suite) -> None:
    for path in suite.folder.glob("test_*.py"):
        text = path.read_text(encoding="utf-8")
        if "pytest.mark.budget" in text:  # training is hidden: students see the accuracy in their notebook
            continue
        assert 1 <= text.count("@pytest.mark.visible") < text.count("\ndef test_") / 2, path


MEASURED = [pytest.param(suite, id=suite.name) for suite in SUITES if suite.measured]


@pytest.mark.parametrize("suite", MEASURED)
def test_reference_earns_full_points_for_what_it_is_trained_for(suite: Suite) -> None:
    package = ROOT / "solutions" / suite.assignment.package
    files = {f"{package.name}/{path.relative_to(package)}": path.read_bytes() for path in package.rglob("*.py")}
    course = load_course(ROOT)
    extras = of_the_reference(course, suite.assignment)
    submission = Submission(student="reference", files=files, extras=extras, sha256="", origin="test")
    with SuiteHost(course, suite.name) as host:
        ((_, outcome),) = host.grade([submission])
        found = {check.name: check for check in outcome.checks}
        scored = score(suite.assignment.questions.values(), host.checks, found)
    measured = [result for result in scored.questions if result.name in suite.measured]
    assert [result.points for result in measured] == [result.max_points for result in measured], scored


@variants("mistakes")
def test_mistake_costs_points_in_its_own_question_only(suite: Suite, variant: dict[str, Any], tmp_path: Path) -> None:
    failed = failures(suite, patched(tmp_path / "variant", variant["patches"]))
    question = variant["question"]
    wrong = [hole for hole in suite.own_holes() if question in suite.questions_of(hole)]
    assert [check.name for check in failed if check.question == question]
    assert not [check.name for check in failed if check.question != question and not any(map(check.builds_on, wrong))]


@variants("alternatives")
def test_alternative_passes_every_check(suite: Suite, variant: dict[str, Any], tmp_path: Path) -> None:
    failed = failures(suite, patched(tmp_path / "variant", variant["patches"]))
    assert [check.name for check in failed] == []


def emptied(suite: Suite, folder: Path) -> Path:
    """Copy the reference solution into a folder, with every hole of the assignment open."""
    patched(folder, [])
    for hole in suite.own_holes():
        without(folder, hole)
    return folder


@each_suite
def test_untouched_release_passes_no_check(suite: Suite, tmp_path: Path) -> None:
    failed = failures(suite, emptied(suite, tmp_path / "release"))
    assert Counter(check.question for check in suite.checks) == Counter(check.question for check in failed)


@each_suite
def test_untouched_release_passes_no_check_when_graded(suite: Suite, tmp_path: Path) -> None:
    folder, package = emptied(suite, tmp_path / "release"), suite.assignment.package
    files = {f"{package}/{path.name}": path.read_bytes() for path in (folder / package).glob("*.py")}
    untouched = Submission(student="untouched", files=files, sha256="", origin="test")
    course = load_course(ROOT)
    with SuiteHost(course, suite.name, jobs=1, isolation="none", limits=course.limits) as host:
        ((_, outcome),) = host.grade([untouched])
    assert [check.name for check in outcome.checks if check.verdict is Verdict.PASSED] == []


HOLES = [pytest.param(suite, hole, id=f"{suite.name}-{hole}") for suite in SUITES for hole in suite.own_holes()]


@pytest.mark.parametrize(("suite", "hole"), HOLES)
def test_one_hole_left_open_costs_points_in_its_own_questions_only(suite: Suite, hole: str, tmp_path: Path) -> None:
    folder = patched(tmp_path / "variant", [])
    without(folder, hole)
    failed = failures(suite, folder)
    questions = suite.questions_of(hole)
    blamed = [check for check in failed if not check.builds_on(hole) or check.question in questions]
    assert blamed
    assert {check.question for check in blamed} <= questions


THEMSELVES = [
    pytest.param(suite, name, id=f"{suite.name}-{name}") for suite in SUITES for name in suite.only_with_themselves
]


@pytest.mark.parametrize(("suite", "name"), THEMSELVES)
def test_code_that_agrees_only_with_itself_passes_no_check_of_its_question(
    suite: Suite, name: str, tmp_path: Path
) -> None:
    mistake = next(mistake for mistake in suite.mistakes if mistake["name"] == name)
    failed = failures(suite, patched(tmp_path / "variant", mistake["patches"]))
    question = mistake["question"]
    assert sum(check.question == question for check in failed) == suite.count(question)
