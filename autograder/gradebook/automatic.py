"""The notebook with the questions that the hidden suite judged, for formgrader: what each earned, and why.

nbgrader can make feedback for students from it, so it says no more than students may see.
"""

from __future__ import annotations

from collections.abc import Iterator

from autograder.gradebook import answers, harmless
from autograder.gradebook.layout import Sheet
from autograder.report.audience import Shown, ShownCheck, ShownQuestion
from autograder.report.words import earned
from autograder.scoring import points_text
from autograder.text import one_line

_LINES, _WIDTH = 6, 200  # of a message


def notebook(sheet: Sheet, view: Shown) -> str:
    """Return the notebook of a student's automatic questions as the text of its file."""
    head = [f"Judged by the suite. Points given here count instead of its points: {view.title}, {view.student}"]
    head += [f"Nothing could be graded: {view.problem}"] if view.problem else []
    cells = [answers.markdown_cell(harmless.text_block(one_line(words)), {}) for words in head]
    questions = {question.name: question for question in view.questions}
    for place in sheet.places:
        lines = _question(questions[place.name]) if place.name in questions else iter(["no such question when graded"])
        marks = {"grade": True, "grade_id": place.name, "locked": True, "points": place.points, "solution": False}
        metadata = {"nbgrader": {"schema_version": 3, "cell_type": "code", "task": False, **marks}}
        cells.append(answers.code_cell("\n".join(f"# {line}".rstrip() for line in lines), metadata))
    return answers.as_file(cells)


def _question(question: ShownQuestion) -> Iterator[str]:
    yield f"{one_line(question.title)}: {earned(question)} of {points_text(question.max_points)}"
    for check in question.checks:
        yield from _check(check)
    if question.untold:
        yield f"  and {question.untold} hidden checks"


def _check(check: ShownCheck) -> Iterator[str]:
    points = f"{points_text(check.points, check.max_points)} of {points_text(check.max_points)}"
    yield f"  {check.verdict.value:9} {one_line(check.title)} ({points})"
    lines = check.message.splitlines()
    for line in [*lines[:_LINES], *(["..."] if len(lines) > _LINES else [])]:
        yield f"            {one_line(line, _WIDTH)}"
    if check.hint and not check.passed:
        yield f"            hint: {one_line(check.hint, _WIDTH)}"
