"""Feedback beside the cells of the notebooks that were handed in: a page of HTML for each of them.

A notebook is hostile: saved outputs may be scripts, and Markdown may hold any HTML. So it is no copy that could be
opened in Jupyter, but a page that is made anew of its text and of pictures (`autograder.gradebook.harmless`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from autograder.catalogue import read_catalogue
from autograder.errors import UsageError
from autograder.gradebook import handed_in, harmless
from autograder.gradebook.bounds import Budget
from autograder.gradebook.handed_in import STAY
from autograder.gradebook.submitted import Cell, read_cells
from autograder.intake import Choice, find
from autograder.report.audience import Shown, ShownQuestion, shown
from autograder.report.class_results import ClassResults
from autograder.report.counting import Counter
from autograder.report.rendering import render
from autograder.results import CellComment
from autograder.text import file_name


@dataclass(frozen=True, kw_only=True)
class _ShownCell:
    """A cell as its page shows it, and the feedback below it."""

    kind: str
    number: int | None
    source: str
    markdown: Markup
    outputs: tuple[Mapping[str, Any], ...]
    questions: tuple[ShownQuestion, ...]
    comments: tuple[CellComment, ...]


def write(results: ClassResults) -> Iterator[Path]:
    """Write ``students/<student>/<notebook>.html`` for each notebook of each hand-in that was graded."""
    options, course = results.options, results.course
    if not options.submissions:
        raise UsageError("notebooks needs what was graded: --submissions PATH")
    names = course.assignments, course.dialects, options.roster, Choice.parse("best")
    found = find(options.submissions, results.assignment, *names)
    with Counter("reading") as counter:
        given = handed_in(course, results.assignment, results.results, found.hand_ins, counter)
    results.notes.extend(remark.removesuffix(STAY) for remark in given.remarks)
    about = _names_of_questions(results)
    for result in results.results:
        view = shown(result, course)
        for name, data in sorted((given.notebooks(result.student) or {}).items()):
            path = f"students/{result.student}/{file_name(Path(name).stem, 'notebook')}.html"
            yield results.write(path, page(view, name, data, about))


def page(view: Shown, name: str, data: bytes, about: Mapping[str, Sequence[str]]) -> str:
    """Return the page of one notebook; `about` has the names of functions that each question is about."""
    budget = Budget()
    cells = read_cells(data, budget.cells)
    below = _feedback(view, cells or (), about)
    comments = [comment for comment in view.comments if comment.notebook == Path(name).stem]
    return render(
        "notebook.html.j2",
        view=view,
        name=name,
        readable=cells is not None,
        cells=[_shown(cell, below.get(place, ()), comments, budget) for place, cell in enumerate(cells or ())],
    )


def _names_of_questions(results: ClassResults) -> dict[str, tuple[str, ...]]:
    """Return, for each question, the functions and classes that it judges, as the catalogue of mistakes says."""
    holes = read_catalogue(results.course, results.assignment).holes
    return {
        question: tuple(each.split(".")[2] for each in starts if each.count(".") > 1)
        for question, starts in holes.items()
    }


def _feedback(
    view: Shown, cells: Sequence[Cell], about: Mapping[str, Sequence[str]]
) -> dict[int, tuple[ShownQuestion, ...]]:
    """Return the questions to tell of below cells, by the cells' places.

    An answer that is graded by hand is a cell of the question's name; other questions are told of below the first
    cell of code that calls what they judge.
    """
    below: dict[int, tuple[ShownQuestion, ...]] = {}
    for question in view.questions:
        words = [re.escape(each) for each in about.get(question.name, ())]
        calls = re.compile(rf"\b(?:{'|'.join(words)})\w*\(") if words else None
        for place, cell in enumerate(cells):
            called = calls is not None and cell.kind == "code" and calls.search(cell.source)
            if cell.name == question.name or called:
                below[place] = (*below.get(place, ()), question)
                break
    return below


def _shown(
    cell: Cell, questions: tuple[ShownQuestion, ...], comments: Sequence[CellComment], budget: Budget
) -> _ShownCell:
    source = budget.take_text(cell.source, budget.markdown if cell.kind == "markdown" else budget.code)
    rendered = harmless.markdown(source, cell.attachments, budget) if cell.kind == "markdown" else ""
    return _ShownCell(
        kind=cell.kind,
        number=cell.number,
        source=source,
        markdown=Markup(rendered),
        outputs=tuple(harmless.outputs(cell.outputs, budget)) if cell.kind == "code" else (),
        questions=questions,
        comments=tuple(comment for comment in comments if cell.name and comment.cell == cell.name),
    )
