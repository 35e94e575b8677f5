"""Grading a class: what every hand-in gets, and what is left when something goes wrong."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.course import load_course
from autograder.errors import AutograderError, UsageError
from autograder.grade import Graded, Order, grade, suite_digest
from autograder.grade.outcomes import FOLDER
from autograder.intake import find
from autograder.results import Result, read_result
from autograder.rows import Row, row
from autograder.tests.fake_suite import FakeHost
from autograder.tests.sample_course import WHOLE, write, write_course
from autograder.types import Limits, Verdict


@pytest.fixture(autouse=True)
def _fake_suite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.suite.client.SuiteHost", FakeHost)
    monkeypatch.setattr(FakeHost, "isolation", "bwrap")


class Watching:
    """Notes the students in the order in which they were finished, and whether the file was there by then."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seen: list[tuple[str, bool]] = []

    def begin(self, names: object, expected: object) -> None: ...

    def begun(self, name: str) -> None: ...

    def finished(self, name: str, row: Row) -> None:
        self.seen.append((row.student, (self.folder / f"{row.student}.json").exists()))


def order(tmp_path: Path) -> Order:
    course = load_course(write_course(tmp_path / "course"))
    return Order(
        course=course,
        assignment=course.assignment("hw3"),
        output=tmp_path / "results",
        jobs=1,
        isolation="auto",
        limits=Limits(),
    )


def grade_class(tmp_path: Path, students: dict[str, str], progress: Watching | None = None) -> Graded:
    """Grade a class of folders, each with a whole package and this text in its layers; None of it if empty."""
    for student, text in students.items():
        write(tmp_path / "class" / student, {**WHOLE, "nndl/layers.py": text.encode()} if text else {})
    asked = order(tmp_path)
    found = find([tmp_path / "class"], asked.assignment, asked.course.assignments)
    return grade(asked, found.hand_ins, progress or Watching(tmp_path))


def results(graded: Graded) -> list[Result]:
    return [read_result(graded.folder / f"{row.student}.json") for row in graded.rows]


def verdicts(result: Result) -> list[Verdict]:
    return [check.verdict for question in result.questions for check in question.checks]


def test_every_submission_gets_a_result_on_disk(tmp_path: Path) -> None:
    graded = grade_class(tmp_path, {"bob": "# test_backward: failed", "alice": "# all well", "carol": ""})
    assert [(row.student, row.score) for row in graded.rows] == [("alice", 16), ("bob", 11), ("carol", 0)]
    assert tuple(map(row, results(graded))) == graded.rows
    assert graded.folder == tmp_path / "results/hw3"


def test_result_records_how_it_came_about(tmp_path: Path) -> None:
    (result,) = results(grade_class(tmp_path, {"alice": "# mutates"}))
    assert (result.isolation, result.seed, result.seconds, result.max_score) == ("bwrap", 7, 0.25, 20)
    assert result.started.endswith("+00:00")
    assert result.late.due == "2026-10-26T23:59:00-07:00"
    course = order(tmp_path).course
    assert result.suite_sha256 == suite_digest(course, course.assignment("hw3"))
    assert result.questions[0].checks[0].output == "hi\n"
    assert [w.message for w in result.warnings][:1] == ["test_forward: x was changed"]


def test_unusable_submission_never_reaches_the_suite(tmp_path: Path) -> None:
    (result,) = results(grade_class(tmp_path, {"carol": ""}))
    assert FakeHost.graded == []
    assert result.status == "unusable"
    assert result.problem == "there are no files in it"
    assert set(verdicts(result)) == {Verdict.MISSING}
    assert {c.message for q in result.questions for c in q.checks} == {result.problem}


def test_result_is_written_before_anybody_is_told(tmp_path: Path) -> None:
    watching = Watching(tmp_path / "results/hw3")
    grade_class(tmp_path, {"alice": "# x", "bob": "", "carol": "# y"}, watching)
    assert sorted(watching.seen) == [("alice", True), ("bob", True), ("carol", True)]


def test_submissions_are_read_only_when_the_suite_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order_of_events: list[str] = []

    class Lazy(FakeHost):
        def grade(self, submissions, begun):  # type: ignore[no-untyped-def]
            for pair in super().grade(submissions, begun):
                order_of_events.append(f"graded {pair[0].student}")
                yield pair

    from autograder.grade import running as module

    read = module.read
    monkeypatch.setattr("autograder.suite.client.SuiteHost", Lazy)

    def noted(hand_in, *about, **more):  # type: ignore[no-untyped-def]
        order_of_events.append(f"read {hand_in.student}")
        return read(hand_in, *about, **more)

    monkeypatch.setattr(module, "read", noted)
    grade_class(tmp_path, {"alice": "# x", "bob": "# y"})
    assert order_of_events == ["read alice", "graded alice", "read bob", "graded bob"]


def test_submission_that_the_suite_loses_is_the_graders_fault(tmp_path: Path) -> None:
    graded = grade_class(tmp_path, {"alice": "# lost", "bob": "# x"})
    lost, well = results(graded)
    assert set(verdicts(lost)) == {Verdict.GRADER_ERROR}
    assert lost.status == "not graded"
    assert well.score == 16


def test_interruption_keeps_what_was_finished(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        grade_class(tmp_path, {"alice": "# x", "bob": "# interrupt", "carol": "# z"})
    assert written(tmp_path) == ["alice.json", "summary.csv"]


def test_full_disk_ends_the_run_in_one_line_and_without_halves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fsync, calls = os.fsync, iter(range(100))

    def full(fd: int) -> None:
        if next(calls) >= 1:  # one result
            raise OSError(28, "No space left on device")
        fsync(fd)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(AutograderError, match=r"bob\.json cannot be written: No space left on device"):
        grade_class(tmp_path, {"alice": "# x", "bob": "# y", "carol": "# z"})
    assert written(tmp_path) == ["alice.json"]


def test_unwritable_results_end_the_run_before_it_starts(tmp_path: Path) -> None:
    (tmp_path / "results").write_bytes(b"")
    FakeHost.graded = ["nobody yet"]
    with pytest.raises(UsageError, match="results cannot be written"):
        grade_class(tmp_path, {"alice": "# x"})
    assert FakeHost.graded == ["nobody yet"]


def written(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "results/hw3").iterdir() if path.name != FOLDER)


def summary_of(tmp_path: Path) -> list[str]:
    with (tmp_path / "results/hw3/summary.csv").open(encoding="utf-8", newline="") as file:
        return [row["student"] for row in csv.DictReader(file)]


def test_summary_keeps_students_of_earlier_runs(tmp_path: Path) -> None:
    grade_class(tmp_path, {"alice": "# x", "bob": "# y"})
    asked = order(tmp_path)
    again = find([tmp_path / "class/bob"], asked.assignment, asked.course.assignments)
    assert [result.student for result in grade(asked, again.hand_ins, Watching(tmp_path)).rows] == ["bob"]
    assert summary_of(tmp_path) == ["alice", "bob"]


def test_file_that_is_no_result_is_left_out_of_the_summary_and_named(tmp_path: Path) -> None:
    write(tmp_path / "results/hw3", {"old.json": b"{}"})
    graded = grade_class(tmp_path, {"alice": "# x"})
    assert summary_of(tmp_path) == ["alice"]
    assert "not in the summary" in graded.warnings[0]
    assert "old.json" in graded.warnings[0]


def test_lack_of_isolation_is_a_warning_in_every_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeHost, "isolation", "none")
    graded = grade_class(tmp_path, {"alice": "# x", "bob": "# y"})
    assert ["isolation" in {w.code for w in result.warnings} for result in results(graded)] == [True, True]


@pytest.fixture
def changeable(tmp_path: Path) -> Iterator[Path]:
    return write_course(tmp_path / "course")


@pytest.mark.parametrize("file", ["tests/hw3/test_layers.py", "solutions/nndl/layers.py", "course.yaml"])
def test_digest_changes_with_whatever_decides_a_verdict(changeable: Path, file: str) -> None:
    course = load_course(changeable)
    before = suite_digest(course, course.assignment("hw3"))
    path = changeable / file
    path.write_text(path.read_text(encoding="utf-8").replace("points: 10", "points: 11") + "# more\n", encoding="utf-8")
    course = load_course(changeable)
    assert suite_digest(course, course.assignment("hw3")) != before


def test_digest_does_not_change_with_what_decides_nothing(changeable: Path) -> None:
    course = load_course(changeable)
    before = suite_digest(course, course.assignment("hw3"))
    write(changeable, {"tests/hw3/__pycache__/x.pyc": b"1", "tests/hw4/test_optim.py": b"1"})
    assert suite_digest(course, course.assignment("hw3")) == before
