"""What is put into a sandbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True, kw_only=True)
class Contents:
    """Files by relative path, and functions lent in place of the student's own."""

    files: Mapping[str, bytes]
    support: Mapping[str, bytes]
    lent: Mapping[str, Callable[..., Any]] = field(default_factory=dict)  # by module.function

    def lent_names(self) -> dict[str, list[str]]:
        """Return the lent functions' names by module."""
        names: dict[str, list[str]] = {}
        for full in self.lent:
            module, _, name = full.rpartition(".")
            names.setdefault(module, []).append(name)
        return names


def arrays(files: Mapping[str, bytes]) -> dict[str, np.ndarray[Any, Any]]:
    """Return files as arrays, which go over the wire beside the header, whose length is limited."""
    return {name: np.frombuffer(data, np.uint8) for name, data in files.items()}
