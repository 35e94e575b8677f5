"""Mutants of the reference solution: its text with one node of the syntax tree replaced, everything else as it was."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from autograder.release.markers import Kind, Region
from autograder.release.sources import Module, statements_in
from autograder.verify.operators import AT_THE_BEGINNING, AT_THE_END, OPERATORS

_ATOMS = (ast.Slice, ast.Constant, ast.Name, ast.Attribute, ast.Call, ast.Subscript)  # never in need of parentheses
_SUMS, _PRODUCTS = (ast.Add, ast.Sub), (ast.Mult, ast.Div, ast.FloorDiv)


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """A module with one mistake in it."""

    path: str  # of the module, such as nndl/layers.py
    function: str  # dotted name below the module
    operator: str
    line: int
    statement: int  # the line on which the statement begins that has to be reached
    was: str  # the lines that differ, without indentation
    now: str
    text: str  # of the whole module

    @property
    def name(self) -> str:
        """What reports call it."""
        return f"{self.path}:{self.line} {self.function}: {self.operator}"


def mutants(module: Module, listed: Iterable[str]) -> Iterator[Mutant]:
    """Yield every mutant of the solutions of those functions of a module that are listed, each program once."""
    wanted = {name: regions for name, regions in module.marked().items() if name in set(listed)}
    seen = {ast.dump(module.tree)}
    for name, regions in wanted.items():
        for statement, operator, text in (*_changes(module, regions), *_insertions(module, name, regions)):
            program = _program(text)
            if program and program not in seen:
                seen.add(program)
                yield _mutant(module, name.removeprefix(f"{module.name}."), operator, statement, text)


def _changes(module: Module, regions: Iterable[Region]) -> Iterator[tuple[int, str, str]]:
    for statement, node in _inside(module.tree, regions):
        for operator, change in OPERATORS.items():
            for instead in change(node):
                yield statement, operator, _replaced(module.text, *_narrowed(node, instead))


def _insertions(module: Module, name: str, regions: list[Region]) -> Iterator[tuple[int, str, str]]:
    """Yield texts with a statement more, before the first statement of a function's solution or after its last."""
    function = next(node for found, node in module.functions() if f"{module.name}.{found}" == name)
    first, last = statements_in(regions[0], module.tree)[0], statements_in(regions[-1], module.tree)[-1]
    for operators, line, at in ((AT_THE_BEGINNING, first.lineno - 1, first), (AT_THE_END, regions[-1].end - 1, last)):
        if operators is AT_THE_END and isinstance(last, ast.Return):
            continue
        for operator, insertion in operators.items():
            for words in insertion(function):
                lines = module.text.split("\n")
                lines.insert(line, " " * at.col_offset + words)
                yield at.lineno, operator, "\n".join(lines)


def _mutant(module: Module, function: str, operator: str, statement: int, text: str) -> Mutant:
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
        statement=statement,
        was=_joined(before[first : len(before) - same]),
        now=_joined(after[first : len(after) - same]),
        text=text,
    )


def _joined(lines: Iterable[str]) -> str:
    return "\n".join(line.strip() for line in lines)


def _inside(tree: ast.Module, regions: Iterable[Region]) -> Iterator[tuple[int, ast.AST]]:
    """Yield the nodes of solution regions that have a place in the text, with the line of the statement they are in.

    Nothing of messages of errors is among them.
    """
    spans = [region for region in regions if region.kind is Kind.SOLUTION]
    stack: list[tuple[int, ast.AST]] = [(1, tree)]
    while stack:
        line, node = stack.pop()
        if isinstance(node, ast.Raise | ast.Assert | ast.JoinedStr | ast.Import | ast.ImportFrom):
            continue
        line = node.lineno if isinstance(node, ast.stmt) else line
        stack.extend((line, child) for child in reversed(list(ast.iter_child_nodes(node))))
        if hasattr(node, "lineno") and any(region.holds(node.lineno) for region in spans):
            yield line, node


def _narrowed(node: ast.AST, instead: ast.AST | None) -> tuple[ast.AST, ast.AST | None]:
    """Return the innermost pair of nodes that hold the whole difference, so that all other text stays as it is."""
    while type(instead) is type(node):
        pairs = [*_different(node, instead)]
        if len(pairs) != 1:
            break
        [(old, new)] = pairs
        if not (isinstance(old, ast.expr) and isinstance(new, ast.expr) and hasattr(old, "lineno")):
            break
        if isinstance(new, ast.Tuple):  # what stands between brackets needs them to be written
            break
        node, instead = old, new
    return node, instead


def _different(node: ast.AST, instead: ast.AST) -> Iterator[tuple[object, object]]:
    for name in node._fields:
        old, new = getattr(node, name, None), getattr(instead, name, None)
        if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
            yield from ((one, other) for one, other in zip(old, new, strict=True) if one is not other)
        elif old is not new:
            yield old, new


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


def _program(text: str) -> str:
    """Return what a text means to Python, or nothing where it is none."""
    try:
        return ast.dump(ast.parse(text))
    except SyntaxError:
        return ""
