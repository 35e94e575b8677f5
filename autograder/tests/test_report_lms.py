"""Grades for Canvas and Moodle: in their own tables, to the right students, and nothing that they would drop."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from autograder import cli
from autograder.results import Late, Result
from autograder.tests.report_files import CANVAS, MOODLE, canvas, moodle
from autograder.tests.sample_results import EVIL, SECRET, check, course, manual, question, result, write_results

Capture = pytest.CaptureFixture[str]


def graded(student: str, points: float = 11.0, *, by_hand: float | None = 4.0, bonus: float = 0.0) -> Result:
    """Return a result of the sample course's 20 points."""
    checks = check("test_a", "passed", points=points, max_points=16.0)
    return result(student, question("affine", checks, bonus=bonus), manual("inline", by_hand))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_results(course(tmp_path).root, graded("ann"), graded("béa", bonus=7.5), graded("cy", by_hand=None))
    (tmp_path / "canvas.csv").write_text(canvas(["ann", "béa", "cy", "dee"]))
    (tmp_path / "moodle.csv").write_text(moodle(["ann", "béa", "cy", "dee"]))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def to_canvas(*options: str) -> int:
    return cli.run(["report", "hw3", "--format", "canvas", "--canvas-gradebook", "canvas.csv", *options])


def to_moodle(*options: str) -> int:
    return cli.run(["report", "hw3", "--format", "moodle", "--moodle-worksheet", "moodle.csv", *options])


def rows(here: Path, name: str, delimiter: str = ",") -> list[list[str]]:
    text = (here / "reports/hw3" / name).read_text()
    return list(csv.reader(text.splitlines(), delimiter=delimiter))


def as_canvas_imports(table: list[list[str]], known: set[str]) -> dict[str, str]:
    """Return the scores of a table by login, by the rules of Canvas's importer; fails where that would refuse."""
    header, possible, *students = table
    assert "Student" in header[0]
    assert header[1] == "ID"
    assert "Section" in header[header.index("Section")]
    assert len(header) >= 4
    (title,) = header[header.index("Section") + 1 :]
    assert title in known, "an assignment would be made"
    assert possible[0].strip() == "Points Possible"
    assert all(float(row[-1]) >= 0 for row in students)
    return {row[header.index("SIS Login ID")]: row[-1] for row in students}


def test_canvas_gets_the_column_that_it_gave(here: Path, capsys: Capture) -> None:
    assert to_canvas() == 0
    assert as_canvas_imports(rows(here, "canvas.csv"), {"Layers (123)"}) == {"ann": "15", "béa": "22.5"}
    said = capsys.readouterr().err
    assert "canvas: cy: points by hand are still to come: left out; --partial takes what there is" in said
    assert "canvas: Last, dee: no result: left as it is" in said
    assert len(said.splitlines()) == 2


def test_what_is_graded_so_far_goes_out_only_when_asked_for(here: Path) -> None:
    assert to_canvas("--partial") == 0
    assert as_canvas_imports(rows(here, "canvas.csv"), {"Layers (123)"})["cy"] == "11"


@pytest.mark.parametrize("column", ["123", "layers", "Layers (123)"])
def test_a_column_is_named_by_title_or_number(here: Path, column: str) -> None:
    assert to_canvas("--column", column) == 0
    assert rows(here, "canvas.csv")[0][-1] == "Layers (123)"


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("Layers (123)", "Layer (123)", "no column, or more than one, for 'Layers': name one with --column"),
        ("Layers (123)", "Layers", "the gradebook has Essay (124)"),
        ("Essay (124)", "Layers (124)", "more than one"),
        (",20,", ",100,", "the table's maximum is 100, but hw3 has 20 points: change one of the two, or give --scale"),
        (",20,", ",,", "has no points possible, but '': give the assignment points in Canvas"),
        (",ID,", ",Number,", "is no gradebook of Canvas: it has no columns Student, ID and Section"),
        ("    Points Possible", "Ada", "has no line Points Possible"),
    ],
)
def test_what_canvas_would_misunderstand_is_one_line(
    here: Path, before: str, after: str, words: str, capsys: Capture
) -> None:
    (here / "canvas.csv").write_text(canvas(["ann"]).replace(before, after))
    assert to_canvas() == 2
    assert words in capsys.readouterr().err.splitlines()[-1]
    assert not (here / "reports/hw3/canvas.csv").exists()


def test_scores_can_be_scaled_to_another_maximum(here: Path) -> None:
    (here / "canvas.csv").write_text(canvas(["ann"]).replace(",20,", ",100,"))
    assert to_canvas("--scale") == 0
    assert rows(here, "canvas.csv")[2][-1] == "75"


def test_semicolons_a_byte_order_mark_and_a_line_on_posting_are_understood(here: Path) -> None:
    text = canvas(["ann"]).replace('"Last, ann"', "Last").replace(",", ";")
    header, rest = text.split("\n", 1)
    (here / "canvas.csv").write_text(f"\ufeff{header}\n;;;;;Manual Posting;;;\n{rest}")
    assert to_canvas() == 0
    assert rows(here, "canvas.csv")[2] == ["Last", "100", "S0", "ann", "Section 1", "15"]


def test_a_roster_says_by_what_else_a_student_is_known(here: Path, capsys: Capture) -> None:
    (here / "canvas.csv").write_text(canvas(["u1", "u2"]))
    (here / "roster.csv").write_text("student,sis_user_id\nann,S1\nbéa,S0\n")
    assert to_canvas("--roster", "roster.csv") == 0
    assert as_canvas_imports(rows(here, "canvas.csv"), {"Layers (123)"}) == {"u1": "22.5", "u2": "15"}


def test_a_full_name_is_enough_where_nobody_else_has_it(here: Path, capsys: Capture) -> None:
    lines = ['"Ann, A",1,,x1,S,,,,', '"Béa",2,,x2,S,,,,', '"béa",3,,x3,S,,,,', '"cy",4,,béa,S,,,,']
    (here / "canvas.csv").write_text("\n".join([*CANVAS, *lines]))
    assert to_canvas("--partial") == 0
    assert as_canvas_imports(rows(here, "canvas.csv"), {"Layers (123)"}) == {"béa": "22.5"}
    said = capsys.readouterr().err
    assert "ann: no line in the table: left out" in said
    assert "cy: no line in the table: left out" in said  # the account is somebody else's


def test_two_results_of_one_student_are_both_left_out(here: Path, capsys: Capture) -> None:
    (here / "roster.csv").write_text("student,email\nann,béa\n")
    (here / "canvas.csv").write_text(canvas(["béa"]))
    assert to_canvas("--roster", "roster.csv") == 0
    assert len(rows(here, "canvas.csv")) == 2
    said = capsys.readouterr().err
    assert "ann: the line of somebody else too in the table: left out" in said
    assert "béa: the line of somebody else too in the table: left out" in said


def as_moodle_imports(table: list[list[str]], before: list[list[str]]) -> dict[str, str]:
    """Return the grades that Moodle would take over, by number; it skips those that are blank or above the maximum."""
    place = {name: table[0].index(name) for name in table[0]}
    grade, maximum = place["Grade"], place["Maximum grade"]
    untouched = [name for name in range(len(table[0])) if name not in (grade, place["Feedback comments"])]
    assert [[row[name] for name in untouched] for row in table] == [[row[name] for name in untouched] for row in before]
    taken = (row for row in table[1:] if row[grade] and 0 <= float(row[grade]) <= float(row[maximum]))
    return {row[0]: row[grade] for row in taken}


def test_moodle_gets_its_worksheet_with_grades_and_feedback_filled_in(here: Path, capsys: Capture) -> None:
    assert to_moodle() == 0
    before = list(csv.reader((here / "moodle.csv").read_text().splitlines()))
    assert as_moodle_imports(rows(here, "moodle.csv"), before) == {"Participant 500": "15", "Participant 501": "20"}
    said = capsys.readouterr().err
    assert "moodle: béa: 2.5 above the maximum are left out" in said
    assert (
        "Moodle takes no more than its maximum: its grade is without 2.5 of these." in rows(here, "moodle.csv")[2][-1]
    )
    assert rows(here, "moodle.csv")[4][5] == rows(here, "moodle.csv")[4][-1] == ""  # dee has no result


GERMAN = (
    "ID,Vollständiger Name,Status,Bewertung,Bestwertung,Bewertung kann geändert werden,"
    "Zuletzt geändert (Abgabe),Zuletzt geändert (Bewertung),Feedback als Kommentar"
)


@pytest.mark.parametrize("comments", [True, False])
def test_a_worksheet_in_another_language_is_understood(here: Path, comments: bool) -> None:
    days = "Montag, 26. Oktober 2026, 23:01"
    lines = [
        GERMAN if comments else GERMAN.removesuffix(",Feedback als Kommentar"),
        f'Teilnehmer/in 500,ann,Zur Bewertung abgegeben,,"20,00",Ja,"{days}",-' + ("," if comments else ""),
        f'Teilnehmer/in 501,x,Keine Abgabe,"3,50","20,00",Ja,-,"{days}"' + ("," if comments else ""),
    ]
    (here / "moodle.csv").write_text("\n".join(lines))
    assert to_moodle() == 0
    table = rows(here, "moodle.csv")
    assert [row[3] for row in table[1:]] == ["15", "3,50"]
    assert table[2] == next(csv.reader([lines[2]]))
    assert ("15 of 20 points" in table[1][-1]) is comments


def test_a_grade_is_written_with_the_worksheets_decimal_sign(here: Path) -> None:
    write_results_again(here, graded("ann", 10.5))
    (here / "moodle.csv").write_text(moodle(["ann"]).replace("20.00", '"20,00"'))
    assert to_moodle() == 0
    assert rows(here, "moodle.csv")[1][5] == "14,5"


def write_results_again(here: Path, *results: Result) -> None:
    shutil.rmtree(here / "results")
    write_results(here, *results)


def test_feedback_is_html_in_which_nothing_of_a_student_is_markup(here: Path) -> None:
    evil = question("affine", check("test_a", message=EVIL, output=EVIL, max_points=16.0), comment=EVIL)
    late = Late(days=1, part=0.1, penalty=0.1, rule="1 day late; 1 day x 10% of 1 points = 0.1")
    hidden = question("net", check("test_b", visible=False))
    write_results_again(here, result("ann", evil, hidden, manual("inline", 4.0), late=late))
    assert to_moodle() == 0
    feedback = rows(here, "moodle.csv")[1][-1]
    assert "<script>" not in feedback
    assert "&lt;script&gt;" in feedback
    assert "1 day x 10%" in feedback
    assert "Title of affine: 0 of 16; not passed: a" in feedback
    assert SECRET not in feedback


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Name,Grade\nAda,3\n", "is no grading worksheet of Moodle: its first column has no participants"),
        (MOODLE + "\n", "is no grading worksheet of Moodle"),
        ("A,B,C\n1,x,y\n", "no column has the maximum grade; it has A, B, C"),
        (moodle(["ann"]).replace("20.00", ""), "a maximum grade is no number: give the assignment points in Moodle"),
        (moodle(["ann"]).replace("20.00", "100.00"), "the table's maximum is 100, but hw3 has 20 points"),
    ],
)
def test_what_is_no_worksheet_is_one_line(here: Path, text: str, words: str, capsys: Capture) -> None:
    (here / "moodle.csv").write_text(text)
    assert to_moodle() == 2
    assert words in capsys.readouterr().err.splitlines()[-1]
    assert not (here / "reports/hw3/moodle.csv").exists()


@pytest.mark.parametrize("name", ["canvas", "moodle"])
def test_each_says_which_file_it_needs(here: Path, name: str, capsys: Capture) -> None:
    assert cli.run(["report", "hw3", "--format", name]) == 2
    assert f"{name} needs the" in capsys.readouterr().err


def test_a_hand_in_that_nobody_graded_is_left_out(here: Path, capsys: Capture) -> None:
    broken = result("ann", question("affine", check(verdict="suite_error"), points=None))
    write_results_again(here, broken)
    assert to_canvas() == 0
    assert len(rows(here, "canvas.csv")) == 2
    assert "ann: affine not graded, through no fault of the student: left out" in capsys.readouterr().err
