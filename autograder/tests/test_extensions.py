"""The table of individual extensions, and what it changes for whom."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from autograder.errors import UsageError
from autograder.extensions import Extensions, read_extensions
from autograder.intake import HandIn, read_roster
from autograder.late import Extension
from autograder.tests.sample_course import KNOWN

UNTIL = "2026-11-02T23:59:00-08:00"


def table(tmp_path: Path, text: str, roster: str = "") -> Extensions:
    path, students = tmp_path / "extensions.csv", tmp_path / "roster.csv"
    path.write_text(text, encoding="utf-8")
    students.write_text(roster, encoding="utf-8")
    return read_extensions(path, "hw3", KNOWN, read_roster(students) if roster else None)


def test_rows_are_for_one_assignment_or_for_all(tmp_path: Path) -> None:
    text = f"student,assignment,due,days,slip_days\nann,hw3,{UNTIL},,\nbob,,,2,1\ncarl,hw4,,5,\n"
    assert table(tmp_path, text).by_student == {
        "ann": Extension(due=datetime.fromisoformat(UNTIL)), "bob": Extension(days=2, slip_days=1),
    }  # fmt: skip


@pytest.mark.parametrize("alias", ["jane", "JANE@x.edu", "1201"])
def test_student_is_found_by_all_that_the_roster_says(tmp_path: Path, alias: str) -> None:
    extensions = table(tmp_path, f"student,days\n{alias},2\n", "login,email,id\njane,jane@x.edu,1201\n")
    jane = HandIn(student="jane", path=tmp_path, enrolled=True)
    assert extensions.of(jane) == Extension(days=2)
    assert extensions.of(HandIn(student="eve", path=tmp_path)) is None
    assert extensions.unused([jane]) == []
    assert extensions.unused([]) == [alias.casefold()]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("student,day\nann,2\n", ":2: unknown column 'day' (did you mean 'days'?)"),
        ("student,days\n,2\n", ":2: no student"),
        ("student,days\nann,-1\n", ":2: days: expected a whole number of days, up to 366, not '-1'"),
        ("student,days\nann,3\n\nANN,2\n", ":4: ANN has another row for hw3"),
        ("student,due\nann,2026-11-02\n", ":2: due: expected a time with its offset"),
        ("student,due\nann,9999-12-31T23:59:59Z\n", ":2: due: expected a time with its offset"),
        ("student,assignment\nann,hw33\n", ":2: no assignment 'hw33' in course.yaml (did you mean 'hw3'?)"),
    ],
)
def test_mistake_has_its_line(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UsageError) as error:
        table(tmp_path, text)
    assert str(error.value).startswith(f"{tmp_path}/extensions.csv{words}")
