"""Reports for programs: each as its specification or another program reads it."""

from __future__ import annotations

import base64
import csv
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import junitparser
import pytest

from autograder.by_hand import Given, merged
from autograder.course import Course
from autograder.late import Policy
from autograder.report.audience import Shown, shown
from autograder.report.class_results import ClassResults
from autograder.report.formats import github, gradescope, junit
from autograder.report.formats import json as class_json
from autograder.report.formats.csv import write as write_csv
from autograder.results import Late, MeasurementResult, Result, Warned
from autograder.tests.sample_results import EVIL, SECRET, check, course, everything, manual, question, result

GRADESCOPE = json.loads((Path(__file__).parent / "gradescope.schema.json").read_text())
MEASURED = MeasurementResult(
    metric="val_accuracy", value=0.6, estimate=0.61, low=0.6, high=0.62, images=2000, seeds=(1,), dataset="shapes10",
    policy="benefit", decision="", claimed=None,
)  # fmt: skip
UNUSABLE = result(
    "zoe", question("affine", check(verdict="missing")), warnings=(Warned(code="unusable", message="no zip"),)
)
GOOD = result(
    "good",
    question("affine", check("test_a", "passed"), check("test_b", "passed", visible=False)),
    question("net", check("test_c", "passed", measurements=(MEASURED,)), bonus=2.0),
    manual(points=3.0),
)
RESULTS = [everything(), UNUSABLE, GOOD, result("none")]


@pytest.fixture(scope="module")
def of(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return course(tmp_path_factory.mktemp("course"))


def material(folder: Path, of: Course, *results: Result) -> ClassResults:
    return ClassResults(course=of, assignment=of.assignment("hw3"), results=results, output=folder)


def for_gradescope(one: Result, of: Course) -> dict[str, Any]:
    """Return what Gradescope gets, read again, after holding it against the specification."""
    document: dict[str, Any] = json.loads(gradescope.as_text(gradescope.document(shown(one, of), one)))
    jsonschema.validate(document, GRADESCOPE)
    return document


@pytest.mark.parametrize("one", RESULTS, ids=lambda one: one.student)
def test_gradescope_adds_up(one: Result, of: Course) -> None:
    document = for_gradescope(one, of)
    points = sum(test.get("score", 0) for test in document["tests"])
    assert points - one.late.penalty == pytest.approx(document["score"])
    assert document["score"] == pytest.approx(max(0, one.score + one.bonus - one.late.penalty))
    assert sum(test.get("max_score", 0) for test in document["tests"]) == pytest.approx(
        sum(each.max_points for each in one.questions if each.points is not None)
    )


def test_gradescope_shows_accuracies_on_the_leaderboard_and_bonus_as_a_test(of: Course) -> None:
    document = for_gradescope(GOOD, of)
    assert document["leaderboard"] == [{"name": "val accuracy", "value": 0.61}]
    bonus = {"name": "Title of net: bonus", "number": "2.b", "score": 2.0, "max_score": 0.0}
    assert bonus in document["tests"]
    assert document["score"] == 12.5


def test_gradescope_shows_points_by_hand(of: Course) -> None:
    document = for_gradescope(merged(GOOD, {"affine": Given(score=1.5), "inline": Given(score=4.0)}, Policy()), of)
    by_hand = [test for test in document["tests"] if test["name"].endswith("by hand")]
    assert [(test["name"], test["score"]) for test in by_hand] == [
        ("Title of affine: by hand", -3.5),
        ("Title of inline: by hand", 4.0),
    ]


def test_gradescope_hides_no_test_for_that_would_hide_the_total(of: Course) -> None:
    text = gradescope.as_text(for_gradescope(everything(), of))
    assert '"hidden"' not in text.replace('"stdout_visibility": "hidden"', "")
    assert SECRET not in text
    assert "Use x.T." in text


def test_what_nobody_graded_is_no_failed_test(of: Course) -> None:
    broken = [test for test in for_gradescope(everything(), of)["tests"] if "broken" in test["name"]]
    assert [set(test) & {"score", "status"} for test in broken] == [set(), set()]
    assert "through no fault of yours" in broken[0]["name"]


def test_gradescope_says_why_nothing_could_be_graded(of: Course) -> None:
    document = for_gradescope(UNUSABLE, of)
    assert document["score"] == 0
    assert "Nothing could be graded: no zip" in document["output"]


def test_questions_of_which_nothing_is_told_still_have_their_points(tmp_path: Path) -> None:
    document = for_gradescope(GOOD, course(tmp_path, "feedback: {hidden: nothing}"))
    assert {"name": "Title of affine: 1 hidden checks", "number": "1.a", "score": 2.5, "max_score": 2.5} in document[
        "tests"
    ]


def test_a_fault_of_ours_is_no_score(of: Course) -> None:
    document = gradescope.fault("The grader ran out of memory.")
    jsonschema.validate(document, GRADESCOPE)
    assert "through no fault of yours" in document["output"]
    assert "This 0 is not your score" in document["output"]


@pytest.mark.parametrize("one", RESULTS, ids=lambda one: one.student)
def test_junit_is_read_by_another_program(one: Result, of: Course) -> None:
    text = junit.document(shown(one, of))
    assert SECRET not in text
    suites = junitparser.JUnitXml.fromstring(text.encode())
    cases = [case for suite in suites for case in suite]
    told = [check for each in one.questions for check in each.checks]
    assert len(cases) == len(told)
    assert [bool(case.result) for case in cases] == [check.verdict.value != "passed" for check in told]
    counted = (suites.tests, suites.failures, suites.errors, suites.skipped)
    suites.update_statistics()
    assert counted == (suites.tests, suites.failures, suites.errors, suites.skipped)


def test_junit_tells_failures_from_faults_of_ours_and_from_what_nobody_judged(of: Course) -> None:
    verdicts = ["failed", "error", "missing", "timeout", "unchecked", "suite_error", "grader_error", "passed"]
    one = result("ann", question("affine", *(check(f"test_{name}", name) for name in verdicts)))
    kinds = [
        [type(outcome).__name__ for outcome in case.result]
        for suite in junitparser.JUnitXml.fromstring(junit.document(shown(one, of)).encode())
        for case in suite
    ]
    assert kinds == [["Failure"]] * 4 + [["Skipped"]] + [["Error"]] * 2 + [[]]


ATTRIBUTES = {
    "testsuites": {"name", "tests", "failures", "errors", "skipped", "time"},
    "testsuite": {"name", "tests", "failures", "errors", "skipped", "time"},
    "testcase": {"name", "classname", "time"},
    "failure": {"message", "type"},
    "error": {"message", "type"},
    "skipped": {"message"},
    "properties": set(),
    "property": {"name", "value"},
}


def test_junit_has_what_jenkins_and_gitlab_know_and_nothing_else(of: Course) -> None:
    one = result("ann", question("affine", check(verdict="unchecked", message=f"{EVIL}\x00\ufffe\ud800")))
    for each in (one, *RESULTS):
        for element in ElementTree.fromstring(junit.document(shown(each, of)).encode()).iter():
            assert set(element.attrib) <= ATTRIBUTES[element.tag]


def test_tables_have_no_formulas_and_no_zero_for_what_is_not_graded(tmp_path: Path, of: Course) -> None:
    formula = everything("=cmd()")
    paths = list(write_csv(material(tmp_path, of, formula, GOOD)))
    grades, checks = (list(csv.DictReader(path.read_text().splitlines())) for path in paths)
    assert [row["student"] for row in grades] == ["'=cmd()", "good"]
    assert [(row["affine"], row["inline"], row["final"], row["status"]) for row in grades] == [
        ("2.5", "", "", "not graded"),
        ("5", "3", "12.5", "graded"),
    ]
    assert len(checks) == sum(len(each.checks) for one in (formula, GOOD) for each in one.questions)
    assert SECRET in paths[1].read_text()  # it is for who grades
    assert SECRET not in paths[0].read_text()


def test_a_class_as_one_document_follows_its_schema(tmp_path: Path, of: Course) -> None:
    (path,) = class_json.write(material(tmp_path, of, *RESULTS))
    document = json.loads(path.read_text())
    jsonschema.validate(document, json.loads(class_json.SCHEMA_FILE.read_text()))
    assert class_json.SCHEMA_FILE.read_text() == class_json.schema_text(), (
        "run: python -m autograder.report.formats.json"
    )
    assert [each["final"] for each in document["students"]] == [None, 0.0, 12.5, 0.0]
    assert SECRET not in path.read_text()


def view(one: Result, of: Course) -> Shown:
    return shown(one, of)


@pytest.mark.parametrize(("one", "status"), [(everything(), "error"), (UNUSABLE, "fail"), (GOOD, "pass")])
def test_classroom_reads_the_result(one: Result, status: str, of: Course) -> None:
    document = json.loads(base64.b64decode(github.encoded(view(one, of)), validate=True))
    assert (document["version"], document["status"], document["max_score"]) == (3, status, one.max_score)
    assert {test["status"] for test in document["tests"]} <= {"pass", "fail", "error"}
    assert sum(test["score"] for test in document["tests"]) == pytest.approx(one.score + one.bonus - one.late.penalty)
    assert SECRET not in json.dumps(document)


def test_classrooms_reporter_finds_the_score_in_the_notices(of: Course) -> None:
    lines = list(github.commands(view(GOOD, of)))
    assert lines[0] == "::notice title=Autograding complete::Points 12.5/11.5"
    report = re.fullmatch(r"::notice title=Autograding report::(.*)", lines[1])
    assert report is not None
    assert json.loads(report[1]) == {"totalPoints": 12.5, "maxPoints": 11.5}


def test_no_text_of_a_student_is_a_command(of: Course) -> None:
    evil = "a\r\n::set-output name=x::y\n##[error]z 100%,\n::stop-commands::t"
    lines = list(github.commands(view(result("ann", question("affine", check(message=evil))), of)))
    assert len(lines) == 3
    assert all(re.fullmatch(r"::(notice|error|warning) title=[^:,\r\n]*::[^\r\n]*", line) for line in lines)
    assert lines[2].count("%0A") >= 4
    assert "100%25" in lines[2]


def test_no_more_annotations_than_github_shows(of: Course) -> None:
    many = result("ann", question("affine", *(check(f"test_{n}", max_points=float(n)) for n in range(30))))
    errors = [line for line in github.commands(view(many, of)) if line.startswith("::error")]
    assert len(errors) == 10
    assert "%3A 29::" in errors[0]  # what costs most comes first
    assert "21 more checks did not pass" in errors[-1]


def test_a_summary_is_cut_to_what_github_takes(of: Course) -> None:
    long = result("ann", question("affine", *(check(f"test_{n}", message="é" * 4000) for n in range(200))))
    text = github.summary(view(long, of))
    assert 1_000_000 < len(text.encode()) <= 1024 * 1024
    assert text.endswith("the rest is left out: GitHub shows no more than 1 MiB\n")


def test_being_late_is_said_in_each(of: Course) -> None:
    late = Late(days=1, part=0.1, penalty=0.25, rule="1 day late; 1 day x 10% of 2.5 points = 0.25")
    one = result("ann", question("affine", check("test_a", "passed")), late=late)
    assert "1 day x 10% of 2.5 points = 0.25" in for_gradescope(one, of)["output"]
    assert for_gradescope(one, of)["score"] == 2.25
    assert "Points 2.25/2.5" in next(github.commands(view(one, of)))
