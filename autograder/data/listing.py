"""What ``autograder data list`` and ``data info`` say."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from autograder.data import cache, published
from autograder.data.support import drawn_by, support
from autograder.errors import UsageError, nearest

NAMES = ("cifar10", "shapes10")


def overview(root: Path) -> list[tuple[str, str]]:
    """Return each data set's name and, in a line, whether it is here."""
    folder = published.find(root)
    used = ("not here: autograder data get cifar10", "always here, used") if folder is None else (
        f"in {folder}, used",
        "always here",
    )  # fmt: skip
    named = os.environ.get("CIFAR10_DIR")
    if named and (folder is None or not folder.is_relative_to(named)):
        used = (f"{used[0]} (CIFAR10_DIR is {named}, which has no test_batch)", used[1])
    return list(zip(NAMES, used, strict=True))


def describe(name: str, root: Path, solutions: Path) -> Iterator[str]:
    """Yield lines about a data set; UsageError for one that there is none of, or that is damaged."""
    if name not in NAMES:
        raise UsageError(f"no data set {name!r}{nearest(name, NAMES)}; there are {' and '.join(NAMES)}")
    yield from _cifar10(root, solutions) if name == "cifar10" else _shapes10(root, solutions)


def _cifar10(root: Path, solutions: Path) -> Iterator[str]:
    folder = published.find(root)
    if folder is None:
        raise UsageError("cifar10 is not here: autograder data get cifar10, or set CIFAR10_DIR to its folder")
    if lacking := published.missing(folder):
        raise UsageError(f"{folder} has no {', '.join(lacking)}: autograder data get cifar10 gets all of it")
    yield f"folder    {folder}"
    reader = support(solutions, "cifar10_files")
    genuine = True
    for name in published.NEEDED:
        try:
            images, labels = reader.read_batch(folder / name)
        except ValueError as error:
            raise UsageError(str(error)) from error
        genuine &= published.md5_of(folder / name) == published.FILES[name]
        counts = np.bincount(labels, minlength=len(reader.CLASSES))
        yield f"{name:14}{len(images)} images, {counts.min()} to {counts.max()} of each class"
    yield f"classes   {', '.join(reader.CLASSES)}"
    yield "checksums " + ("those of the published files" if genuine else "not those of the published files")


def _shapes10(root: Path, solutions: Path) -> Iterator[str]:
    module = support(solutions, "shapes10")
    version = drawn_by(solutions)
    yield f"drawn by  {solutions / 'utils' / 'shapes10.py'}, version {version[:12]}"
    yield f"classes   {', '.join(module.CLASSES)}"
    folder = root / cache.FOLDER
    entries = [path.stem for path in sorted(folder.glob("shapes10-*.json"))]
    yield f"cache     {folder}: {', '.join(entries) or 'empty'}"
    if old := cache.stale(folder, "shapes10", version):
        yield f"          made by another version, and drawn anew when needed: {', '.join(old)}"
