"""Read the Python files of the solutions: their functions, and the regions that are marked in them."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import Problem
from autograder.release.markers import Kind, Mistake, Region, find_regions

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
Import = ast.Import | ast.ImportFrom

_CACHES = {"__pycache__", "build", "dist"}
_BUILT = {".pyc", ".pyo", ".so", ".pyd", ".o", ".a", ".dll", ".dylib", ".egg-info"}


@dataclass(frozen=True, kw_only=True)
class Module:
    """A Python file of the solutions; `path` is its place in the release, such as ``nndl/layers.py``."""

    file: Path
    path: str
    text: str
    tree: ast.Module
    regions: tuple[Region, ...]

    @property
    def name(self) -> str:
        """The dotted name it is imported by."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def functions(self) -> Iterator[tuple[str, FunctionNode]]:
        """Yield every function and method with its name below the module, such as ``TwoLayerNet.loss``."""
        yield from ((name, node) for name, node in definitions(self.tree) if isinstance(node, FunctionNode))

    def marked(self) -> dict[str, list[Region]]:
        """Return the solution regions of each function that has any, by its full dotted name."""
        marked: dict[str, list[Region]] = {}
        for region in self.regions:
            owner = owner_of(region, self) if region.kind is Kind.SOLUTION else None
            if owner is not None:
                marked.setdefault(f"{self.name}.{owner}", []).append(region)
        return marked


def definitions(scope: ast.Module | ast.ClassDef, prefix: str = "") -> Iterator[tuple[str, Definition]]:
    """Yield the functions, classes and methods of a scope with their dotted names, but no inner functions."""
    for node in scope.body:
        if isinstance(node, Definition):
            yield prefix + node.name, node
        if isinstance(node, ast.ClassDef):
            yield from definitions(node, f"{prefix}{node.name}.")


def statements_in(region: Region, tree: ast.AST) -> list[ast.stmt]:
    """Return the outermost statements of `tree` that lie within the region, in order."""
    found: list[ast.stmt] = []
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.stmt) and region.holds(node.lineno) and region.holds(last_line(node)):
            found.append(node)
        elif not isinstance(node, ast.expr):  # in which there are no statements
            found += statements_in(region, node)
    return found


@functools.cache
def owner_of(region: Region, module: Module) -> str | None:
    """Return the name below the module of the function whose statements the region holds, if it is one."""
    inside = statements_in(region, module.tree)
    for name, node in module.functions():
        if inside and node.lineno < inside[0].lineno and last_line(inside[-1]) <= last_line(node):
            return name
    return None


def first_line(node: ast.stmt) -> int:
    """Return the number of a statement's first line, which is that of its first decorator."""
    decorators = node.decorator_list if isinstance(node, Definition) else []
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def last_line(node: ast.stmt) -> int:
    """Return the number of a statement's last line."""
    return node.end_lineno or node.lineno


def read_text(file: Path) -> tuple[str, list[Problem]]:
    """Read a source file as text with ``\\n`` line ends; what is not UTF-8 is a problem."""
    raw = file.read_bytes()
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n"), []
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return "", [Problem(file=file, line=line, message="is not UTF-8 here; save the file as UTF-8")]


def parse(file: Path, text: str) -> tuple[ast.Module | None, list[Problem]]:
    """Parse the text of a Python file; what cannot be parsed is a problem."""
    if "\0" in text:  # which is a SyntaxError only from Python 3.11.4 on
        line = text.count("\n", 0, text.index("\0")) + 1
        return None, [Problem(file=file, line=line, message="is not valid Python: there is a null byte")]
    try:
        return ast.parse(text), []
    except SyntaxError as error:
        return None, [Problem(file=file, line=error.lineno, message=f"is not valid Python: {error.msg}")]


def read_module(file: Path, path: str) -> tuple[Module | None, list[Problem]]:
    """Read a Python file whose place in the release is `path`, with every mistake of its markers."""
    text, problems = read_text(file)
    if problems:
        return None, problems
    tree, problems = parse(file, text)
    if tree is None:
        return None, problems
    regions, mistakes = find_regions(text)
    module = Module(file=file, path=path, text=text, tree=tree, regions=tuple(regions))
    mistakes += [mistake for region in regions if (mistake := _misplaced(region, module)) is not None]
    return module, [Problem(file=file, line=mistake.line, message=mistake.message) for mistake in mistakes]


def _misplaced(region: Region, module: Module) -> Mistake | None:
    """Say what is wrong with the place of a region whose markers pair."""
    if region.kind is Kind.SCHEME:
        return Mistake(line=region.begin, message="a mark scheme belongs into a task cell of a notebook; remove it")
    inside = statements_in(region, module.tree)
    if not inside:
        message = f"the region of ### BEGIN {region.kind} holds no whole statement; move the markers around one"
        return Mistake(line=region.begin, message=message)
    cut = _cut_statement(region, inside, module.tree)
    if cut is not None:
        message = f"this region cuts the statement on line {cut.lineno}; put ### BEGIN and ### END around all of it"
        return Mistake(line=region.begin, message=message)
    if region.kind is Kind.SOLUTION and owner_of(region, module) is None:
        message = "### BEGIN SOLUTION marks code outside of a function; put the markers into its body"
        return Mistake(line=region.begin, message=message)
    marker = module.text.split("\n")[region.begin - 1]
    indent = len(marker) - len(marker.lstrip())
    if region.kind is Kind.SOLUTION and indent != inside[0].col_offset:
        message = f"this marker is indented by {indent} and what it marks by {inside[0].col_offset}; indent both alike"
        return Mistake(line=region.begin, message=message)
    return None


def _cut_statement(region: Region, inside: list[ast.stmt], tree: ast.Module) -> ast.stmt | None:
    """Return a statement of which the region holds one end only; a block may end with its last statement."""
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and region.holds(first_line(node)) != region.holds(last_line(node)):
            is_block = last_line(node) == last_line(inside[-1]) and inside[-1] in ast.walk(node)
            if not is_block:
                return node
    return None


def released_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files of a folder in order, with POSIX paths below it, but no caches, links or built files."""
    for file in sorted(folder.rglob("*")):
        below = file.relative_to(folder)
        built = any(part.startswith(".") or part in _CACHES or Path(part).suffix in _BUILT for part in below.parts)
        if file.is_file() and not file.is_symlink() and not built:
            yield below.as_posix(), file
