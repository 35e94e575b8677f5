"""What running nbgrader inside of this process takes: imported late, kept quiet, with its programs on PATH.

nbgrader comes with the extra ``authoring``; grading never needs it.
"""

from __future__ import annotations

import contextlib
import importlib
import logging
import os
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder.errors import UsageError


def tool(name: str, what: str = "a release is made with nbgrader") -> Any:
    """Import a module of nbgrader or beside it; UsageError, which begins with `what`, where it is not installed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # deprecations inside nbgrader are not ours to mend
            return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise UsageError(f"{what}, and {error.name} is missing; run: pip install 'autograder[authoring]'") from error


@contextlib.contextmanager
def alembic_on_path() -> Iterator[None]:
    """Put the folder of this Python first on PATH: nbgrader opens a new gradebook by running ``alembic``."""
    before = os.environ.get("PATH")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), *([before] if before else [])])
    try:
        yield
    finally:
        if before is None:
            del os.environ["PATH"]
        else:
            os.environ["PATH"] = before


class _Errors(logging.Handler):
    """Remembers the last line of each traceback: nbgrader logs what went wrong and raises something else."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.reasons: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage().strip()
        if text.startswith("Traceback"):
            self.reasons.append(text.splitlines()[-1])


@contextlib.contextmanager
def quiet() -> Iterator[tuple[logging.Logger, list[str]]]:
    """Keep nbgrader from printing; yield a logger for it, and the list of errors that it logs."""
    log = logging.getLogger("autograder.nbgrader")
    errors = _Errors()
    log.propagate = False
    log.handlers = [errors]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield log, errors.reasons
