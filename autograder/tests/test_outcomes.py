"""Outcomes that are known are not found again: what counts as the same work under the same conditions."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.course import load_course
from autograder.grade.outcomes import FOLDER, Kept, Outcomes, key
from autograder.suite.conditions import complete, conditions
from autograder.suite.messages import Ready
from autograder.suite.setting_up import seed_of, setup_of
from autograder.tests.sample_course import write
from autograder.tests.tiny_course import write_course
from autograder.types import CheckOutcome, Limits, Outcome, Remark, Submission, Verdict


def kept(verdict: Verdict = Verdict.FAILED) -> Kept:
    check = CheckOutcome(
        name="test_a",
        verdict=verdict,
        message="wrong",
        metrics={"x": float("inf")},
        remarks=(Remark(code="a", message="b"),),
    )
    return Kept(outcome=Outcome(checks=(check,), isolation="bwrap", seconds=0.5), started="2026-10-26T10:00:00+00:00")


def submission(**more: dict[str, bytes]) -> Submission:
    return Submission(student="ann", files={"nndl/a.py": b"1"}, sha256="", origin="", **more)


def test_what_is_kept_is_found_under_the_same_conditions_only(tmp_path: Path) -> None:
    Outcomes(folder=tmp_path, conditions="c").keep("k", kept())
    assert Outcomes(folder=tmp_path, conditions="c").find("k") == kept()
    assert Outcomes(folder=tmp_path, conditions="c").find("other") is None
    assert Outcomes(folder=tmp_path, conditions="d").find("k") is None


def test_fresh_run_knows_what_it_has_found_itself(tmp_path: Path) -> None:
    Outcomes(folder=tmp_path, conditions="c").keep("k", kept())
    fresh = Outcomes(folder=tmp_path, conditions="c", fresh=True)
    assert fresh.find("k") is None
    fresh.keep("k", kept(Verdict.PASSED))
    assert fresh.find("k") == kept(Verdict.PASSED)


@pytest.mark.parametrize("verdict", [Verdict.SUITE_ERROR, Verdict.GRADER_ERROR])
def test_what_says_nothing_of_the_submission_is_not_kept(tmp_path: Path, verdict: Verdict) -> None:
    Outcomes(folder=tmp_path, conditions="c").keep("k", kept(verdict))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("content", [b"", b"\x81", b"garbage", b"\xc0"])
def test_damaged_outcome_counts_as_none(tmp_path: Path, content: bytes) -> None:
    write(tmp_path, {f"{FOLDER}/c/k": content})
    assert Outcomes(folder=tmp_path, conditions="c").find("k") is None


def test_outcomes_of_long_ago_are_removed(tmp_path: Path) -> None:
    for each in "abcdef":
        run = Outcomes(folder=tmp_path, conditions=each)
        run.keep("k", kept())
        run.tidy()
    assert Outcomes(folder=tmp_path, conditions="a").find("k") is None
    assert Outcomes(folder=tmp_path, conditions="f").find("k") == kept()
    assert len(list((tmp_path / FOLDER).iterdir())) == 4


def test_same_files_have_the_same_key_whoever_hands_them_in() -> None:
    other = Submission(student="bob", files={"nndl/a.py": b"1"}, sha256="", origin="b", submitted_at="2026-10-26")
    assert key(submission()) == key(other)
    assert key(submission()) != key(submission(extras={"net.npz": b""}))
    as_extra = Submission(student="ann", files={}, extras={"nndl/a.py": b"1"}, sha256="", origin="")
    assert key(submission()) != key(as_extra)


def conditions_of(root: Path, isolation: str = "bwrap", **more: object) -> str:
    course = load_course(root)
    options = {"seed": 1, "jobs": 1, "limits": course.limits, "private": [], "without": [], **more}
    setup = setup_of(course, course.assignment("hw1"), isolation="auto", **options)
    return complete(conditions(setup), Ready(isolation, []))


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("tests/hw1/test_all.py", "the loss is wrong", "the loss is not right"),
        ("tests/hw1/helpers.py", "", "x = 1"),
        ("solutions/nndl/layers.py", "2 * dout", "dout * 2"),
        ("solutions/utils/data.py", "3", "4"),
        ("course.yaml", "cascade: substitute", "cascade: unchecked"),
        ("solutions/named.py", "1", "2"),
        ("course.yaml", "memory_mb: 300", "memory_mb: 400"),
    ],
)
def test_conditions_change_with_whatever_decides_an_outcome(tmp_path: Path, file: str, old: str, new: str) -> None:
    write_course(tmp_path)
    write(tmp_path, {"solutions/utils/more.py": b"from reference import named", "solutions/named.py": b"x = 1"})
    before = conditions_of(tmp_path)
    path = tmp_path / file
    text = path.read_text() if path.exists() else ""
    assert old in text
    path.write_text(text.replace(old, new) if old else new)
    assert conditions_of(tmp_path) != before


@pytest.mark.parametrize("more", [{"seed": 2}, {"isolation": "landlock"}, {"limits": Limits(time_s=7)}])
def test_conditions_change_with_options(tmp_path: Path, more: dict[str, object]) -> None:
    write_course(tmp_path)
    assert conditions_of(tmp_path, **more) != conditions_of(tmp_path)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("course.yaml", "points: 10", "points: 7"),
        ("course.yaml", "Beginning", "End"),
        ("course.yaml", "2026-10-26", "2026-11-26"),
        ("tests/hw1/test_all.py", "points(2)", "points(3.5)"),
        ("tests/hw1/test_all.py", "def test_backward", "@pytest.mark.points(4)\ndef test_backward"),
        ("tests/hw1/__pycache__/x.pyc", "", "1"),
        ("tests/hw2/test_all.py", "", "1"),
        ("solutions/other_models/net.py", "", "x = 1"),  # of another assignment
    ],
)
def test_conditions_are_the_same_where_nothing_is_found_that_was_not(
    tmp_path: Path, file: str, old: str, new: str
) -> None:
    write_course(tmp_path)
    course = load_course(tmp_path)
    before = conditions_of(tmp_path, jobs=2, private=[tmp_path]), seed_of(course, course.assignment("hw1"))
    text = (tmp_path / file).read_text() if old else ""
    assert old in text
    write(tmp_path, {file: text.replace(old, new).encode() if old else new.encode()})
    course = load_course(tmp_path)
    assert (conditions_of(tmp_path), seed_of(course, course.assignment("hw1"))) == before
