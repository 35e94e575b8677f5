"""Runs the cells of a notebook in the sandbox by IPython's own shell: magics and plots included, without a kernel.

Nothing here is trusted by the other side. What cannot work here, and changes no result, is made harmless: shell
commands and installations print a line, plots are drawn into nothing, Colab's drive is there and empty.
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

_MAX_WORDS = 500


class CellTimeout(BaseException):
    """A cell has used up its time; not an Exception, so that the cell's own handlers let it pass."""


class Shell:
    """A notebook's namespace, and what runs cells in it."""

    def __init__(self) -> None:
        plt.switch_backend("Agg")
        warnings.filterwarnings("ignore", "FigureCanvasAgg is non-interactive")
        sys.modules.update(_colab())
        self._folder = tempfile.TemporaryDirectory()
        atexit.register(self._folder.cleanup)
        # there already, or IPython would copy a file into it and set its mode, which a sandbox forbids
        Path(self._folder.name, "profile_default", "startup").mkdir(parents=True)
        config = Config()
        config.HistoryManager.enabled = False
        config.InteractiveShell.colors = "nocolor" if version_info[0] >= 9 else "NoColor"
        self._shell = _Quiet.instance(config=config, ipython_dir=self._folder.name)

    def run(self, source: str, seconds: float) -> str:
        """Run a cell, for so many seconds of computing at most; return the error that ended it, or an empty text."""
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


def _colab() -> dict[str, types.ModuleType]:
    """Return stand-ins for Colab's modules, by name."""

    def nothing(*_: Any, **__: Any) -> None:
        return None

    google, colab = types.ModuleType("google"), types.ModuleType("google.colab")
    drive, files = types.ModuleType("google.colab.drive"), types.ModuleType("google.colab.files")
    drive.mount = drive.flush_and_unmount = files.download = nothing  # type: ignore[attr-defined]
    files.upload = dict  # type: ignore[attr-defined]
    google.colab, colab.drive, colab.files = colab, drive, files  # type: ignore[attr-defined]
    return {module.__name__: module for module in (google, colab, drive, files)}
