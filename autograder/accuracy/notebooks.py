"""A notebook that was handed in: its cells, run in the sandbox, and what its saved outputs claim.

The file is hostile data: it is parsed here, and only the text of its cells goes into the sandbox.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import nbformat

from autograder.accuracy.handed_in import NotHandedIn
from autograder.accuracy.sandboxed import Inside
from autograder.checks import CheckFailure, remark
from autograder.errors import AutograderError, nearest
from autograder.text import one_line

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
    """Return the code cells of a notebook of any format; CheckFailure if it is not one."""
    try:
        document = nbformat.reader.reads(data.decode("utf-8"))  # type: ignore[no-untyped-call]
        notebook = nbformat.convert(document, 4)  # type: ignore[no-untyped-call]
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        if len(cells) > _MOST_CELLS:
            raise CheckFailure(f"{name} has more than {_MOST_CELLS} cells")
        return [_cell(number, cell) for number, cell in enumerate(cells, start=1)]
    except _MALFORMED as error:
        raise CheckFailure(f"{name} is not a notebook that can be read ({type(error).__name__})") from error


def _cell(number: int, cell: Mapping[str, Any]) -> Cell:
    metadata = cell.get("metadata", {})
    names = {cell.get("id"), metadata.get("nbgrader", {}).get("grade_id")}
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


class Notebook:
    """What a suite's fixture `notebook` is: ``notebook.run("play.ipynb", until="best")["best_model"]``."""

    def __init__(self, extras: Mapping[str, bytes], inside: Inside) -> None:
        self._extras, self._inside = extras, inside
        self._name = ""
        self._cells: list[Cell] = []
        self._errors: list[str] = []
        self._shell: Any = None

    def run(self, name: str, *, until: str | None = None, cell_s: float = 60.0) -> Notebook:
        """Run the code cells of the notebook `name`, in order, in the sandbox.

        A cell that fails or computes for more than `cell_s` seconds is left at that, and the next one runs.

        Parameters
        ----------
        until : str, optional
            Id of the last cell to run, its own or nbgrader's.

        Raises
        ------
        CheckFailure
            When there is no such notebook or cell.
        AutograderError
            When IPython or matplotlib are not installed here.
        """
        for package in ("IPython", "matplotlib"):
            if importlib.util.find_spec(package) is None:
                what = f"notebooks are run by {package}, which is not installed here"
                raise AutograderError(f"{what}: pip install 'autograder[authoring]'")
        self._name, self._cells = self._find(name, until)
        self._shell = self._inside.Shell()
        for cell in self._cells:
            words = self._shell.run(cell.source, float(cell_s))
            if type(words) is str and words:
                self._errors.append(f"cell {cell.number}: {one_line(words)}")
        return self

    @property
    def errors(self) -> list[str]:
        """What went wrong in which cell."""
        return list(self._errors)

    @property
    def claimed(self) -> float | None:
        """The last accuracy that the saved outputs of the cells print, if any."""
        return next(iter(reversed(claims(self._cells))), None)

    def __getitem__(self, name: str) -> Any:
        """Return what the cells have called `name`: data, or a stand-in for an object in the sandbox."""
        if self._shell is None:
            raise RuntimeError("notebook.run(...) comes first")
        if self._shell.defines(name) is not True:
            why = f"; {self._errors[0]}" if self._errors else ""
            raise CheckFailure(f"the cells of {self._name} do not define {name}{why}")
        return self._shell.namespace[name]

    def _find(self, name: str, until: str | None) -> tuple[str, list[Cell]]:
        if name in self._extras:
            return name, _up_to(read_cells(self._extras[name], name), until, name)
        others = sorted(other for other in self._extras if other.endswith(".ipynb"))
        fitting = [other for other in others if until is not None and self._has(other, until)]
        if len(fitting) != 1:
            there = f"; there are {', '.join(one_line(other, 60) for other in others)}" if others else ""
            raise NotHandedIn(f"{name} was not handed in{there}")
        (other,) = fitting
        remark("notebook", f"{name} was not handed in: {one_line(other, 60)} was taken, which has the cell {until}")
        return other, _up_to(read_cells(self._extras[other], other), until, other)

    def _has(self, name: str, until: str) -> bool:
        try:
            return any(until in cell.names for cell in read_cells(self._extras[name], name))
        except CheckFailure:
            return False


def _up_to(cells: list[Cell], until: str | None, name: str) -> list[Cell]:
    if until is None:
        return cells
    last = [position for position, cell in enumerate(cells) if until in cell.names]
    if not last:
        hint = nearest(until, sorted({known for cell in cells for known in cell.names}))
        raise CheckFailure(f"{name} has no cell {until!r}{hint}: cells of the assignment have to stay in it")
    if len(last) > 1:
        numbers = " and ".join(str(cells[position].number) for position in last)
        raise CheckFailure(f"{name} has several cells {until!r}, code cells {numbers}: delete the copies")
    return cells[: last[0] + 1]
