"""What operators need of syntax trees."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator

Change = Iterator[ast.AST | None]  # what stands there instead; None: nothing
Operator = Callable[[ast.AST], Change]


def with_(node: ast.AST, **fields: object) -> ast.AST:
    """Return a node with other fields."""
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def called(node: ast.AST) -> str:
    """Return the last part of the name of the function that a node calls."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def whole_number(node: ast.AST | None) -> int | None:
    """Return the whole number that a node is, as it is written, signs included."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        number = whole_number(node.operand)
        return None if number is None else -number
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def plus_one(value: ast.expr) -> ast.expr:
    """Return an expression for one more."""
    if isinstance(value, ast.Constant) and isinstance(value.value, int):
        return ast.Constant(value.value + 1)
    return ast.BinOp(value, ast.Add(), ast.Constant(1))


def minus_one(value: ast.expr) -> ast.expr:
    """Return an expression for one less."""
    return ast.BinOp(value, ast.Sub(), ast.Constant(1))


def exchanged(items: list[ast.expr]) -> Iterator[list[ast.expr]]:
    """Yield a list with each two neighbours exchanged, if they are not the same."""
    for i in range(len(items) - 1):
        if ast.dump(items[i]) != ast.dump(items[i + 1]):
            yield [*items[:i], items[i + 1], items[i], *items[i + 2 :]]
