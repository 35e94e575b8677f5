"""A notebook that was handed in: its cells, run in the sandbox, and what they leave there.

The file is hostile data: it is parsed here, and only the text of its cells goes into the sandbox.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from typing import Any

from autograder.accuracy.cells import Cell, claims, read_cells, up_to
from autograder.accuracy.handed_in import MISSING, NoModel, NotHandedIn
from autograder.accuracy.sandboxed import Inside
from autograder.accuracy.stopwatch import Stopwatch
from autograder.checks import CheckFailure, remark
from autograder.errors import AutograderError
from autograder.text import one_line

_SHARE = 2 / 3  # of the check's budget that cells may use: the rest is for a training in their place
_MOST_ERRORS = 3  # that are told
_NOT_RUN = "it was not run"
_LATE = ("CellTimeout", _NOT_RUN)  # how a last cell has failed that time was short for
_LEFT_OPEN = "NotImplementedError"  # what a release raises where something is to be written


class Notebook:
    """What a suite's fixture `notebook` is: ``notebook.run("play.ipynb", until="best").model("best_model")``."""

    def __init__(self, extras: Mapping[str, bytes], inside: Inside, stopwatch: Stopwatch, *, old_code: bool) -> None:
        self._extras, self._inside, self._stopwatch, self._old_code = extras, inside, stopwatch, old_code
        self._name = ""
        self._cells: list[Cell] = []
        self._errors: list[str] = []
        self._last = ""  # how the last cell failed, if it did
        self._shell: Any = None

    def handed_in(self, name: str, *, until: str | None = None) -> bool:
        """Tell whether `run` would find the notebook: under its name, or by its cell."""
        try:
            return name in self._extras or bool(self._other(name, until))
        except NotHandedIn:
            return False

    def run(self, name: str, *, until: str | None = None, cell_s: float = 60.0) -> Notebook:
        """Run the code cells of the notebook `name`, in order, in the sandbox.

        A cell that fails or computes for more than `cell_s` seconds is left at that, and the next one runs. All cells
        together have two thirds of the check's budget; those that are left over then are not run.

        Parameters
        ----------
        until : str, optional
            Id of the last cell to run, its own or nbgrader's.

        Raises
        ------
        NoModel
            When there is no such notebook, or it cannot be read.
        AutograderError
            When IPython or matplotlib are not installed here.
        """
        for package in ("IPython", "matplotlib"):
            if importlib.util.find_spec(package) is None:
                what = f"notebooks are run by {package}, which is not installed here"
                raise AutograderError(f"{what}: pip install 'autograder[authoring]'")
        self._name, self._cells = self._find(name, until)
        self._shell = self._inside.Shell([cell.source for cell in self._cells], self._old_code)
        with self._stopwatch.running():
            self._run(float(cell_s))
        for words in self._errors[:_MOST_ERRORS]:
            remark("cell", f"{self._name}, {words}")
        return self

    def _run(self, cell_s: float) -> None:
        spare_s = self._stopwatch.left() * (1 - _SHARE)
        for position, cell in enumerate(self._cells):
            left_s = self._stopwatch.left() - spare_s
            if left_s <= 0:
                rest = f"cell {cell.number}" + " and those after it" * (position + 1 < len(self._cells))
                self._last = _NOT_RUN
                self._errors.append(f"{rest} were not run: the time for the notebook was used up")
                return
            words = self._shell.run(cell.source, min(cell_s, left_s))
            self._last = one_line(words) if type(words) is str else ""
            if self._last:
                self._errors.append(f"cell {cell.number}: {self._last}")

    @property
    def errors(self) -> list[str]:
        """What went wrong in which cell."""
        return list(self._errors)

    @property
    def claimed(self) -> float | None:
        """The last accuracy that the saved outputs of the cells print, if any."""
        return next(iter(reversed(claims(self._cells))), None)

    @property
    def cut_short(self) -> str:
        """What became of the last cell, if its time was used up, else an empty text."""
        return f"{self._name}'s last cell was not done in time" if self._last.startswith(_LATE) else ""

    def defines(self, name: str) -> bool:
        """Tell whether the cells have called something `name`."""
        return self._shell is not None and self._shell.defines(name) is True

    def __getitem__(self, name: str) -> Any:
        """Return what the cells have called `name`: data, or a stand-in for an object in the sandbox.

        Raises
        ------
        CheckFailure
            When they have not; NoModel where a cell failed, so that nobody knows what they would have.
        """
        if self._shell is None:
            raise RuntimeError("notebook.run(...) comes first")
        if not self.defines(name):
            raise self._without(f"the cells of {self._name} do not define {name}")
        return self._shell.namespace[name]

    def model(self, name: str, method: str = "loss") -> Any:
        """Return a stand-in for the model that the cells have left in `name`, by its `method`.

        Where there is none, it is the model that the last cell has left under another name, if that can only be one and
        the cell did not fail.
        A solver stands for its model.

        Raises
        ------
        CheckFailure
            When nothing was done about it. NoModel when a cell failed, so that nobody knows what it would have left, or
            what is there is no model.
        """
        if self._shell is None:
            raise RuntimeError("notebook.run(...) comes first")
        found = self._shell.model(name, method, not self._last)
        other, model = found if type(found) is tuple and len(found) == 2 else ("", None)
        if model is None or type(other) is not str:
            ended = f"{self._name}: after its last cell, "
            if type(other) is str and other:
                raise NoModel(f"{ended}{one_line(other, 200)}")
            if self._last.startswith(_LEFT_OPEN):
                raise CheckFailure(f"{self._name}: its last cell is not filled in ({self._last})", missing=True)
            raise self._without(f"{ended}{name} holds nothing")
        if other != name:
            words = f"{self._name} leaves no model in {name}: the one in {one_line(other, 60)} was measured"
            remark("notebook", words)
        return model

    def _without(self, words: str) -> CheckFailure:
        if not self._errors:
            return CheckFailure(words)
        return NoModel(f"{words}; {self._errors[0]}", missing=f": {_LEFT_OPEN}" in self._errors[0])

    def _find(self, name: str, until: str | None) -> tuple[str, list[Cell]]:
        if name not in self._extras:
            name = self._other(name, until)
        cells, words = up_to(read_cells(self._extras[name], name), until)
        if words:
            remark("notebook", f"{one_line(name, 60)} {words}")
        return name, cells

    def _other(self, name: str, until: str | None) -> str:
        """Return the only notebook that has the cell `until`, where there is none called `name`."""
        others = sorted(other for other in self._extras if other.endswith(".ipynb"))
        fitting = [other for other in others if until is not None and self._has(other, until)]
        if len(fitting) != 1:
            there = f"; there are {', '.join(one_line(other, 60) for other in others)}" if others else ""
            raise NotHandedIn(f"{name} {MISSING}{there}")
        remark(
            "notebook", f"{name} was not handed in: {one_line(fitting[0], 60)} was taken, which has the cell {until}"
        )
        return fitting[0]

    def _has(self, name: str, until: str) -> bool:
        try:
            return any(until in cell.names for cell in read_cells(self._extras[name], name))
        except NoModel:
            return False
