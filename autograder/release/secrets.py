"""Collect what students must not see: the statements of solutions and hidden tests, and model answers.

What counts. A statement is *telling* when it computes something (an operator, a comparison, a call) and is
made of `TOKENS` words and signs or more. ``x, w, b = cache`` or ``return out`` move values about and are
found in any program, and so are loops over `range`, plots and ``solver.train()``. In text (comments,
docstrings, Markdown, outputs, metadata, attachments) a telling statement is a leak wherever it stands, and
so is the right-hand side of one that computes at least twice. Given code may rightly do in one line what a
solution does too; there a leak is a *long* statement (`LONG` computations or more), two telling neighbours
of one region close together, or a whole region. Of a model answer, and of the comments in a solution, every
sentence of `WORDS` words is secret.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.release.fates import Fate, removed_regions
from autograder.release.markers import Kind, Region, find_regions
from autograder.release.notebooks import Notebook, cell_name, roles
from autograder.release.sources import Module, statements_in

TOKENS = 5
LONG = 6
WORDS = 6

_BOOKKEEPING = {"range", "len", "enumerate", "zip", "reversed", "list", "dict", "tuple", "set", "sorted"}
_BOOKKEEPING |= {"print", "int", "float", "str", "isinstance", "super"}
_PLOTTING = {"plt", "ax", "axes", "fig", "figure", "axis"}
_BLOCKS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Raise, ast.Try)


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One telling statement: as normalised code, and the token sequences to search text for."""

    code: str
    phrases: tuple[str, ...]
    is_long: bool


@dataclass(frozen=True, kw_only=True)
class Secret:
    """One marked region, or solution cell: where it is, and what in it must not be released."""

    file: Path
    line: int | None
    where: str  # within the file, for messages; empty where the line says it
    statements: tuple[Statement, ...] = ()
    sentences: tuple[str, ...] = ()


def secrets_of_module(module: Module, fates: Mapping[str, Fate]) -> Iterator[Secret]:
    """Yield the regions of a Python file whose contents students do not get."""
    for region in removed_regions(module, fates):
        found = [s for node in statements_in(region, module.tree) for s in telling_statements(node, module.text)]
        comments = tuple(_comments(_between(module.text, region)))
        yield Secret(file=module.file, line=region.begin, where="", statements=tuple(found), sentences=comments)


def secrets_of_notebook(file: Path, notebook: Notebook) -> Iterator[Secret]:
    """Yield the marked regions of a notebook, and its solution cells that have none."""
    for cell in notebook.cells:
        where = f"cell {cell_name(cell)!r}"
        for region in _secret_regions(cell):
            if cell.cell_type == "code":
                statements = tuple(_statements_of_cell(cell.source, region))
                comments = tuple(_comments(_between(cell.source, region)))
                yield Secret(file=file, line=None, where=where, statements=statements, sentences=comments)
            else:
                sentences = tuple(_sentences(_between(cell.source, region)))
                yield Secret(file=file, line=None, where=where, sentences=sentences)


def telling_statements(tree: ast.AST, source: str) -> Iterator[Statement]:
    """Yield the statements of a tree that compute something, in order; of a loop or condition, its head."""
    for node in flat_statements(tree):
        if isinstance(node, _BLOCKS) or _is_plotting(node):
            continue
        head, value = _head(node), getattr(node, "value", node)
        amount = computations(head)
        if amount and tokens(code_of(node)).count(_SEPARATOR) > TOKENS:
            texts = [code_of(node), ast.get_source_segment(source, head)]  # as normalised, and as it was written
            if isinstance(value, ast.expr) and computations(value) >= 2:
                texts += [ast.unparse(value), ast.get_source_segment(source, value)]
            phrases = tuple(dict.fromkeys(tokens(text) for text in texts if text))
            yield Statement(code=code_of(node), phrases=phrases, is_long=amount >= LONG)


def flat_statements(tree: ast.AST) -> Iterator[ast.stmt]:
    """Yield all statements of a tree in the order of the source."""
    if isinstance(tree, ast.stmt):
        yield tree
    for node in ast.iter_child_nodes(tree):
        yield from flat_statements(node)


def code_of(node: ast.stmt) -> str:
    """Return a statement, or the head of one that has a body, as normalised code."""
    return ast.unparse(_head(node)).removesuffix("\n    pass").removesuffix(":")


def computations(node: ast.AST) -> int:
    """Count the operators, comparisons and calls of an expression or statement that are not bookkeeping."""
    return sum(map(_computes, ast.walk(node)))


def tokens(text: str) -> str:
    """Return the words, numbers and signs of a text in one searchable string, without quotes, brackets and blanks."""
    return _SEPARATOR + "".join(f"{token}{_SEPARATOR}" for token in _TOKEN.findall(text))


def words(text: str) -> str:
    """Return the lower-case words of a text in one searchable string."""
    return _SEPARATOR + "".join(f"{word}{_SEPARATOR}" for word in re.findall(r"\w+", text.lower()))


def parse_cell(source: str) -> ast.Module | None:
    """Parse a code cell, with IPython's magics and shell lines blanked out; None where that fails."""
    try:
        return ast.parse(_plain(source))
    except SyntaxError:
        return None


def _plain(source: str) -> str:
    return re.sub(r"^(\s*)[%!?].*$", r"\1pass", source, flags=re.MULTILINE)


_SEPARATOR = "\x1f"
_TOKEN = re.compile(r"[^\W\d]\w*|\d[\w.]*|[^\s\w'\"`#\\()]")


def _computes(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return not (isinstance(node.func, ast.Name) and node.func.id in _BOOKKEEPING)
    if isinstance(node, ast.Compare):
        return not all(isinstance(op, ast.Is | ast.IsNot | ast.In | ast.NotIn) for op in node.ops)
    if isinstance(node, ast.UnaryOp):
        return not isinstance(node.op, ast.Not) and not isinstance(node.operand, ast.Constant)
    return isinstance(node, ast.BinOp | ast.AugAssign | ast.comprehension)


def _head(node: ast.stmt) -> ast.AST:
    """Return a copy of a statement without the blocks in it."""
    if isinstance(node, ast.For | ast.AsyncFor):
        return ast.For(target=node.target, iter=node.iter, body=[ast.Pass()], orelse=[], lineno=node.lineno)
    if isinstance(node, ast.If | ast.While):
        return node.test
    if isinstance(node, ast.With | ast.AsyncWith):
        return ast.With(items=node.items, body=[ast.Pass()], lineno=node.lineno)
    return node.subject if isinstance(node, ast.Match) else node


def _is_plotting(node: ast.stmt) -> bool:
    call = getattr(node, "value", None)
    while isinstance(call, ast.Call | ast.Attribute | ast.Subscript):
        call = call.func if isinstance(call, ast.Call) else call.value
    return isinstance(call, ast.Name) and call.id in _PLOTTING


def _secret_regions(cell: Any) -> list[Region]:
    """Return the marked regions of a cell; a solution cell without one is replaced as a whole."""
    regions, _ = find_regions(cell.source)
    if roles(cell).get("solution") and not any(region.kind is Kind.SOLUTION for region in regions):
        regions.append(Region(kind=Kind.SOLUTION, begin=0, end=cell.source.count("\n") + 2))
    return regions


def _statements_of_cell(source: str, region: Region) -> Iterator[Statement]:
    tree = parse_cell(source)
    if tree is not None:
        yield from (found for node in statements_in(region, tree) for found in telling_statements(node, _plain(source)))
        return
    for line in _between(source, region).split("\n"):  # not Python: every line of some length tells something
        amount = len(_TOKEN.findall(line))
        if amount >= WORDS:
            yield Statement(code=line.strip(), phrases=(tokens(line),), is_long=amount >= 2 * WORDS)


def _between(source: str, region: Region) -> str:
    return "\n".join(source.split("\n")[region.begin : region.end - 1])


def _comments(code: str) -> Iterator[str]:
    """Yield the comments of secret code that are long enough to tell something."""
    for line in code.split("\n"):
        yield from _sentences(line.partition("#")[2])


def _sentences(text: str) -> Iterator[str]:
    for sentence in re.split(r"[.!?:;]\s|\n\s*\n|\n\s*[-*]\s", text):
        if len(re.findall(r"\w+", sentence)) >= WORDS:
            yield words(sentence)
