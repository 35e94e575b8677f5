"""Code for older Pythons and NumPys, run as it was meant; each use is noted, for a remark in the result.

How it works
------------
A module is compiled from a tree in which ``int(x)``, ``float(x)``, ``text % x`` and ``a[i] = x`` go through `_single`,
because arrays with one entry have not always been refused there. In code for Python 2, ``/`` divides
integers as it did, and names such as `xrange` are there. Names that NumPy has dropped come back by its
module's ``__getattr__``.
"""

from __future__ import annotations

import ast
import builtins
import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

Note = Callable[[str], None]

_DICT_METHODS = {"iteritems": "items", "iterkeys": "keys", "itervalues": "values", "has_key": "__contains__"}
_NUMPY: dict[str, Any] = {
    **{name: getattr(builtins, name) for name in ("int", "float", "bool", "complex", "object", "str")},
    **{"long": int, "unicode": str, "float_": np.float64, "complex_": np.complex128, "asscalar": lambda a: a.item()},
    **{"Infinity": np.inf, "mat": np.asmatrix},
    **{"Inf": np.inf, "infty": np.inf, "PINF": np.inf, "NINF": -np.inf, "NaN": np.nan, "NAN": np.nan, "math": math},
    **{"product": np.prod, "cumproduct": np.cumprod, "alltrue": np.all, "sometrue": np.any, "round_": np.round},
    **{"asfarray": functools.partial(np.asarray, dtype=float), "row_stack": np.vstack, "msort": np.sort},
    "in1d": lambda a, b, **how: np.isin(np.ravel(a), b, **how),
    "trapz": getattr(np, "trapezoid", None),
}


def python2_names() -> dict[str, Any]:
    """Return what Python 2 has besides, or otherwise, among its built-in names."""
    lists = {name: _listing(getattr(builtins, name)) for name in ("map", "filter", "zip", "range")}
    others = {"xrange": range, "unicode": str, "basestring": str, "long": int, "unichr": chr}
    return {**lists, **others, "raw_input": input, "reduce": functools.reduce}


def _listing(function: Callable[..., Any]) -> Callable[..., list[Any]]:
    return lambda *args: list(function(*args))


def helpers(note: Note) -> dict[str, Any]:
    """Return what rewritten code calls."""

    def single(value: Any) -> Any:
        found = _single(value)
        if found is not value:
            note("single")
        return found

    def call(function: Callable[[Any], Any], value: Any) -> Any:
        return function(single(value) if function is int or function is float else value)

    def assigned(container: Any, value: Any) -> Any:
        return _single(value) if type(container) is np.ndarray and container.dtype != object else value

    def formatted(text: Any, values: Any) -> Any:
        if not isinstance(text, str) or isinstance(values, dict):
            return text % values
        return text % (tuple(map(single, values)) if isinstance(values, tuple) else single(values))

    return {"__old_call__": call, "__old_single__": assigned, "__old_divide__": _divide, "__old_format__": formatted}


def _single(value: Any) -> Any:
    """Return the entry of an array that has only one, and anything else as it is."""
    return value.reshape(())[()] if type(value) is np.ndarray and value.ndim and value.size == 1 else value


def _divide(a: Any, b: Any, in_place: bool = False) -> Any:
    """Divide as Python 2 did: two integers give an integer."""
    whole = _is_whole(a) and _is_whole(b)
    if in_place:
        if whole:
            a //= b
        else:
            a /= b
        return a
    return a // b if whole else a / b


def _is_whole(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "iu"
    return isinstance(value, int | np.integer)


def rewrite(tree: ast.Module, *, python2: bool) -> ast.Module:
    """Return the tree of a module with calls of `helpers` in it."""
    future = any(
        isinstance(node, ast.ImportFrom)
        and node.module == "__future__"
        and any(name.name == "division" for name in node.names)
        for node in tree.body
    )
    _Rewriter(division=python2 and not future, python2=python2).visit(tree)
    return ast.fix_missing_locations(tree)


class _Rewriter(ast.NodeTransformer):
    def __init__(self, *, division: bool, python2: bool) -> None:
        self._division, self._python2 = division, python2

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.Call(func=ast.Name(id="int" | "float"), args=[value], keywords=[]) if (
                type(value) is not ast.Starred
            ):
                return _helper(node, "call", node.func, value)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.Mod) and isinstance(node.left, ast.Constant) and isinstance(node.left.value, str):
            return _helper(node, "format", node.left, node.right)
        if self._division and isinstance(node.op, ast.Div):
            return _helper(node, "divide", node.left, node.right)
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        self.generic_visit(node)
        if self._division and isinstance(node.op, ast.Div):
            before = ast.parse(ast.unparse(node.target), mode="eval").body
            value = _helper(node, "divide", before, node.value, ast.Constant(True))
            return ast.copy_location(ast.Assign([node.target], value), node)
        if isinstance(node.target, ast.Subscript):
            node.value = self._assigned(node.target, node.value)
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        self.generic_visit(node)
        if len(node.targets) == 1 and isinstance(node.targets[0], ast.Subscript):
            node.value = self._assigned(node.targets[0], node.value)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        if self._python2 and node.attr in _DICT_METHODS:
            node.attr = _DICT_METHODS[node.attr]
        return node

    def _assigned(self, target: ast.Subscript, value: ast.expr) -> ast.expr:
        """Return `value` for ``container[...] = value``, where naming the container twice does nothing twice."""
        if isinstance(value, ast.Constant) or not isinstance(target.value, ast.Name):
            return value
        return _helper(value, "single", ast.Name(target.value.id, ast.Load()), value)


def _helper(place: ast.AST, name: str, *args: ast.expr) -> ast.Call:
    return ast.copy_location(ast.Call(ast.Name(f"__old_{name}__", ast.Load()), list(args), []), place)


def restore_numpy(note: Note) -> None:
    """Give NumPy back the names and arguments that it has dropped."""
    today = np.__dict__.get("__getattr__")
    lib = np.lib.__dict__.get("__getattr__")
    reshape = np.reshape

    def lookup(name: str) -> Any:
        if _NUMPY.get(name) is None:
            if today is None:
                raise AttributeError(f"module 'numpy' has no attribute {name!r}")
            return today(name)
        note(f"numpy.{name}")
        return _NUMPY[name]

    def lookup_in_lib(name: str) -> Any:
        if name.startswith("_") or name not in np.__all__:
            if lib is None:
                raise AttributeError(f"module 'numpy.lib' has no attribute {name!r}")
            return lib(name)
        note(f"numpy.lib.{name}")
        return getattr(np, name)

    @functools.wraps(reshape)
    def old_reshape(a: Any, *shape: Any, **how: Any) -> Any:
        if "newshape" in how:
            note("numpy.reshape(newshape=)")
            shape = (how.pop("newshape"), *shape)
        return reshape(a, *shape, **how)

    @functools.wraps(np.pad)
    def old_pad(*args: Any, **how: Any) -> Any:
        note("numpy.lib.pad")
        return np.pad(*args, **how)

    vars(np.lib)["pad"] = old_pad
    vars(np)["__getattr__"] = lookup
    vars(np.lib)["__getattr__"] = lookup_in_lib
    vars(np)["reshape"] = old_reshape
