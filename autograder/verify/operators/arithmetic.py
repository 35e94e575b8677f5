"""Mistakes in a formula: a sign, a term or a factor, a mean for a sum, a constant, another function."""

from __future__ import annotations

import ast

from autograder.verify.operators.trees import Change, called, with_

_SWAPPED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
}
_OTHER_NAMES = {
    "maximum": "minimum",
    "minimum": "maximum",
    "max": "min",
    "min": "max",
    "argmax": "argmin",
    "argmin": "argmax",
    "mean": "sum",
    "sum": "mean",
    "var": "std",
    "std": "var",
    "zeros": "ones",
    "ones": "zeros",
    "zeros_like": "ones_like",
    "randn": "rand",
    "rand": "randn",
    "exp": "expm1",
    "log": "log1p",
    "sin": "cos",
    "cos": "sin",
    "argsort": "argmax",
}
_FORGETTABLE = {"sqrt", "log", "exp", "abs", "square", "maximum", "copy", "clip"}  # x may stand where f(x) should
_SIZES = {"len", "shape", "size", "batch_size"}


def sign(node: ast.AST) -> Change:
    """Turn a plus into a minus, a product into a quotient; leave a minus out."""
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in _SWAPPED:
        yield with_(node, op=_SWAPPED[type(node.op)]())
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and not isinstance(node.operand, ast.Constant):
        yield node.operand


def missing_mean(node: ast.AST) -> Change:
    """Forget to divide by how many there are, be it in a quotient, in a step of its own or in a mean."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and _is_size(node.right):
        yield node.left
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Div) and _is_size(node.value):
        yield None
    if called(node) == "mean":
        yield from other_function(node)


def _is_size(node: ast.AST) -> bool:
    names = {getattr(each, "id", getattr(each, "attr", "")) for each in ast.walk(node)}
    return bool(names & _SIZES)


def dropped_term(node: ast.AST) -> Change:
    """Leave out a term, or a factor."""
    if isinstance(node, ast.BinOp):
        yield node.left
        if isinstance(node.op, ast.Add | ast.Mult | ast.MatMult):
            yield node.right


def other_constant(node: ast.AST) -> Change:
    """Take another number."""
    number = node.value if isinstance(node, ast.Constant) else None
    if isinstance(number, int) and not isinstance(number, bool):
        yield ast.Constant(number + 1)
    elif isinstance(number, float):
        yield ast.Constant(number * 2 or 1.0)


def other_function(node: ast.AST) -> Change:
    """Call a function's opposite, or leave it out."""
    name = called(node)
    if name in _OTHER_NAMES and isinstance(node, ast.Call):
        other = _OTHER_NAMES[name]
        func = with_(node.func, attr=other) if isinstance(node.func, ast.Attribute) else ast.Name(other, ast.Load())
        yield with_(node, func=func)
    if name in _FORGETTABLE and isinstance(node, ast.Call) and node.args:
        yield node.args[-1]


def eps_moved(node: ast.AST) -> Change:
    """Move what is added to keep a root from zero out of the root, or into it."""
    if called(node) == "sqrt" and isinstance(node, ast.Call):
        [inner] = node.args
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Add):
            yield with_(inner, left=with_(node, args=[inner.left]))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and called(node.left) == "sqrt":
        assert isinstance(node.left, ast.Call)
        yield with_(node.left, args=[with_(node, left=node.left.args[0])])


def momentum_reversed(node: ast.AST) -> Change:
    """Weigh the new value as the old one should be: ``(1 - m) * a + m * b`` for ``m * a + (1 - m) * b``."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        for one, other in ((node.left, node.right), (node.right, node.left)):
            weight, rest = _factor(one), _factor(other)
            if weight and rest and ast.dump(_one_minus(weight[0])) == ast.dump(rest[0]):
                yield with_(
                    node,
                    left=ast.BinOp(_one_minus(weight[0]), ast.Mult(), weight[1]),
                    right=ast.BinOp(weight[0], ast.Mult(), rest[1]),
                )


def _one_minus(value: ast.expr) -> ast.expr:
    return ast.BinOp(ast.Constant(1), ast.Sub(), value)


def _factor(node: ast.expr) -> tuple[ast.expr, ast.expr] | None:
    return (node.left, node.right) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) else None
