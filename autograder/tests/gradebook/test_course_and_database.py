"""What the gradebook is made of: the course's questions, the notebooks of hand-ins, whichever database."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from autograder.authoring import quiet
from autograder.tests.gradebook.conftest import NewDatabase
from autograder.tests.gradebook_course import (
    Grader,
    answered,
    code,
    hand_in,
    markdown,
    marks,
    notebook,
    pull,
    push,
    result,
    run,
)
from autograder.tests.sample_course import write, zipped


def test_what_was_handed_in_after_grading_is_left_out(
    course: Path, grader: Grader, capsys: pytest.CaptureFixture[str]
) -> None:
    hand_in(course, "ann", layers="# other", fc_nets=answered("Something else."))
    hand_in(course, "eve", fc_nets=answered("New here."))
    shutil.rmtree(course / "class/bob")
    assert push() == 0
    said = capsys.readouterr().err
    assert "ann: what is here now is not what was graded: grade again" in said
    assert "eve: not graded yet: grade first" in said
    assert "bob: no hand-in among these" in said
    assert not (course / "autograded/ann/hw3/fc_nets.ipynb").exists()
    assert grader.grade("ann")["needs_manual_grade"] is True  # nobody gets 0 for what nobody has seen


def test_a_question_that_is_gone_goes_unless_somebody_graded_it(
    course: Path, grader: Grader, capsys: pytest.CaptureFixture[str]
) -> None:
    assert push() == 0
    file = course / "course.yaml"
    text = file.read_text()
    file.write_text(text.replace("      nets: {points: 6, title: Networks}\n", ""))
    assert push() == 0
    assert grader.totals()["ann"] == (10, 10)
    grader.enter("ann", "affine", 9, sheet="automatic")
    file.write_text(file.read_text().replace("      affine: {points: 10, title: Affine layer}\n", ""))
    counts = grader.counts()
    assert push() == 2
    said = capsys.readouterr().err
    assert "hw3 has no 'affine' in automatic.ipynb any more, but the gradebook has 1 entries of a person there" in said
    assert grader.counts() == counts
    assert push("--forget", "affine") == 0
    file.write_text(text)
    assert push() == 0
    assert grader.totals()["ann"] == (16, 16)


def test_renamed_notebooks_are_recognised_and_cells_that_are_gone_can_still_be_graded(
    course: Path, grader: Grader
) -> None:
    hand_in(course, "ann", sub__my_final=answered("Renamed."))
    hand_in(course, "bob", fc_nets=notebook(markdown("My answer, without its cell."), code("x = 1", marks("tune"))))
    both = (
        markdown("**Your answer:**\r\n\r\nYOUR ANSWER HERE\n", marks("inline", 4)),
        markdown("It.", marks("inline", 99)),
    )
    hand_in(course, "cy", fc_nets=notebook(*both))
    hand_in(course, "dee", fc_nets=notebook(code("Not Markdown", marks("inline", 4))))
    assert run("grade", "hw3", "class") == push() == 0
    texts = {
        name: (course / f"autograded/{name}/hw3/fc_nets.ipynb").read_text() for name in ("ann", "bob", "cy", "dee")
    }
    assert "fc&#95;nets.ipynb was not handed in; this is sub/my&#95;final.ipynb." in texts["ann"]
    assert "This cell is not in the notebook that was handed in." in texts["bob"]
    assert {name: text.count('"grade_id": "inline"') for name, text in texts.items()} == dict.fromkeys(texts, 1)
    assert '"points": 99' not in texts["cy"]
    assert all(grader.grade(name)["needs_manual_grade"] for name in texts)


def test_answers_are_found_in_zips_and_beside_no_package(course: Path, grader: Grader) -> None:
    shutil.rmtree(course / "class/ann")
    write(course / "class/ann", {"all.zip": zipped({"hw3/fc_nets.ipynb": answered("Zipped.")})})
    shutil.rmtree(course / "class/bob")
    write(course / "class", {"bob/fc_nets.ipynb": answered("Only this.")})
    assert run("grade", "hw3", "class") == push() == 0
    assert result(course, "ann").status == result(course, "bob").status == "unusable"
    assert [grader.grade(name)["needs_manual_grade"] for name in ("ann", "bob")] == [True, True]
    assert "Zipped" in (course / "autograded/ann/hw3/fc_nets.ipynb").read_text()


def test_nbgrader_itself_makes_feedback_and_exports_grades(course: Path, grader: Grader) -> None:
    from nbgrader.converters.generate_feedback import GenerateFeedback
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.plugins.export import CsvExportPlugin

    assert push() == 0
    grader.enter("ann", score=3.5, comment="a fine answer")
    assert pull() == 0
    directory = CourseDirectory(root=str(course), assignment_id="hw3", student_id="ann", db_url=grader.url)
    with quiet() as (log, reasons):
        GenerateFeedback(coursedir=directory, log=log).start()
        with grader.open() as gradebook:
            CsvExportPlugin(to=str(course / "grades.csv")).export(gradebook)
    assert reasons == []
    feedback = (course / "feedback/ann/hw3/fc_nets.html").read_text()
    assert "a fine answer" in feedback
    assert "3.5" in feedback
    rows = (course / "grades.csv").read_text().splitlines()
    assert [row.split(",")[-4:] for row in rows if ",ann," in row] == [["19.5", "0.0", "19.5", "20.0"]]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("gradebook.db", "'gradebook.db' is no URL of a database: give one such as sqlite:///gradebook.db"),
        ("sqlite:///nowhere/gradebook.db", "cannot be used: unable to open database file"),
        ("mysql+nodriver://me:hunter2@host/db", "is no URL of a database"),
        (
            "postgresql+psycopg2://me:hunter2@host/db",
            "needs psycopg2, which is missing: pip install 'autograder[postgres]'",
        ),
    ],
)
def test_a_database_that_cannot_be_used_is_one_line_without_its_password(
    course: Path, url: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert push("--db", url) == 2
    said = capsys.readouterr().err
    assert words in said
    assert len(said.splitlines()) == 1
    assert "hunter2" not in said


def test_pulling_from_nowhere_makes_no_gradebook(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert pull() == 2
    assert "there is no gradebook sqlite:///" in capsys.readouterr().err
    assert not (course / "gradebook.db").exists()


def test_students_whom_the_gradebook_lacks_are_named(
    course: Path, grader: Grader, capsys: pytest.CaptureFixture[str]
) -> None:
    assert push() == 0
    hand_in(course, "eve", fc_nets=answered("New here."))
    assert run("grade", "hw3", "class") == 0
    before = (course / "results/hw3/eve.json").read_bytes()
    assert pull() == 0
    assert "eve: not in the gradebook: push first" in capsys.readouterr().err
    assert (course / "results/hw3/eve.json").read_bytes() == before
    assert ",eve" not in (course / "results/hw3/summary.csv").read_text()
    assert "eve," in (course / "results/hw3/summary.csv").read_text()


def test_the_gradebook_is_where_nbgraders_configuration_says(
    course: Path, new_database: NewDatabase, tmp_path: Path
) -> None:
    url = new_database("sqlite", tmp_path)
    (course / "nbgrader_config.py").write_text(f"c = get_config()\nc.CourseDirectory.db_url = {url!r}\n")
    assert push() == 0
    assert not (course / "gradebook.db").exists()
    assert Grader(url).totals()["ann"] == (16, 16)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("rm release/hw3/fc_nets.ipynb", "fc_nets.ipynb cannot be read: run autograder release hw3"),
        ("sed -i s/inline/other/ release/hw3/fc_nets.ipynb", "grades 'other', which is no question of hw3"),
        ('sed -i \'s/"grade": true/"grade": false/\' release/hw3/fc_nets.ipynb', "has no cells for inline"),
        ("sed -i s/tune/inline/ release/hw3/fc_nets.ipynb", "share a grade_id"),
        ("echo 'raise ValueError(1)' > nbgrader_config.py", "nbgrader_config.py cannot be read: ValueError: 1"),
        ("rm -r results", "no results in"),
    ],
)
def test_what_is_wrong_in_the_course_is_one_line(
    course: Path, change: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    subprocess.run(["sh", "-c", change], check=True)
    capsys.readouterr()
    assert push() == 2
    said = capsys.readouterr().err
    assert words in said
    assert len(said.splitlines()) == 1
