"""Result files: format, schema, and never half of one."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from autograder import results
from autograder.errors import AutograderError, UsageError
from autograder.results import (
    Result,
    Warned,
    read_result,
    result_folder,
    schema_text,
    write_result,
    write_summary,
)

HOSTILE = "\x1b]0;title\x07 \ud800 \u202e evil\r\nline"


def make(student: str = "alice", message: str = "", **more: Any) -> Result:
    check = {
        "name": "test_a", "verdict": "failed", "points": 0, "max_points": 10, "visible": False,
        "message": message, "hint": "", "seconds": 0.5, "output": message,
    }  # fmt: skip
    question = {
        "name": "affine", "title": "Affine", "points": 0, "max_points": 10, "bonus": 0, "manual": False,
        "checks": [check],
    }  # fmt: skip
    values = {
        "assignment": "hw3", "student": student, "score": 41.0, "max_score": 50, "bonus": 1.0, "late": {},
        "submission_sha256": "0" * 64, "suite_sha256": "1" * 64, "isolation": "bwrap", "seed": 123,
        "started": "2026-10-26T10:00:00+00:00", "seconds": 1.9, "questions": [question], "warnings": [],
    }  # fmt: skip
    return Result.model_validate(values | more)


def ungraded(**more: Any) -> dict[str, Any]:
    question = make().questions[0].model_dump() | {"points": None} | more
    return {"questions": [question]}


def test_schema_in_the_repository_is_current() -> None:
    current = results.SCHEMA_FILE.read_text(encoding="utf-8")
    assert current == schema_text(), "run: python -m autograder.results"


def test_result_on_disk_follows_its_schema_and_reads_back(tmp_path: Path) -> None:
    result = make(message="wrong")
    path = write_result(tmp_path, result)
    jsonschema.validate(json.loads(path.read_text(encoding="utf-8")), json.loads(schema_text()))
    assert read_result(path) == result
    assert [file.name for file in tmp_path.iterdir()] == ["alice.json"]


def test_keys_are_those_that_were_promised(tmp_path: Path) -> None:
    stored = json.loads(write_result(tmp_path, make()).read_text(encoding="utf-8"))
    assert list(stored) == [
        "format", "assignment", "student", "score", "max_score", "bonus", "late", "submission_sha256",
        "suite_sha256", "isolation", "seed", "started", "seconds", "questions", "warnings",
    ]  # fmt: skip
    (question,) = stored["questions"]
    assert list(question) == ["name", "title", "points", "max_points", "bonus", "manual", "checks"]
    assert list(question["checks"][0]) == [
        "name", "verdict", "points", "max_points", "visible", "message", "hint", "seconds", "output",
    ]  # fmt: skip


def test_what_a_student_printed_cannot_harm_a_terminal(tmp_path: Path) -> None:
    path = write_result(tmp_path, make(message=HOSTILE))
    (check,) = read_result(path).questions[0].checks
    assert check.output == "\\x1b]0;title\\x07 \\ud800 \\u202e evil\nline"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Invalid JSON"),
        (b"[]", "the file"),
        (b'{"format": 2}', "format"),
        (make().model_dump_json().replace('"failed"', '"great"').encode(), "verdict"),
        (make().model_dump_json().replace("0.5", "NaN").encode(), "seconds"),
    ],
)
def test_file_that_is_no_result_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "alice.json"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=words) as caught:
        read_result(path)
    assert "is no result of format 1" in str(caught.value)


def test_missing_result_is_a_mistake_of_the_user(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        read_result(tmp_path / "alice.json")


@pytest.mark.parametrize("student", ["../eve", ".hidden", "a/b"])
def test_result_is_never_written_elsewhere(tmp_path: Path, student: str) -> None:
    with pytest.raises(ValueError, match="is no name for a result file"):
        write_result(tmp_path / "hw3", make(student))


def test_full_disk_leaves_the_old_result_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = write_result(tmp_path, make()).read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(AutograderError, match=r"alice\.json cannot be written: No space left") as caught:
        write_result(tmp_path, make(message="new"))
    assert caught.value.exit_code == 3
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [before]


def test_result_replaces_a_link_and_not_what_it_leads_to(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"mine")
    (tmp_path / "alice.json").symlink_to(other)
    write_result(tmp_path, make())
    assert other.read_bytes() == b"mine"


def test_folder_is_made_and_stays_only_with_something_in_it(tmp_path: Path) -> None:
    with result_folder(tmp_path / "results", "hw3") as folder:
        assert folder.is_dir()
        assert not list(folder.iterdir())
    assert not list(tmp_path.iterdir())
    with result_folder(tmp_path / "results", "hw3") as folder:
        write_result(folder, make())
    assert (tmp_path / "results/hw3/alice.json").exists()


def test_folder_that_cannot_be_made_is_a_mistake_of_the_user(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    words = r"results cannot be written to .*Not a directory; give another with --output"
    with pytest.raises(UsageError, match=words), result_folder(tmp_path / "file", "hw3"):
        pass


def test_summary_has_a_line_for_each_student(tmp_path: Path) -> None:
    late = {"days": 2, "penalty": 5.125}
    unusable = make("carol", warnings=[{"code": "unusable", "message": "the zip is empty"}])
    rows = [make("bob", late=late), make("alice", **ungraded()), unusable, make("dan", **ungraded(manual=True))]
    text = write_summary(tmp_path, rows).read_text(encoding="utf-8")
    assert text.splitlines() == [
        "student,score,max_score,bonus,late_days,penalty,final,status",
        "alice,41,50,1,0,0,,not graded",
        "bob,41,50,1,2,5.125,36.875,graded",
        "carol,41,50,1,0,0,42,unusable",
        "dan,41,50,1,0,0,42,by hand",
    ]


@pytest.mark.parametrize("start", "=+-@\t")
def test_no_cell_of_the_summary_is_a_formula(tmp_path: Path, start: str) -> None:
    path = write_summary(tmp_path, [make(f'{start}cmd|" /C calc"!A0,x')])
    with path.open(encoding="utf-8", newline="") as file:
        _, row = csv.reader(file)
    assert row[0] == f'\'{start}cmd|" /C calc"!A0,x'
    assert len(row) == 8


def test_penalty_never_makes_a_final_score_negative() -> None:
    assert make(score=1.0, bonus=0.0, late={"days": 9, "penalty": 5.0}).final == 0


def test_problem_is_the_warning_that_nothing_could_be_graded() -> None:
    warnings = [Warned(code="links", message="x"), Warned(code="unusable", message="the zip is empty")]
    assert make(warnings=warnings).problem == "the zip is empty"
    assert make().problem == ""
