"""Runs the cells of a notebook in the sandbox by IPython's own shell: magics and plots included, without a kernel.

Nothing here is trusted by the other side. What cannot work here, and changes no result, is made harmless: shell
commands and installations print a line, plots are drawn into nothing; more of that is in `stand_ins`.
"""

from __future__ import annotations

import atexit
import signal
import sys
import tempfile
import types
import warnings
from pathlib import Path
from typing import Any

if "worker.standins" in sys.modules:  # in a sandbox, whose packages get stand-ins for what follows
    sys.modules["worker.standins"].withdraw()

import matplotlib.pyplot as plt
from IPython import version_info
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from . import stand_ins

_MAX_WORDS = 500


class CellTimeout(BaseException):
    """A cell has used up its time; not an Exception, so that the cell's own handlers let it pass."""


class Shell:
    """A notebook's namespace, and what runs its cells, of which `sources` are the texts, in it.

    `old_code`: whether code for Python 2 and older NumPys is run as it was meant.
    """

    def __init__(self, sources: list[str], old_code: bool) -> None:
        plt.switch_backend("Agg")
        warnings.filterwarnings("ignore", "FigureCanvasAgg is non-interactive")
        sys.modules.update(stand_ins.colab())
        self._folder = tempfile.TemporaryDirectory()
        atexit.register(self._folder.cleanup)
        # there already, or IPython would copy a file into it and set its mode, which a sandbox forbids
        Path(self._folder.name, "profile_default", "startup").mkdir(parents=True)
        config = Config()
        config.HistoryManager.enabled = False
        config.InteractiveShell.colors = "nocolor" if version_info[0] >= 9 else "NoColor"
        self._shell = _Quiet.instance(config=config, ipython_dir=self._folder.name)
        self._before: dict[str, Any] = {}
        if "worker.library" in sys.modules:  # in a sandbox, not with the instructor's own notebook
            stand_ins.pictures()
            if old_code:
                stand_ins.old_code(self._shell, sources)

    def run(self, source: str, seconds: float) -> str:
        """Run a cell, for so many seconds of computing at most; return the error that ended it, or an empty text."""
        self._before = {name: value for name, value in self.namespace.items() if hasattr(value, "__dict__")}
        signal.signal(signal.SIGPROF, _late)  # imports have a time limit of their own, by SIGALRM
        signal.setitimer(signal.ITIMER_PROF, seconds)
        try:
            done = self._shell.run_cell(source, store_history=False)  # type: ignore[no-untyped-call]
        except CellTimeout as late:
            return f"CellTimeout: {late}"
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            plt.close("all")
        error = done.error_before_exec or done.error_in_exec
        return f"{type(error).__name__}: {error}"[:_MAX_WORDS] if error is not None else ""

    def defines(self, name: str) -> bool:
        """Tell whether the namespace has `name`."""
        return name in self._shell.user_ns

    def model(self, name: str, method: str, guess: bool) -> tuple[str, Any]:
        """Return what has a `method` in the namespace, and its name: `name`, or else what the last cell has bound.

        The latter only to `guess`. Where there is nothing to measure, return None and why; without a reason where
        nothing was done.
        """
        value = self.namespace.get(name)
        if (found := _with(method, value)) is not None:
            return name, found
        if value is not None:
            return f"{name} holds a {type(value).__name__}, which has no {method}", None
        if not guess:
            return "", None
        bound = [key for key, value in self.namespace.items() if self._before.get(key) is not value]
        models = {key: _with(method, self.namespace[key]) for key in bound if not key.startswith("_")}
        models = {key: model for key, model in models.items() if model is not None}
        best = {key: model for key, model in models.items() if "best" in key.lower()} or models
        if len({id(model) for model in best.values()}) == 1:
            return next(iter(best.items()))
        return f"{name} holds nothing, and {' or '.join(best)} may be meant" if best else "", None

    @property
    def namespace(self) -> dict[str, Any]:
        """What the cells have defined."""
        names: dict[str, Any] = self._shell.user_ns
        return names


class _Quiet(InteractiveShell):
    """IPython's shell where there is no terminal, no other program and nobody to look at plots."""

    def enable_gui(self, gui: str | None = None) -> None:
        """Do nothing: there is no event loop."""

    def enable_matplotlib(self, gui: str | None = None) -> tuple[str, str]:
        """Stay with the backend that draws into memory."""
        return "agg", "agg"

    def system(self, cmd: str) -> None:
        """Say that a shell command was not run."""
        print(f"[not run when graded: {cmd}]")

    system_piped = system_raw = system

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> list[str]:
        """Say that a shell command was not run."""
        self.system(cmd)
        return []


def _late(*_: Any) -> None:
    raise CellTimeout("it did not end in time")


def _with(method: str, value: Any) -> Any:
    """Return an object that has a method, or the `model` of it that has, such as a solver's."""
    for each in (value, getattr(value, "model", None)):
        if not isinstance(each, type | types.ModuleType) and callable(getattr(each, method, None)):
            return each
    return None
