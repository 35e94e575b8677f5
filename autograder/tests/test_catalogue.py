"""What a suite's author says beside it: where it is read, and that it fits the rest of the course."""

from __future__ import annotations

import json

import pytest

from autograder.catalogue import read_catalogue
from autograder.course import load_course
from autograder.tests.command_line import ROOT

COURSE = load_course(ROOT)


@pytest.mark.parametrize("name", COURSE.assignments)
def test_where_to_read_is_a_heading_in_a_notebook_of_the_assignment(name: str) -> None:
    assignment = COURSE.assignment(name)
    headings = set()
    for notebook in assignment.notebooks:
        cells = json.loads((COURSE.source(name) / notebook).read_text(encoding="utf-8"))["cells"]
        lines = [
            line for cell in cells if cell["cell_type"] == "markdown" for line in "".join(cell["source"]).splitlines()
        ]
        headings |= {f"{notebook}, {line.lstrip('#').strip()}" for line in lines if line.startswith("#")}
    read = read_catalogue(COURSE, assignment).read
    automatic = {q.name for q in assignment.questions.values() if not (q.manual or q.metric)}
    assert read.keys() == automatic
    assert {place for place in read.values() if place not in headings} == set()


def test_mistakes_in_a_question_of_two_assignments_are_listed_once() -> None:
    shared = read_catalogue(COURSE, COURSE.assignment("hw3")).shared
    own = read_catalogue(COURSE, COURSE.assignment("hw2")).mistakes
    assert [mistake["name"] for mistake in shared] == [m["name"] for m in own if m["question"] == "neural_net"]
