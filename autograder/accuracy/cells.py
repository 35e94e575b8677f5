"""The cells of a notebook that was handed in, of any format, and what its saved outputs claim."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograder.accuracy.handed_in import NoModel
from autograder.errors import nearest
from autograder.notebook_format import nbformat

_MOST_CELLS = 2000
_CLAIM = re.compile(
    r"\b(?:val|validation|test)[\w ]{0,20}?acc(?:uracy)?\w*[^\d\n.%]{0,20}(\d{0,3}\.?\d+)\s*(%?)", re.IGNORECASE
)
_MALFORMED = (ValueError, KeyError, TypeError, AttributeError, RecursionError, nbformat.ValidationError)


@dataclass(frozen=True)
class Cell:
    """A code cell: its number from 1, the names that it goes by, its text, and what its saved output says."""

    number: int
    names: frozenset[str]
    source: str
    printed: str


def read_cells(data: bytes, name: str) -> list[Cell]:
    """Return the code cells of a notebook of any format; NoModel if it is not one."""
    try:
        document = nbformat.reader.reads(data.decode("utf-8"))  # type: ignore[no-untyped-call]
        notebook = nbformat.convert(document, 4)  # type: ignore[no-untyped-call]
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        if len(cells) > _MOST_CELLS:
            raise NoModel(f"{name} has more than {_MOST_CELLS} cells")
        return [_cell(number, cell) for number, cell in enumerate(cells, start=1)]
    except _MALFORMED as error:
        raise NoModel(f"{name} is not a notebook that can be read ({type(error).__name__})") from error


def _cell(number: int, cell: Mapping[str, Any]) -> Cell:
    metadata = cell.get("metadata", {})
    names = {cell.get("id"), metadata.get("id"), metadata.get("nbgrader", {}).get("grade_id")}  # the second: of Colab
    printed = [_text(output.get("text", "")) for output in cell.get("outputs", [])]
    printed += [_text(output.get("data", {}).get("text/plain", "")) for output in cell.get("outputs", [])]
    return Cell(number, frozenset(name for name in names if type(name) is str), _text(cell["source"]), "".join(printed))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "".join(map(str, value))


def claims(cells: list[Cell]) -> list[float]:
    """Return the validation and test accuracies that saved outputs print, as fractions, first to last."""
    found = []
    for cell in cells:
        for number, percent in _CLAIM.findall(cell.printed):
            value = float(number) / (100 if percent or float(number) > 1 else 1)
            if 0 <= value <= 1:
                found.append(value)
    return found


def up_to(cells: list[Cell], until: str | None) -> tuple[list[Cell], str]:
    """Return the cells up to the last that goes by `until`, and what is to be said about it.

    All cells, where none does: copying a notebook from one program to another may lose what cells go by.
    """
    if until is None:
        return cells, ""
    found = [position for position, cell in enumerate(cells) if until in cell.names]
    if not found:
        hint = nearest(until, sorted({known for cell in cells for known in cell.names}))
        return cells, f"has no cell {until!r}{hint}: all of its cells were run"
    numbers = " and ".join(str(cells[position].number) for position in found)
    words = f"has several cells {until!r}, code cells {numbers}: those up to the last were run"
    return cells[: found[-1] + 1], words if len(found) > 1 else ""
