"""Feedback beside the cells of notebooks, which are hostile."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from autograder.intake import find, read
from autograder.report.audience import shown
from autograder.report.class_results import ClassResults, Options
from autograder.report.formats import write
from autograder.report.formats.notebooks import page
from autograder.results import CellComment, Result
from autograder.tests import sample_course
from autograder.tests.gradebook_course import code, markdown, marks, notebook
from autograder.tests.sample_results import SECRET, check, course, everything, manual, question, result
from autograder.tests.test_report_pages import Page

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(8)).decode()
SCRIPT = "<script>window.taken = 1</script>"
OUTPUTS = (
    {"output_type": "stream", "name": "stdout", "text": f"\x1b[31mprinted\x1b[0m {SCRIPT}"},
    {"output_type": "display_data", "data": {"text/html": SCRIPT, "text/plain": "plain"}, "metadata": {}},
    {"output_type": "display_data", "data": {"image/png": PNG}, "metadata": {}},
    {"output_type": "display_data", "data": {"image/png": f'"><script>{PNG}'}, "metadata": {}},
    {"output_type": "display_data", "data": {"image/svg+xml": "<svg onload='taken()'/>"}, "metadata": {}},
    {"output_type": "display_data", "data": {"application/javascript": "taken()"}, "metadata": {}},
    {"output_type": "error", "ename": "ValueError", "evalue": SCRIPT, "traceback": ["line 1"]},
)
CELLS = (
    markdown(f"# Title\n\n{SCRIPT}\n\n[link](javascript:taken()) **bold**"),
    code("out = affine_forward(x, w, b)", outputs=OUTPUTS),
    code("net = TwoLayerNet()"),
    markdown("my answer", marks("inline", 4)),
    code("tuned = 1", marks("tune")),
)
ABOUT = {"affine": ("affine",), "nets": ("TwoLayerNet",), "more": ("TwoLayerNet",), "broken": ()}


def graded(student: str = "alice") -> Result:
    answer = manual("inline", 3.0).model_copy(update={"comment": "well argued"})
    return result(
        student,
        *everything().questions[:3],
        answer,
        question("more", check("test_fine", "passed")),
        comments=(CellComment(notebook="fc_nets", cell="tune", text="tuned on the test set?"),),
    )


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> str:
    view = shown(graded(), course(tmp_path_factory.mktemp("course")))
    return page(view, "fc_nets.ipynb", notebook(*CELLS), ABOUT)


def test_whatever_the_notebook_holds_is_text_or_a_picture(text: str) -> None:
    parsed = Page(text)
    tags = [tag for tag, _ in parsed.elements]
    assert not {"script", "svg", "iframe", "object", "form"} & set(tags)
    assert not [name for _, attrs in parsed.elements for name in attrs if name.startswith("on") or name == "style"]
    assert parsed.all("src") == [f"data:image/png;base64,{PNG}"]
    assert [link for link in parsed.all("href") if not link.startswith(("#", "data:,", "../alice.html"))] == []
    assert "\x1b" not in text
    assert f"printed {SCRIPT}" in "".join(parsed.words)


def test_feedback_is_below_the_cell_that_it_is_about(text: str) -> None:
    places = [
        text.index(words)
        for words in (
            "affine_forward(x, w, b)",
            'aria-label="Feedback: Title of affine"',
            "Use x.T.",
            "TwoLayerNet()",
            'aria-label="Feedback: Title of nets"',
            "your code raised an exception",
            "my answer",
            'aria-label="Feedback: Title of inline"',
            "well argued",
            "tuned = 1",
            "tuned on the test set?",
        )
    ]
    assert places == sorted(places)
    assert "Title of broken" not in text
    assert SECRET not in text


def test_links_lead_to_the_questions_of_the_students_page(text: str) -> None:
    assert {"../alice.html", "../alice.html#q-1"} <= set(Page(text).all("href"))


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"cells": 3, "nbformat": 4}', b"\xff" * 9])
def test_what_is_no_notebook_is_said_to_be_none(tmp_path: Path, data: bytes) -> None:
    assert "not a notebook that can be read" in page(shown(graded(), course(tmp_path)), "x.ipynb", data, {})


def test_pages_are_written_of_the_hand_ins_that_were_graded(tmp_path: Path) -> None:
    known = course(tmp_path / "course")
    for student in ("alice", "bob"):
        files = {**sample_course.WHOLE, "fc_nets.ipynb": notebook(*CELLS)}
        sample_course.write(tmp_path / "class" / student, files)
    found = find([tmp_path / "class"], known.assignment("hw3"), known.assignments).hand_ins
    sha = read(found[0], known.assignment("hw3"), known.assignments).sha256
    results = (graded("alice").model_copy(update={"submission_sha256": sha}), graded("bob"))
    material = ClassResults(
        course=known,
        assignment=known.assignment("hw3"),
        results=results,
        output=tmp_path / "out",
        options=Options(submissions=(tmp_path / "class",)),
    )
    assert list(write("notebooks", material)) == [tmp_path / "out/students/alice/fc_nets.html"]
    assert material.notes == ["bob: what is here now is not what was graded: grade again"]
