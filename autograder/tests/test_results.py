"""Result files: format, schema, and never half of one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from autograder import results
from autograder.errors import UsageError
from autograder.results import Result, Warned, read_result, schema_text, write_result

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


def test_penalty_never_makes_a_final_score_negative() -> None:
    assert make(score=1.0, bonus=0.0, late={"days": 9, "penalty": 5.0}).final == 0


def test_problem_is_the_warning_that_nothing_could_be_graded() -> None:
    warnings = [Warned(code="links", message="x"), Warned(code="unusable", message="the zip is empty")]
    assert make(warnings=warnings).problem == "the zip is empty"
    assert make().problem == ""
