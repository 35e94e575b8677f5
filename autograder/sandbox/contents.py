"""What is put into a sandbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.worker.wire import NameRef


def unchanged(ref: NameRef) -> NameRef:
    """Return the same name."""
    return ref


@dataclass(frozen=True, kw_only=True)
class Contents:
    """Files by relative path, and functions and methods lent in place of the student's own."""

    files: Mapping[str, bytes]  # what is graded
    support: Mapping[str, bytes]
    beside: Mapping[str, bytes] = field(default_factory=dict)  # what else was handed in, and counts less than support
    lent: Mapping[str, Callable[..., Any]] = field(default_factory=dict)  # by module.function or module:Class.method
    names: Mapping[str, str] = field(default_factory=dict)  # what modules of the course are called in the submission
    rename: Callable[[NameRef], NameRef] = unchanged  # likewise, of anything in them
    old: bool = True  # run code for Python 2 and older NumPys as it was meant

    def everything(self) -> dict[str, bytes]:
        """Return all files by path."""
        return {**self.beside, **self.support, **self.files}

    def lent_names(self) -> dict[str, list[str]]:
        """Return the lent functions' names by module."""
        names: dict[str, list[str]] = {}
        for full in self.lent:
            module, _, name = full.partition(":") if ":" in full else full.rpartition(".")
            names.setdefault(module, []).append(name)
        return names

    def folders(self) -> dict[str, Any]:
        """Return all files by folder, best first."""
        return {"files": _arrays(self.files), "support": _arrays(self.support), "beside": _arrays(self.beside)}


def _arrays(files: Mapping[str, bytes]) -> dict[str, np.ndarray[Any, Any]]:
    """Return files as arrays, which go over the wire beside the header, whose length is limited."""
    return {name: np.frombuffer(data, np.uint8) for name, data in files.items()}
