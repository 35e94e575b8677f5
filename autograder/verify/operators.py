"""Operators that make mistakes in numerical code: each takes a node of a syntax tree and yields what could stand there.

They are the mistakes that people make in layers and update rules: a sign, a term or a factor forgotten, another axis,
a mean for a sum, a transpose left out, a bound off by one, state that is not kept, training and testing mixed up.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator

Change = Iterator[ast.AST | None]  # what stands there instead; None: nothing
Operator = Callable[[ast.AST], Change]

_SWAPPED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
}
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
_OTHER_NAMES = {
    "maximum": "minimum",
    "minimum": "maximum",
    "max": "min",
    "argmax": "argmin",
    "mean": "sum",
    "sum": "mean",
    "var": "std",
    "zeros": "ones",
    "zeros_like": "ones_like",
    "randn": "rand",
    "rand": "randn",
}
_FORGETTABLE = {"sqrt", "log", "exp", "abs", "square", "maximum", "copy", "clip"}  # x may stand where f(x) should
_MODES = {"train": "test", "test": "train"}


def sign(node: ast.AST) -> Change:
    """Turn a plus into a minus, a product into a quotient; leave a minus out."""
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in _SWAPPED:
        yield _with(node, op=_SWAPPED[type(node.op)]())
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and not isinstance(node.operand, ast.Constant):
        yield node.operand


def dropped_term(node: ast.AST) -> Change:
    """Leave out a term, or a factor; a division such as that by N among them."""
    if isinstance(node, ast.BinOp):
        yield node.left
        if isinstance(node.op, ast.Add | ast.Mult):
            yield node.right


def wrong_axis(node: ast.AST) -> Change:
    """Take another axis, all of them, or lose the axis that is kept."""
    if not isinstance(node, ast.Call):
        return
    for i, keyword in enumerate(node.keywords):
        if keyword.arg == "axis":
            for axis in _other_axes(keyword.value):
                yield _with_keyword(node, i, axis)
            yield _with_keyword(node, i, None)
        elif keyword.arg == "keepdims":
            yield _with_keyword(node, i, None)


def transpose(node: ast.AST) -> Change:
    """Leave a transpose out."""
    if isinstance(node, ast.Attribute) and node.attr == "T" and isinstance(node.ctx, ast.Load):
        yield node.value
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "transpose":
        yield node.func.value


def off_by_one(node: ast.AST) -> Change:
    """Move a bound of a slice or a range, or a stride or window, by one."""
    if isinstance(node, ast.Slice):
        for bound in ("lower", "upper", "step"):
            value = getattr(node, bound)
            if value is not None:
                yield _with(node, **{bound: _plus_one(value)})
    if _called(node) == "range":
        assert isinstance(node, ast.Call)
        if len(node.args) == 1:
            yield _with(node, args=[ast.Constant(1), node.args[0]])
        last = min(len(node.args), 2) - 1
        yield _with(node, args=[*node.args[:last], _minus_one(node.args[last]), *node.args[last + 1 :]])


def eps_moved(node: ast.AST) -> Change:
    """Move what is added to keep a root from zero out of the root."""
    if _called(node) == "sqrt":
        assert isinstance(node, ast.Call)
        [inner] = node.args
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Add):
            yield _with(inner, left=_with(node, args=[inner.left]))


def momentum_reversed(node: ast.AST) -> Change:
    """Weigh the new value as the old one should be: ``(1 - m) * a + m * b`` for ``m * a + (1 - m) * b``."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        for one, other in ((node.left, node.right), (node.right, node.left)):
            weight, rest = _factor(one), _factor(other)
            if weight and rest and ast.dump(_one_minus(weight[0])) == ast.dump(rest[0]):
                yield _with(
                    node,
                    left=ast.BinOp(_one_minus(weight[0]), ast.Mult(), weight[1]),
                    right=ast.BinOp(weight[0], ast.Mult(), rest[1]),
                )


def modes_swapped(node: ast.AST) -> Change:
    """Take training for testing."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in _MODES:
        yield ast.Constant(_MODES[node.value])


def not_stored(node: ast.AST) -> Change:
    """Do not keep a value: an item, an attribute, or what is added to a sum."""
    if isinstance(node, ast.AugAssign) or (
        isinstance(node, ast.Assign) and all(isinstance(t, ast.Subscript | ast.Attribute) for t in node.targets)
    ):
        yield None


def in_place(node: ast.AST) -> Change:
    """Work on an array itself where its copy is meant."""
    if isinstance(node, ast.Call) and _called(node) == "copy" and not node.args:
        assert isinstance(node.func, ast.Attribute)
        yield node.func.value


def wrong_broadcast(node: ast.AST) -> Change:
    """Put the new axis elsewhere: ``[None, :]`` for ``[:, None]``."""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple) and isinstance(node.ctx, ast.Load):
        items = node.slice.elts
        if len(items) > 1 and any(_is_new_axis(item) for item in items):
            yield _with(node, slice=_with(node.slice, elts=list(reversed(items))))


def narrowed(node: ast.AST) -> Change:
    """Return numbers of half precision."""
    if isinstance(node, ast.Return) and node.value is not None:
        values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
        for i, value in enumerate(values):
            if isinstance(value, ast.Name) and (value.id in {"out", "scores", "next_w"} or value.id.startswith("d")):
                half = ast.Call(ast.Attribute(value, "astype", ast.Load()), [ast.Constant("float16")], [])
                changed: list[ast.expr] = [*values[:i], half, *values[i + 1 :]]
                whole = _with(node.value, elts=changed) if isinstance(node.value, ast.Tuple) else half
                yield _with(node, value=whole)


def other_constant(node: ast.AST) -> Change:
    """Take another number."""
    number = node.value if isinstance(node, ast.Constant) else None
    if isinstance(number, int) and not isinstance(number, bool):
        yield ast.Constant(number + 1)
    elif isinstance(number, float):
        yield ast.Constant(number * 2 or 1.0)


def flipped_condition(node: ast.AST) -> Change:
    """Compare the other way round, or include or exclude the bound; forget one of two conditions."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for kind in _COMPARED.get(type(node.ops[0]), ()):
            yield _with(node, ops=[kind()])
    if isinstance(node, ast.If):
        yield _with(node, test=ast.UnaryOp(ast.Not(), node.test))
    if isinstance(node, ast.BoolOp):
        yield from node.values


def gradients_mixed_up(node: ast.AST) -> Change:
    """Return one value in place of the next."""
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
        items = node.value.elts
        for i in range(len(items) - 1):
            swapped = [*items[:i], items[i + 1], items[i], *items[i + 2 :]]
            yield _with(node, value=_with(node.value, elts=swapped))


def other_function(node: ast.AST) -> Change:
    """Call a function's opposite, or leave it out."""
    name = _called(node)
    if name in _OTHER_NAMES:
        assert isinstance(node, ast.Call)
        other = _OTHER_NAMES[name]
        func = _with(node.func, attr=other) if isinstance(node.func, ast.Attribute) else ast.Name(other, ast.Load())
        yield _with(node, func=func)
    if name in _FORGETTABLE and isinstance(node, ast.Call) and node.args:
        yield node.args[-1]


OPERATORS: dict[str, Operator] = {
    "sign": sign,
    "dropped term": dropped_term,
    "wrong axis": wrong_axis,
    "transpose": transpose,
    "off by one": off_by_one,
    "eps moved": eps_moved,
    "momentum reversed": momentum_reversed,
    "modes swapped": modes_swapped,
    "not stored": not_stored,
    "in place": in_place,
    "wrong broadcast": wrong_broadcast,
    "narrowed": narrowed,
    "constant": other_constant,
    "condition": flipped_condition,
    "mixed up": gradients_mixed_up,
    "function": other_function,
}


def _with(node: ast.AST, **fields: object) -> ast.AST:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _with_keyword(call: ast.Call, index: int, value: ast.expr | None) -> ast.AST:
    changed = [] if value is None else [ast.keyword(call.keywords[index].arg, value)]
    return _with(call, keywords=[*call.keywords[:index], *changed, *call.keywords[index + 1 :]])


def _other_axes(axis: ast.expr) -> Iterator[ast.expr]:
    if isinstance(axis, ast.Constant) and isinstance(axis.value, int):
        yield ast.Constant(0 if axis.value else 1)
    elif isinstance(axis, ast.UnaryOp):
        yield ast.Constant(0)
    elif isinstance(axis, ast.Tuple):
        for i in range(len(axis.elts)):
            yield ast.Tuple([*axis.elts[:i], *axis.elts[i + 1 :]], ast.Load())


def _called(node: ast.AST) -> str:
    """Return the last part of the name of the function that a node calls."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _plus_one(value: ast.expr) -> ast.expr:
    if isinstance(value, ast.Constant) and isinstance(value.value, int):
        return ast.Constant(value.value + 1)
    return ast.BinOp(value, ast.Add(), ast.Constant(1))


def _minus_one(value: ast.expr) -> ast.expr:
    return ast.BinOp(value, ast.Sub(), ast.Constant(1))


def _one_minus(value: ast.expr) -> ast.expr:
    return ast.BinOp(ast.Constant(1), ast.Sub(), value)


def _factor(node: ast.expr) -> tuple[ast.expr, ast.expr] | None:
    return (node.left, node.right) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) else None


def _is_new_axis(node: ast.expr) -> bool:
    return (isinstance(node, ast.Constant) and node.value is None) or getattr(node, "attr", "") == "newaxis"
