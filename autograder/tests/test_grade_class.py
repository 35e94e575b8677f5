"""A class with a roster, attempts, times and extensions, through the command line."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

import pytest

from autograder import cli
from autograder.by_hand import Given, merged
from autograder.late import Policy
from autograder.results import Result, read_result, write_result
from autograder.tests.fake_suite import FakeHost
from autograder.tests.sample_course import COURSE, WHOLE, write, write_course

RULE = "late: {slip_days: 1, penalty_per_day: 0.1, max_days: 4, time_zone: America/Los_Angeles}\n"
ON_TIME, LATE, TOO_LATE = "2026-10-27 06:59:00 UTC", "2026-10-29 06:00:00 UTC", "2026-11-09 06:00:00 UTC"
POLICY = Policy(slip_days=1, penalty_per_day=Fraction(1, 10), max_days=4)
GOOD, POOR = "# fine", "# test_backward: failed"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course whose class is nbgrader's exchange: students hand in when and as often as they like."""
    monkeypatch.setattr("autograder.suite.client.SuiteHost", FakeHost)
    monkeypatch.setattr(FakeHost, "graded", [])
    course = write_course(tmp_path / "course")
    (course / "course.yaml").write_text(COURSE.replace("assignments:", RULE + "assignments:"))
    hand_in(course, "ann", ON_TIME, POOR)
    hand_in(course, "ann", LATE, GOOD)
    hand_in(course, "bob", TOO_LATE, GOOD)
    hand_in(course, "cy", ON_TIME, GOOD)
    monkeypatch.chdir(course)
    return course


def hand_in(course: Path, student: str, when: str, layers: str) -> None:
    folder = course / f"inbound/{student}+hw3+{when}+x"
    write(folder, {**WHOLE, "nndl/layers.py": layers.encode()})


def grade(*options: str) -> int:
    return cli.run(["grade", "hw3", "inbound", *options])


def result(here: Path, student: str) -> Result:
    return read_result(here / f"results/hw3/{student}.json")


def test_rule_and_its_arithmetic_are_in_the_result_and_the_summary(here: Path) -> None:
    assert grade() == 0
    late = result(here, "ann").late
    assert (late.days, late.slip_days, late.part, late.penalty) == (2, 1, 0.1, 1.6)
    assert late.rule == "2 days late; 1 slip day used; 1 day x 10% of 16 points = 1.6"
    assert late.submitted_at == "2026-10-29T06:00:00+00:00"
    with (here / "results/hw3/summary.csv").open() as file:
        rows = {row["student"]: (row["late_days"], row["penalty"], row["final"]) for row in csv.DictReader(file)}
    assert rows == {"ann": ("2", "1.6", "14.4"), "bob": ("13", "16", "0"), "cy": ("0", "0", "16")}


def test_best_attempt_is_the_one_with_most_points_after_the_penalty(here: Path) -> None:
    hand_in(here, "bob", ON_TIME, POOR)
    assert grade("--attempt", "best") == 0
    assert {student: result(here, student).final for student in ("ann", "bob", "cy")} == {
        "ann": 14.4,
        "bob": 11,
        "cy": 16,
    }
    assert any("number 1 of 2 attempts, the best" in warning.message for warning in result(here, "bob").warnings)
    assert {path.name for path in (here / "results/hw3").iterdir()} == {
        "ann.json", "bob.json", "cy.json", "summary.csv", ".outcomes",
    }  # fmt: skip


def test_attempt_that_could_not_be_graded_is_not_passed_over(here: Path) -> None:
    hand_in(here, "cy", LATE, "# lost")
    assert grade("--attempt", "best") == 3
    assert result(here, "cy").status == "not graded"


def test_attempt_until_a_time_counts(here: Path) -> None:
    assert grade("--attempt", "2026-10-26T23:59:00-07:00") == 0
    assert (result(here, "ann").score, result(here, "ann").late.days) == (11, 0)
    assert result(here, "bob").problem.startswith("nothing is known to be handed in until")


def test_extension_counts_for_whoever_has_it(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {"extensions.csv": b"student,days,due\nann,1,\nbob,,2026-11-09T23:59:00-08:00\nzoe,1,\n"})
    assert grade("--extensions", "extensions.csv") == 0
    assert result(here, "ann").late.rule == "1 day late; 1 slip day used; no penalty"
    assert (result(here, "bob").late.due, result(here, "bob").late.rule) == ("2026-11-09T23:59:00-08:00", "in time")
    assert "extensions.csv: zoe has an extension, and no hand-in here" in capsys.readouterr().err


def test_dry_run_shows_who_was_recognised_and_writes_nothing(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {"roster.csv": b"login,name\nann,Ann Lee\nbob,Bob\ndan,Dan\n"})
    assert grade("--dry-run", "--roster", "roster.csv") == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert lines[:5] == [
        "inbound: from nbgrader exchange: 4 hand-ins",
        "roster.csv: 3 of 4 hand-ins are of its students",
        "not on roster.csv: cy",
        "nothing handed in by dan",
        "1 student with several attempts: the latest counts",
    ]
    rows = [line for line in lines if "nbgrader exchange" in line][1:]
    assert rows[0].startswith("ann nbgrader exchange ann 2026-10-29 06:00:00+00:00 2 days, -10% ann+hw3+2026-10-29")
    assert "13 days, not accepted" in rows[1]
    assert rows[2].endswith("not on roster.csv")
    assert not (here / "results").exists()
    assert FakeHost.graded == []


def test_difference_is_shown_with_its_reason_before_anything_is_written(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert grade() == 0
    before = {path.name: path.read_bytes() for path in (here / "results/hw3").glob("[a-z]*")}
    hand_in(here, "cy", ON_TIME, POOR)
    write(here, {"extensions.csv": b"student,days\nann,1\n"})
    write(here, {"course.yaml": (here / "course.yaml").read_bytes().replace(b"points: 6,", b"points: 9,")})
    capsys.readouterr()
    assert grade("--diff", "--extensions", "extensions.csv") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-10:] == [
        "ann: 14.4 of 20 -> 19 of 23 (+4.6)",
        "  nets: 6/6 -> 9/9 for 1 check with the same verdict",
        "  penalty: 1.6 -> 0",
        "bob: 0 of 20 -> 0 of 23 (+0)",
        "  nets: 6/6 -> 9/9 for 1 check with the same verdict",
        "  penalty: 16 -> 19",
        "cy: 16 of 20 -> 14 of 23 (-2)",
        "  affine.test_backward: passed 5/5 -> failed 0/5",
        "  nets: 6/6 -> 9/9 for 1 check with the same verdict",
        "3 graded, 3 with another score; nothing written, without --diff it will be",
    ]
    assert {path.name: path.read_bytes() for path in (here / "results/hw3").glob("[a-z]*")} == before
    assert [path.name for path in (here / "results").iterdir()] == ["hw3"]


def test_results_that_are_replaced_are_kept(here: Path) -> None:
    assert grade() == grade() == grade("--fresh") == 0
    assert not (here / "results/hw3/earlier").exists()  # nothing but times had changed
    for layers in (POOR, "# test_loss: failed"):
        hand_in(here, "cy", ON_TIME, layers)
        assert grade() == 0
    scores = [read_result(here / f"results/hw3/earlier/cy.{number}.json").score for number in (1, 2)]
    assert (*scores, result(here, "cy").score) == (16, 11, 10)


def test_points_by_hand_are_kept_when_a_class_is_graded_again(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert grade() == 0
    folder = here / "results/hw3"
    write_result(folder, merged(result(here, "ann"), {"inline": Given(score=3.5, comment="good")}, POLICY))
    capsys.readouterr()
    assert grade("--diff") == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("3 graded")  # and no line on ann
    assert grade() == 0
    ann = result(here, "ann")
    assert [(q.points, q.comment) for q in ann.questions if q.name == "inline"] == [(3.5, "good")]
    assert ann.late.rule == "2 days late; 1 slip day used; 1 day x 10% of 19.5 points = 1.95"


def test_difference_needs_earlier_results(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert grade("--diff") == 2
    assert "no earlier results in results/hw3 to compare with" in capsys.readouterr().err


def test_dry_run_has_no_json(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert grade("--dry-run", "--json") == 2
    assert "give one of them" in capsys.readouterr().err


def test_canvas_says_late_but_not_when(here: Path) -> None:
    write(
        here / "canvas",
        {f"{name}_{number}_1_nndl.py": b"def affine_forward(): ..." for name, number in (("a_LATE", 1), ("b", 2))},
    )
    assert cli.run(["grade", "hw3", "canvas"]) == 0
    assert result(here, "a").late.rule == "marked as late, but not when: no penalty"
    assert (result(here, "a").late.penalty, result(here, "b").late.rule) == (0, "")


@pytest.mark.parametrize("zone", ["Mars/Base", "../../etc/passwd", ""])
def test_time_zone_that_is_none_is_a_mistake_in_the_course(
    here: Path, capsys: pytest.CaptureFixture[str], zone: str
) -> None:
    text = (here / "course.yaml").read_text().replace("America/Los_Angeles", f"'{zone}'")
    (here / "course.yaml").write_text(text)
    assert grade() == 2
    words = (
        f"course.yaml:3: late.time_zone: expected the name of a time zone, such as America/Los_Angeles, found {zone!r}"
    )
    assert words in capsys.readouterr().err
