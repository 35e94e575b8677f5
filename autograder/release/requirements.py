"""Know what students install for a release: the packages from outside that its files import."""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate

from autograder.release.secrets import parse_cell
from autograder.release.suites import bound_names

# Module that is imported: what pip is asked for. Lower bounds are the oldest that the course was run with.
THIRD_PARTY = {
    "numpy": "numpy>=1.26",
    "pytest": "pytest>=8.3",
    "matplotlib": "matplotlib>=3.8",
    "scipy": "scipy>=1.12",
    "IPython": "ipython>=8",
    "torch": "torch>=2.2",
    "Cython": "Cython>=3",
    "setuptools": "setuptools>=77",
}
JUPYTER = "jupyterlab>=4"


def requirements(files: Mapping[str, bytes]) -> list[str]:
    """Return the lines of a release's requirements.txt."""
    used = {name.partition(".")[0] for _, name in imports(files)}
    lines = {THIRD_PARTY[module] for module in used | {"pytest"} if module in THIRD_PARTY}
    if any(path.endswith(".ipynb") for path in files):
        lines.add(JUPYTER)
    return sorted(lines, key=str.lower)


def unknown_imports(files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Yield file and name of each import that would fail in a release of these files."""
    names = set(_names(files))
    for path, name in imports(files):
        root = name.partition(".")[0]
        if root in names:
            if name not in names:
                yield path, name
        elif root not in THIRD_PARTY and root not in sys.stdlib_module_names:
            yield path, root


def imports(files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Yield file and dotted name of every absolute import in Python files and notebooks, once each."""
    found = ((path, name) for path, raw in files.items() for tree in _trees(path, raw) for name in imported_names(tree))
    return iter(dict.fromkeys(found))


def _names(files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield the dotted names of the release's own modules, of their packages, and of all that they define."""
    for path, raw in files.items():
        if path.endswith(".py"):
            module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            yield from accumulate(module.split("."), "{}.{}".format)
            for node in ast.parse(raw).body:
                yield from (f"{module}.{name}" for name in bound_names(node))


def _trees(path: str, raw: bytes) -> Iterable[ast.AST]:
    if path.endswith(".py"):
        return [ast.parse(raw)]
    if not path.endswith(".ipynb"):
        return []
    cells = [cell for cell in json.loads(raw)["cells"] if cell["cell_type"] == "code"]
    return [tree for cell in cells if (tree := parse_cell("".join(cell["source"]))) is not None]


def imported_names(tree: ast.AST) -> Iterator[str]:
    """Yield the dotted names that the absolute imports of some code bind, or whose names a star binds."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield from (node.module if alias.name == "*" else f"{node.module}.{alias.name}" for alias in node.names)
