"""Files that checks read besides the package: notebooks and weights, found by name wherever they lie."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import PurePosixPath

from autograder.intake.archive import ZipTree
from autograder.intake.bounds import Bounds, Unusable
from autograder.intake.tree import Tree
from autograder.text import one_line
from autograder.types import Remark


def extras(tree: Tree, names: Iterable[str], bounds: Bounds) -> tuple[dict[str, bytes], list[Remark]]:
    """Return the files called `names`, by name, and what there is to say about how they were found.

    Where a notebook is missing, all notebooks of the hand-in are returned under their own names: it may have
    been renamed, which whoever looks for a cell finds out.
    """
    found: dict[str, bytes] = {}
    remarks: list[Remark] = []
    renamed = False
    for name in names:
        paths = _called(tree, name)
        renamed |= not paths and name.endswith(".ipynb")
        if len(paths) > 1:
            words = f"there are {len(paths)} files {name}: took {one_line(paths[0], 80)}, which is nearest to the top"
            remarks.append(Remark(code="several_copies", message=words))
        _read(tree, paths[:1], name, bounds, found, remarks)
    if renamed:
        notebooks = sorted(path for path in tree.sizes if path.endswith(".ipynb"))[: bounds.extras]
        for path in notebooks:
            _read(tree, [path], path, bounds, found, remarks)
    return found, remarks


def extras_anywhere(tree: Tree, names: tuple[str, ...], bounds: Bounds, zips: int) -> dict[str, bytes]:
    """Return the files called `names`, from a zip inside the hand-in if there are none outside, `zips` levels deep."""
    found, _ = extras(tree, names, bounds)
    if found or not zips:
        return found
    inner = sorted(
        (path for path in tree.sizes if path.lower().endswith(".zip")), key=lambda path: (path.count("/"), path)
    )
    for path in inner[: bounds.nested]:
        try:
            inside = ZipTree(io.BytesIO(tree.read(path, bounds.nested_bytes)), bounds)
            found = extras_anywhere(inside, names, bounds, zips - 1)
        except Unusable:
            continue
        if found:
            return found
    return {}


def _called(tree: Tree, name: str) -> list[str]:
    paths = [path for path in tree.sizes if PurePosixPath(path).name == name]
    return sorted(paths, key=lambda path: (path.count("/"), path))


def _read(
    tree: Tree, paths: list[str], name: str, bounds: Bounds, found: dict[str, bytes], remarks: list[Remark]
) -> None:
    for path in paths:
        try:
            data = tree.read(path, bounds.extra_bytes)
        except Unusable as error:
            remarks.append(Remark(code="extra", message=str(error)))
            continue
        if sum(map(len, found.values())) + len(data) > bounds.extras_bytes:
            remarks.append(Remark(code="extra", message=f"{one_line(path)} was not read: the others are too large"))
            continue
        found[name] = data
