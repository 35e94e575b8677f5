"""A student's notebooks as formgrader shows them: what was handed in, made harmless, with the cells that are graded.

What a cell is worth and whether it is an answer is taken from the release, whatever the student's copy says. A cell
that is gone is put back at the end, so that whoever grades can still give points for an answer that stands elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograder.gradebook import harmless
from autograder.gradebook.bounds import Budget
from autograder.gradebook.layout import Place, Sheet
from autograder.gradebook.submitted import Cell, read_cells
from autograder.text import one_line, printable

_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python", "pygments_lexer": "ipython3"},
}
NOT_HANDED_IN = "No response: {file} was not handed in."
UNTOUCHED = "No response."


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a student wrote in a cell: the reason if that is nothing, and a digest that changes with what is there."""

    nothing: str = ""
    digest: str = ""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A notebook as a file for formgrader, and what is in its answer cells by name."""

    text: str
    answers: Mapping[str, Answer]


def shown(sheet: Sheet, files: Mapping[str, bytes], others: frozenset[str]) -> Shown:
    """Return a student's notebook for formgrader.

    `files` are the notebooks that were handed in, by name; one that was renamed is recognised by its cells, if it
    does not bear one of the names in `others`.
    """
    budget = Budget()
    name, cells = _handed_in(sheet, files, others, budget)
    if cells is None:
        note = f"{sheet.file} was not handed in, or cannot be read."
        if files:
            note += f" There are: {', '.join(one_line(other, 60) for other in sorted(files))}."
        built = [_note(note), *(_placeholder(place) for place in sheet.places)]
        nothing = NOT_HANDED_IN.format(file=sheet.file)
        return Shown(text=_written(built, {}), answers={p.name: Answer(nothing=nothing) for p in sheet.places})
    chosen = {place.name: _chosen(place, cells) for place in sheet.places}
    places = {id(cell): place for place in sheet.places if (cell := chosen[place.name])}
    built = [_note(f"{sheet.file} was not handed in; this is {one_line(name, 60)}.")] if name != sheet.file else []
    built += [_built(cell, places.get(id(cell)), budget) for cell in cells]
    built += [_placeholder(place) for place in sheet.places if chosen[place.name] is None]
    answers = {place.name: _answer(place, chosen[place.name]) for place in sheet.places}
    return Shown(text=_written(built, answers), answers=answers)


def digests(text: str) -> Mapping[str, str]:
    """Return the digests of the answers in a notebook that was written before; nothing where there are none."""
    try:
        found = json.loads(text)["metadata"]["autograder"]["answers"]
    except (ValueError, LookupError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}


def as_file(cells: list[dict[str, Any]], answers: Mapping[str, str] | None = None) -> str:
    """Return a notebook of these cells as the text of its file, the same for the same cells."""
    numbered = [{"id": f"cell-{number}", **cell} for number, cell in enumerate(cells, start=1)]
    metadata = {**_METADATA, "autograder": {"answers": dict(answers or {})}}
    notebook = {"cells": numbered, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, indent=1, sort_keys=True) + "\n"


def _written(cells: list[dict[str, Any]], answers: Mapping[str, Answer]) -> str:
    return as_file(cells, {name: answer.digest for name, answer in answers.items()})


def _handed_in(
    sheet: Sheet, files: Mapping[str, bytes], others: frozenset[str], budget: Budget
) -> tuple[str, tuple[Cell, ...] | None]:
    cells = read_cells(files[sheet.file], budget.cells) if sheet.file in files else None
    if cells is not None:
        return sheet.file, cells
    wanted = {place.name for place in sheet.places}
    best: tuple[int, str, tuple[Cell, ...] | None] = (0, "", None)
    for name in sorted(set(files) - others - {sheet.file}):
        cells = read_cells(files[name], budget.cells) or ()
        count = len(wanted & {cell.name for cell in cells})
        if count > best[0]:
            best = (count, name, cells)
    return best[1], best[2]


def _chosen(place: Place, cells: tuple[Cell, ...]) -> Cell | None:
    """Return the cell that is a place's; of copies, the first in which something was written."""
    named = [cell for cell in cells if cell.name == place.name]
    return next((cell for cell in named if not _untouched(place, cell)), named[0] if named else None)


def _untouched(place: Place, cell: Cell) -> bool:
    return not cell.attachments and (not cell.words or cell.words == " ".join(place.released.split()))


def _answer(place: Place, cell: Cell | None) -> Answer:
    if cell is None:
        return Answer(digest="no cell")
    names = "\0".join(sorted(map(str, cell.attachments)))
    digest = hashlib.sha256(f"{cell.kind}\0{cell.words}\0{names}".encode(errors="replace")).hexdigest()
    return Answer(nothing=UNTOUCHED if _untouched(place, cell) else "", digest=digest)


def _built(cell: Cell, place: Place | None, budget: Budget) -> dict[str, Any]:
    """Build a cell anew: of the kind and with the marks of the release where it is one of its places."""
    marks = {"nbgrader": dict(place.metadata or {})} if place else {}
    if (place.kind if place else cell.kind) == "code":
        source = budget.take_text(printable(cell.source), budget.code)
        outputs = harmless.outputs(cell.outputs, budget)
        return code_cell(source, marks) | {"outputs": outputs, "execution_count": cell.number}
    source = budget.take_text(cell.source, budget.markdown)
    as_markdown = cell.kind == "markdown"
    text = harmless.markdown(source, cell.attachments, budget) if as_markdown else harmless.text_block(source)
    return markdown_cell(text, marks)


def _placeholder(place: Place) -> dict[str, Any]:
    words = "This cell is not in the notebook that was handed in."
    marks = {"nbgrader": dict(place.metadata or {})}
    return code_cell(f"# {words}", marks) if place.kind == "code" else markdown_cell(f"*{words}*", marks)


def _note(words: str) -> dict[str, Any]:
    return markdown_cell(harmless.text_block(words), {})


def markdown_cell(source: str, metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return a cell of Markdown, which is harmless already."""
    return {"cell_type": "markdown", "metadata": dict(metadata), "source": source}


def code_cell(source: str, metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return a cell of code without outputs."""
    return {"cell_type": "code", "metadata": dict(metadata), "source": source, "outputs": [], "execution_count": None}
