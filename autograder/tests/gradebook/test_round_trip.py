"""Scores to nbgrader's gradebook and back: nothing is lost or counted twice, in whatever order things happen."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.tests.gradebook.conftest import NewDatabase
from autograder.tests.gradebook_course import Grader, answered, hand_in, pull, push, question, result, run


def files(course: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (course / "results/hw3").glob("*.json")}


def test_automatic_scores_are_what_the_suite_gave(grader: Grader) -> None:
    assert push() == 0
    assert grader.grade("bob", "affine", "automatic")["auto_score"] == 5
    assert grader.grade("bob", "affine", "automatic")["needs_manual_grade"] is False
    assert {name: total for name, (total, _) in grader.totals().items()} == {"ann": 16, "bob": 11, "cy": 16, "dee": 16}


def test_only_answers_wait_for_a_person(grader: Grader) -> None:
    assert push() == 0
    waiting = {student: grader.grade(student)["needs_manual_grade"] for student in ("ann", "bob", "cy", "dee")}
    assert waiting == {"ann": True, "bob": True, "cy": False, "dee": False}
    assert grader.comment("cy")["auto_comment"] == "No response."
    assert grader.comment("dee")["auto_comment"] == "No response: fc_nets.ipynb was not handed in."
    assert pull() == 0


def test_points_and_comments_come_back(course: Path, grader: Grader, capsys: pytest.CaptureFixture[str]) -> None:
    assert push() == 0
    grader.enter("ann", score=3.5, extra=0.25, comment="Good: <b>")
    grader.enter("ann", "tune", comment="tidy")
    assert pull() == 0
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "inline: 1 still to be graded by hand",
        "3 of 4 results changed",
    ]
    inline = question(course, "ann", "inline")
    assert (inline.points, inline.bonus, inline.comment) == (3.5, 0.25, "Good: <b>")
    ann = result(course, "ann")
    assert (ann.score, ann.bonus, ann.final, ann.status) == (19.5, 0.25, 19.75, "graded")
    assert [comment.model_dump() for comment in ann.comments] == [
        {"notebook": "fc_nets.ipynb", "cell": "tune", "text": "tidy"}
    ]
    assert (question(course, "bob", "inline").points, result(course, "bob").status) == (None, "by hand")
    assert (question(course, "cy", "inline").points, question(course, "cy", "inline").comment) == (0, "No response.")
    assert "ann,19.5,20,0.25,0,0,19.75,graded" in (course / "results/hw3/summary.csv").read_text()


def test_nothing_changes_when_pushed_and_pulled_again(course: Path, grader: Grader) -> None:
    assert push() == 0
    grader.enter("ann", score=3.5, comment="good")
    grader.enter("bob", "affine", 7, sheet="automatic")
    assert pull() == 0
    first = (files(course), grader.counts())
    for _ in range(2):
        assert push() == pull() == 0
    assert (
        {path.name: path.read_bytes() for path in (course / "results/hw3").glob("*.json")},
        grader.counts(),
    ) == first
    assert grader.grade("ann")["needs_manual_grade"] is False


def test_totals_of_nbgrader_are_those_of_the_results(course: Path, grader: Grader) -> None:
    (course / "extensions.csv").write_text("student,days\nbob,1\n")
    for student in ("ann", "bob"):
        folder = shutil.copytree(course / "class" / student, course / "submitted" / student / "hw3")
        (folder / "timestamp.txt").write_text("2026-10-28 10:00:00 UTC")
    assert run("grade", "hw3", "submitted", "--extensions", "extensions.csv") == 0
    assert run("gradebook", "push", "hw3", "submitted") == 0
    grader.enter("ann", score=4, extra=1)
    grader.enter("bob", score=2)
    assert pull() == 0
    assert run("gradebook", "push", "hw3", "submitted") == 0  # what is lost for being late, of the new totals
    assert result(course, "ann").late.rule == "2 days late; 2 days x 10% of 21 points = 4.2"
    finals = {student: result(course, student).final for student in ("ann", "bob", "cy")}
    assert {student: total for student, (_, total) in grader.totals().items() if student in finals} == pytest.approx(
        finals
    )
    with grader.open() as gradebook:
        seconds = {student: gradebook.find_submission("hw3", student).total_seconds_late for student in ("ann", "bob")}
    assert seconds == {"ann": 97260, "bob": 97260 - 86400}


def test_points_given_instead_of_the_suites_count_until_they_are_taken_back(course: Path, grader: Grader) -> None:
    assert push() == 0
    grader.enter("bob", "affine", 8, extra=0.5, sheet="automatic")
    assert pull() == 0
    affine = question(course, "bob", "affine")
    assert (affine.points, affine.bonus, result(course, "bob").score) == (8, 0.5, 14)
    assert push() == 0
    assert grader.grade("bob", "affine", "automatic")["auto_score"] == 5  # still what the suite gave
    grader.enter("bob", "affine", None, sheet="automatic")
    assert pull() == 0
    assert question(course, "bob", "affine").points == 5
    assert question(course, "bob", "affine").by_hand is None


def test_points_stay_when_graded_again_and_what_has_changed_is_named(
    course: Path, grader: Grader, capsys: pytest.CaptureFixture[str]
) -> None:
    assert push() == 0
    grader.enter("ann", score=3)
    grader.enter("bob", score=1)
    grader.enter("bob", "affine", 6, sheet="automatic")
    assert pull() == 0
    hand_in(course, "bob", fc_nets=answered("Now I know: because."))  # and the suite is content too
    assert run("grade", "hw3", "class") == 0
    assert (question(course, "bob", "inline").points, question(course, "bob", "affine").points) == (1, 6)
    capsys.readouterr()
    assert push() == 0
    said = capsys.readouterr().err
    for name in ("inline", "affine"):
        assert f"bob: {name}: what was graded by hand has changed: look at it again" in said
    assert "ann" not in said
    assert grader.grade("bob")["manual_score"] == 1
    assert grader.grade("bob")["needs_manual_grade"] is True
    assert pull() == 0
    assert "inline waits in the gradebook to be looked at again" in [w.message for w in result(course, "bob").warnings]
    grader.enter("bob", score=4)
    grader.enter("bob", "affine", None, sheet="automatic")
    assert pull() == 0
    assert (result(course, "bob").score, result(course, "bob").warnings) == (20, ())


def test_what_is_entered_between_pushes_is_kept(course: Path, grader: Grader) -> None:
    assert push() == 0
    grader.enter("ann", score=3)
    assert push() == 0
    grader.enter("bob", score=2, comment="so so")
    assert push() == pull() == 0
    assert [question(course, student, "inline").points for student in ("ann", "bob")] == [3, 2]


def test_points_that_are_cleared_stay_cleared(course: Path, grader: Grader) -> None:
    assert push() == 0
    grader.enter("ann", score=3, comment="good")
    assert pull() == 0
    grader.enter("ann", score=None, comment="")
    assert push() == pull() == 0
    assert (question(course, "ann", "inline").points, question(course, "ann", "inline").comment) == (None, "")


def test_a_new_gradebook_gets_what_the_results_have(
    course: Path, grader: Grader, new_database: NewDatabase, tmp_path: Path
) -> None:
    assert push() == 0
    grader.enter("ann", score=3, extra=0.5, comment="good")
    grader.enter("bob", "affine", 9, sheet="automatic")
    assert pull() == 0
    other = Grader(new_database("sqlite", tmp_path))
    assert push("--db", other.url) == 0
    assert run("gradebook", "pull", "hw3", "--db", other.url) == 0
    for books in (grader, other):
        assert books.totals() == {"ann": (19.5, 19.5), "bob": (15, 15), "cy": (16, 16), "dee": (16, 16)}
        assert books.comment("ann")["manual_comment"] == "good"
    assert question(course, "ann", "inline").comment == "good"


def test_scores_can_be_pushed_without_hand_ins(course: Path, grader: Grader) -> None:
    assert push() == 0
    before = (course / "autograded/ann/hw3/fc_nets.ipynb").read_bytes()
    hand_in(course, "ann", layers="# test_forward: failed", fc_nets=answered("Because of $a$."))
    assert run("grade", "hw3", "class") == 0
    assert run("gradebook", "push", "hw3") == 0
    assert grader.grade("ann", "affine", "automatic")["auto_score"] == 5
    assert (course / "autograded/ann/hw3/fc_nets.ipynb").read_bytes() == before
    assert "failed" in (course / "autograded/ann/hw3/automatic.ipynb").read_text()


def test_what_the_suite_could_not_grade_is_not_zero(
    course: Path, grader: Grader, capsys: pytest.CaptureFixture[str]
) -> None:
    hand_in(course, "ann", layers="# test_loss: suite_error", fc_nets=answered("Because."))
    assert run("grade", "hw3", "class") == 3
    assert push() == 0
    assert "ann: nets: not graded, through no fault of the student" in capsys.readouterr().err
    assert (grader.grade("ann", "nets", "automatic")["auto_score"]) is None
    assert (grader.grade("ann", "nets", "automatic")["needs_manual_grade"]) is True
