"""Mutants of the reference solution: its text with one node of the syntax tree replaced, everything else as it was."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from autograder.release.markers import Kind, Region
from autograder.release.sources import Module
from autograder.verify.operators import OPERATORS

_ATOMS = (ast.Slice, ast.Constant, ast.Name, ast.Attribute, ast.Call, ast.Subscript)  # never in need of parentheses
_SUMS, _PRODUCTS = (ast.Add, ast.Sub), (ast.Mult, ast.Div, ast.FloorDiv)


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """A module with one mistake in it."""

    path: str  # of the module, such as nndl/layers.py
    function: str  # dotted name below the module
    operator: str
    line: int
    was: str  # the lines that differ, without indentation
    now: str
    text: str  # of the whole module

    @property
    def name(self) -> str:
        """What reports call it."""
        return f"{self.path}:{self.line} {self.function}: {self.operator}"


def mutants(module: Module, listed: Iterable[str]) -> Iterator[Mutant]:
    """Yield every mutant of the solutions of those functions of a module that are listed, each text once."""
    wanted = {name: regions for name, regions in module.marked().items() if name in set(listed)}
    seen = {module.text}
    for name, regions in wanted.items():
        for node in _inside(module.tree, regions):
            for operator, change in OPERATORS.items():
                for instead in change(node):
                    text = _replaced(module.text, node, instead)
                    if text not in seen and _parses(text):
                        seen.add(text)
                        yield _mutant(module, name.removeprefix(f"{module.name}."), operator, node, text)


def _mutant(module: Module, function: str, operator: str, node: ast.AST, text: str) -> Mutant:
    before, after = module.text.split("\n"), text.split("\n")
    first = next(i for i, (old, new) in enumerate(zip(before, after, strict=False)) if old != new)
    same = 0
    while same < min(len(before), len(after)) - first and before[-1 - same] == after[-1 - same]:
        same += 1
    return Mutant(
        path=module.path,
        function=function,
        operator=operator,
        line=first + 1,
        was=_joined(before[first : len(before) - same]),
        now=_joined(after[first : len(after) - same]),
        text=text,
    )


def _joined(lines: Iterable[str]) -> str:
    return "\n".join(line.strip() for line in lines)


def _inside(tree: ast.AST, regions: Iterable[Region]) -> Iterator[ast.AST]:
    """Yield the nodes of solution regions that have a place in the text, but nothing of messages of errors."""
    spans = [region for region in regions if region.kind is Kind.SOLUTION]
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Raise | ast.Assert | ast.JoinedStr | ast.Import | ast.ImportFrom):
            continue
        stack.extend(reversed(list(ast.iter_child_nodes(node))))
        if hasattr(node, "lineno") and any(region.holds(node.lineno) for region in spans):
            yield node


def _replaced(text: str, node: ast.AST, instead: ast.AST | None) -> str:
    """Return the text with another node in place of one; both ends of a node are counted in bytes of UTF-8."""
    raw, starts = text.encode(), [0]
    for line in text.encode().split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    start = starts[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined]
    stop = starts[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined]
    return (raw[:start] + _rendered(node, instead).encode() + raw[stop:]).decode()


def _rendered(node: ast.AST, instead: ast.AST | None) -> str:
    if instead is None:
        return "pass"
    words = ast.unparse(ast.fix_missing_locations(instead))
    if isinstance(instead, ast.stmt):
        return words.replace("\n", "\n" + " " * node.col_offset)  # type: ignore[attr-defined]
    return words if isinstance(instead, _ATOMS) or _binds_alike(node, instead) else f"({words})"


def _binds_alike(node: ast.AST, instead: ast.AST) -> bool:
    if isinstance(node, ast.BinOp) and isinstance(instead, ast.BinOp):
        return any(isinstance(node.op, ops) and isinstance(instead.op, ops) for ops in (_SUMS, _PRODUCTS))
    return isinstance(node, ast.Compare) and isinstance(instead, ast.Compare)


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True
