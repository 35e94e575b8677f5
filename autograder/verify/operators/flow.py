"""Mistakes in what is done when, and kept where: conditions, loops, modes, state, names mixed up, arguments spoilt."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Callable, Iterator

from autograder.release.sources import FunctionNode
from autograder.verify.operators.trees import Change, called, exchanged, with_

Insertion = Callable[[FunctionNode], Iterator[str]]  # a statement for the beginning or the end of a solution

_COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Gt: (ast.LtE, ast.GtE),
    ast.GtE: (ast.Lt, ast.Gt),
    ast.Lt: (ast.GtE, ast.LtE),
    ast.LtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_MODES = {"train": "test", "test": "train"}
_NUMBERED = re.compile(r"[A-Za-z]+\d")  # W1
_ARRAY = re.compile(r"^ +([\w, ]+) : [^\n]*\bndarrays?\b", re.MULTILINE)  # a parameter, as numpydoc writes it


def flipped_condition(node: ast.AST) -> Change:
    """Compare the other way round, or include or exclude the bound; forget one of two conditions."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for kind in _COMPARED.get(type(node.ops[0]), ()):
            yield with_(node, ops=[kind()])
    if isinstance(node, ast.If):
        yield with_(node, test=ast.UnaryOp(ast.Not(), node.test))
    if isinstance(node, ast.BoolOp):
        yield from node.values
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand


def modes_swapped(node: ast.AST) -> Change:
    """Take training for testing."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in _MODES:
        yield ast.Constant(_MODES[node.value])


def not_stored(node: ast.AST) -> Change:
    """Do not keep a value: an item, an attribute, what is added to a sum or to a list."""
    if isinstance(node, ast.AugAssign) or (
        isinstance(node, ast.Assign) and all(isinstance(t, ast.Subscript | ast.Attribute) for t in node.targets)
    ):
        yield None
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield None


def not_added_up(node: ast.AST) -> Change:
    """Keep the last term of a sum in place of the sum."""
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add | ast.Sub):
        minus = isinstance(node.op, ast.Sub)
        yield ast.Assign([node.target], ast.UnaryOp(ast.USub(), node.value) if minus else node.value)


def loop_cut_short(node: ast.AST) -> Change:
    """Leave out what a loop begins or ends with."""
    if isinstance(node, ast.For) and called(node.iter) != "range":
        everything = ast.Call(ast.Name("list", ast.Load()), [node.iter], [])
        for part in (ast.Slice(ast.Constant(1)), ast.Slice(None, ast.UnaryOp(ast.USub(), ast.Constant(1)))):
            yield with_(node, iter=ast.Subscript(everything, part, ast.Load()))


def mixed_up(node: ast.AST) -> Change:
    """Return one value in place of the next; take a parameter, or its gradient, for another one's."""
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
        for items in exchanged(node.value.elts):
            yield with_(node, value=with_(node.value, elts=items))
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and _NUMBERED.fullmatch(node.value):
        yield ast.Constant(_other_number(node.value))
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and _NUMBERED.fullmatch(node.id):
        yield ast.Name(_other_number(node.id), ast.Load())


def _other_number(name: str) -> str:
    return name[:-1] + {"1": "2", "2": "1"}.get(name[-1], "1")


def results_exchanged(function: FunctionNode) -> Iterator[str]:
    """Exchange two neighbours of what the function returns."""
    last = function.body[-1]
    if isinstance(last, ast.Return) and isinstance(last.value, ast.Tuple):
        names = [each.id for each in last.value.elts if isinstance(each, ast.Name)]
        for one, other in itertools.pairwise(names):
            yield f"{one}, {other} = {other}, {one}"


def argument_zeroed(function: FunctionNode) -> Iterator[str]:
    """Fill an argument with zeros; the documentation of the function says which are arrays."""
    taken = {argument.arg for argument in function.args.args}
    for match in _ARRAY.finditer(ast.get_docstring(function, clean=False) or ""):
        yield from (f"{name}[...] = 0" for name in match[1].split(", ") if name in taken)
