"""The command `autograder report`: what it reads and writes, and what it says when it cannot."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from autograder import cli
from autograder.report.formats import FORMATS
from autograder.report.formats.markdown import escaped, fenced
from autograder.tests.report_files import for_students, options
from autograder.tests.sample_results import EVIL, SECRET, course, everything, result, write_results

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course with two results, in which the command is run."""
    write_results(course(tmp_path).root, everything("alice"), everything("béa"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def report(*arguments: str) -> int:
    return cli.run(["report", "hw3", *arguments])


def problem(capsys: Capture, *arguments: str) -> str:
    assert report(*arguments) == 2
    return capsys.readouterr().err


def test_each_student_gets_a_file_and_each_format_a_line(here: Path, capsys: Capture) -> None:
    assert report("--format", "markdown") == 0
    assert capsys.readouterr().out == "markdown: wrote 2 files to reports/hw3: students/\n"
    assert sorted(path.name for path in (here / "reports/hw3/students").iterdir()) == ["alice.md", "béa.md"]


def test_results_and_reports_can_be_elsewhere(here: Path) -> None:
    (here / "results").rename(here / "old")
    assert report("--format", "markdown", "--results", "old", "--output", "new") == 0
    assert (here / "new/hw3/students/alice.md").exists()


def test_an_unknown_format_is_named_with_the_nearest(here: Path, capsys: Capture) -> None:
    assert "no format 'markdow' (did you mean 'markdown'?); there are" in problem(capsys, "--format", "markdow")
    assert not (here / "reports").exists()


def test_feedback_beside_cells_needs_what_was_graded(here: Path, capsys: Capture) -> None:
    assert "notebooks needs what was graded: --submissions PATH" in problem(capsys, "--format", "notebooks")


def test_without_results_it_says_what_to_do_first(here: Path, capsys: Capture) -> None:
    assert problem(capsys, "--results", "x") == "autograder: no results in x/hw3: run autograder grade hw3 first\n"


def test_every_file_that_is_no_result_of_the_assignment_is_named(here: Path, capsys: Capture) -> None:
    folder = here / "results/hw3"
    (folder / "broken.json").write_text("{}")
    (folder / "other.json").write_text(result("other", assignment="hw4").model_dump_json())
    (folder / "moved.json").write_text(result("carol").model_dump_json())
    lines = problem(capsys, "--format", "markdown").splitlines()
    assert ["broken.json is no result" in lines[0], "of hw4" in lines[2], "carol's" in lines[1]] == [True] * 3


def test_a_folder_that_cannot_be_written_is_a_line(here: Path, capsys: Capture) -> None:
    (here / "reports").write_text("a file")
    assert "reports/hw3/students cannot be made: Not a directory" in problem(capsys, "--format", "markdown")


def test_no_secret_is_in_any_file_that_students_read(here: Path) -> None:
    (here / "class/alice").mkdir(parents=True)
    given = [*options(here, ["alice", "béa"]), "--submissions", "class"]
    assert report("--format", ",".join(FORMATS), *given) == 0
    files = dict(for_students(here / "reports/hw3"))
    assert {"alice.md", "alice.json", "alice.xml", "result.txt", "moodle.csv"} <= {path.name for path in files}
    assert [path for path, text in files.items() if SECRET in text] == []


def test_markdown_shows_what_students_wrote_as_it_is(here: Path) -> None:
    report("--format", "markdown")
    page = (here / "reports/hw3/students/alice.md").read_text()
    outside = re.sub(r"^ *(`{3,})text$.*?^ *\1$", "", page, flags=re.MULTILINE | re.DOTALL)
    assert "<script>" in page
    assert "<script>" not in outside
    assert "x 10% of 2.5 points = 0.25" in page
    assert "4 points are still to be graded by hand: Title of inline" in page


@pytest.mark.parametrize("text", ["```", "a\n````\nb", "`", EVIL])
def test_a_code_block_cannot_be_ended_from_within(text: str) -> None:
    first, *_, last = fenced(text).splitlines()
    assert first == f"{last}text"
    assert last not in text


def test_markup_is_escaped() -> None:
    assert escaped("<b>*a*</b>\n[x](y) https://z") == r"\<b\>\*a\*\</b\> \[x\](y) https:\//z"
