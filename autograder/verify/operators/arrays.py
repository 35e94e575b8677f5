"""Mistakes with arrays: another axis or order of axes, a bound off by one, a view for a copy, too few digits."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from autograder.verify.operators.trees import Change, called, exchanged, minus_one, plus_one, whole_number, with_

_HALF = "float16"
_RESULTS = {"out", "scores", "next_w", "grad", "loss", "order", "dists"}


def wrong_axis(node: ast.AST) -> Change:
    """Take another axis, all of them, or lose the axis that is kept."""
    if not isinstance(node, ast.Call):
        return
    for i, keyword in enumerate(node.keywords):
        if keyword.arg in ("axis", "axes"):
            for axis in _other_axes(keyword.value):
                yield _with_keyword(node, i, axis)
            yield _with_keyword(node, i, None)
        elif keyword.arg == "keepdims":
            yield _with_keyword(node, i, None)


def transpose(node: ast.AST) -> Change:
    """Leave a transpose out, or take the axes in another order; put two sizes the wrong way round."""
    if isinstance(node, ast.Attribute) and node.attr == "T" and isinstance(node.ctx, ast.Load):
        yield node.value
    if called(node) in ("transpose", "reshape") and isinstance(node, ast.Call):
        if called(node) == "transpose" and isinstance(node.func, ast.Attribute):
            yield node.func.value
        for args in exchanged(node.args):
            yield with_(node, args=args)


def off_by_one(node: ast.AST) -> Change:
    """Move a bound of a slice or a range, a stride, a pad or a window, by one."""
    if isinstance(node, ast.Slice):
        for bound in ("lower", "upper", "step"):
            value = getattr(node, bound)
            if value is not None:
                yield with_(node, **{bound: plus_one(value)})
    if called(node) == "range" and isinstance(node, ast.Call):
        if len(node.args) == 1:
            yield with_(node, args=[ast.Constant(1), node.args[0]])
        last = min(len(node.args), 2) - 1
        yield with_(node, args=[*node.args[:last], minus_one(node.args[last]), *node.args[last + 1 :]])
    if called(node) == "slice" and isinstance(node, ast.Call):
        for i, value in enumerate(node.args):
            yield with_(node, args=[*node.args[:i], plus_one(value), *node.args[i + 1 :]])
    if isinstance(node, ast.Name) and node.id in ("stride", "pad") and isinstance(node.ctx, ast.Load):
        yield plus_one(node)


def wrong_broadcast(node: ast.AST) -> Change:
    """Put the new axis elsewhere: ``[None, :]`` for ``[:, None]``."""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple) and isinstance(node.ctx, ast.Load):
        items = node.slice.elts
        if len(items) > 1 and any(_is_new_axis(item) for item in items):
            yield with_(node, slice=with_(node.slice, elts=list(reversed(items))))


def in_place(node: ast.AST) -> Change:
    """Work on an array itself where its copy is meant."""
    if isinstance(node, ast.Call) and called(node) == "copy" and not node.args:
        assert isinstance(node.func, ast.Attribute)
        yield node.func.value


def narrowed(node: ast.AST) -> Change:
    """Return or keep numbers of half precision."""
    if isinstance(node, ast.Return) and node.value is not None:
        values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
        for i, value in enumerate(values):
            if _is_result(value):
                half = _in_half(value)
                changed: list[ast.expr] = [*values[:i], half, *values[i + 1 :]]
                whole = with_(node.value, elts=changed) if isinstance(node.value, ast.Tuple) else half
                yield with_(node, value=whole)
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp | ast.Call) and _is_result(node.targets[0]):
        yield with_(node, value=_in_half(node.value))


def _is_result(node: ast.expr) -> bool:
    name = node.id if isinstance(node, ast.Name) else ""
    return name in _RESULTS or (name.startswith("d") and len(name) > 1)


def _in_half(value: ast.expr) -> ast.expr:
    return ast.Call(ast.Attribute(value, "astype", ast.Load()), [ast.Constant(_HALF)], [])


def _with_keyword(call: ast.Call, index: int, value: ast.expr | None) -> ast.AST:
    changed = [] if value is None else [ast.keyword(call.keywords[index].arg, value)]
    return with_(call, keywords=[*call.keywords[:index], *changed, *call.keywords[index + 1 :]])


def _other_axes(axis: ast.expr) -> Iterator[ast.expr]:
    number = whole_number(axis)
    if number is not None:
        yield ast.Constant(0 if number else 1)
    elif isinstance(axis, ast.Tuple):
        for i in range(len(axis.elts)):
            yield ast.Tuple([*axis.elts[:i], *axis.elts[i + 1 :]], ast.Load())


def _is_new_axis(node: ast.expr) -> bool:
    return (isinstance(node, ast.Constant) and node.value is None) or getattr(node, "attr", "") == "newaxis"
