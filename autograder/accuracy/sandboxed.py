"""The modules of `inside/` where they are needed: in the sandbox as stand-ins, or here where there is none."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.sandbox.remote import RemoteName
from autograder.worker.wire import NameRef

_FOLDER = Path(__file__).with_name("inside")
_PACKAGE = "_autograder"  # a name that no package of a submission has


def files() -> dict[str, bytes]:
    """Return what every sandbox gets, by name of file."""
    return {f"{_PACKAGE}/{path.name}": path.read_bytes() for path in _FOLDER.glob("*.py")}


class Inside:
    """The names of a module of `inside/`, wherever student code runs."""

    def __init__(self, module: str, current: Callable[[], Any] | None) -> None:
        self._module, self._current = module, current

    def __getattr__(self, name: str) -> Any:
        if self._current is None:
            return getattr(importlib.import_module(f"autograder.accuracy.inside.{self._module}"), name)
        return RemoteName(NameRef(f"{_PACKAGE}.{self._module}", name), self._current)
