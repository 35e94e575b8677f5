"""Arrays that take long to make, kept in ``.autograder/data`` and used only if they are what was written.

Each entry names the format of this file and the version of what made it; an entry of another version, one that is
damaged and one that cannot be read or written are all the same: the arrays are made anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Pair = tuple[Array, Array]

FORMAT = 1
FOLDER = Path(".autograder", "data")


@dataclass(frozen=True)
class Cache:
    """The cache of the course in the folder `root`."""

    root: Path

    def of(self, name: str, version: str) -> Entries:
        """Return the entries of a data set, in a version of it."""
        return Entries(self.root / FOLDER, name, version)


@dataclass(frozen=True)
class Entries:
    """What is kept of one data set: images and labels by key."""

    folder: Path
    name: str
    version: str

    def arrays(self, key: str, make: Callable[[], Pair]) -> Pair:
        """Return the entry `key`, made by `make` unless it is there in this version."""
        path = self.folder / f"{self.name}-{key}"
        kept = self._read(path)
        if kept is None:
            kept = make()
            with contextlib.suppress(OSError):  # no space, no right to write: it is made again next time
                self._write(path, kept)
        return kept

    def _read(self, path: Path) -> Pair | None:
        try:
            said = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
            images = np.load(path.with_suffix(".images.npy"), allow_pickle=False)
            labels = np.load(path.with_suffix(".labels.npy"), allow_pickle=False)
        except (OSError, ValueError, EOFError):
            return None
        return (images, labels) if said == self._description(images, labels) else None

    def _write(self, path: Path, arrays: Pair) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        for part, array in zip(("images", "labels"), arrays, strict=True):
            temporary = path.with_suffix(f".{os.getpid()}.npy")
            np.save(temporary, array, allow_pickle=False)
            temporary.replace(path.with_suffix(f".{part}.npy"))
        description = path.with_suffix(f".{os.getpid()}.json")
        description.write_text(json.dumps(self._description(*arrays)), encoding="utf-8")
        description.replace(path.with_suffix(".json"))  # last: an entry without it does not count

    def _description(self, images: Array, labels: Array) -> dict[str, Any]:
        digest = hashlib.blake2b(np.ascontiguousarray(images).data, digest_size=16)
        digest.update(np.ascontiguousarray(labels).data)
        return {"format": FORMAT, "version": self.version, "blake2b": digest.hexdigest()}


def stale(folder: Path, name: str, version: str) -> list[str]:
    """Return the keys of the entries that another version made, or that say nothing of it."""
    return [path.stem for path in sorted(folder.glob(f"{name}-*.json")) if _version(path) != (FORMAT, version)]


def _version(path: Path) -> tuple[object, object] | None:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return (said.get("format"), said.get("version")) if isinstance(said, dict) else None
