"""Read a hidden suite's file: which of its checks are visible, and what each piece of it needs.

pytest is not asked, as importing a suite needs the reference solution and runs its code; what a mark on a
function, a class or a module says can be read from the syntax tree.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import Problem
from autograder.release.sources import FunctionNode, parse

TopLevel = ast.Import | ast.ImportFrom | ast.Assign | ast.AnnAssign | ast.FunctionDef | ast.ClassDef
_NAMES_FIXTURES = {"usefixtures", "getfixturevalue"}


@dataclass(frozen=True, kw_only=True)
class Suite:
    """One file of a suite. `checks` and `visible` hold nodes of test functions and methods, in order."""

    file: Path
    text: str
    tree: ast.Module
    checks: tuple[FunctionNode, ...]
    visible: tuple[FunctionNode, ...]

    def defined(self) -> dict[str, ast.stmt]:
        """Return the top-level statement that binds each name."""
        return {name: node for node in self.tree.body for name in bound_names(node)}

    def hidden(self) -> list[FunctionNode]:
        """Return the checks that students do not get."""
        return [check for check in self.checks if check not in self.visible]


def read_suite(file: Path, text: str) -> tuple[Suite | None, list[Problem]]:
    """Read one file of a suite; what cannot be parsed is a problem."""
    tree, problems = parse(file, text)
    if tree is None:
        return None, problems
    checks = tuple(_checks(tree, is_visible=_marked_scope(tree)))
    suite = Suite(
        file=file,
        text=text,
        tree=tree,
        checks=tuple(check for check, _ in checks),
        visible=tuple(check for check, visible in checks if visible),
    )
    return suite, list(_unreadable(suite)) if suite.visible else []


def is_check(node: ast.AST) -> bool:
    """Say whether pytest takes a function for a check; a method of any class may be inherited by a test class."""
    return isinstance(node, FunctionNode) and node.name.startswith("test")


def bound_names(node: ast.stmt) -> Iterator[str]:
    """Yield the names that a top-level statement of a suite binds."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
    elif isinstance(node, FunctionNode | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            yield from (name.id for name in ast.walk(target) if isinstance(name, ast.Name))


def used_names(node: ast.AST) -> Iterator[str]:
    """Yield every name that a piece of a suite may need: variables, arguments (fixtures), fixtures in strings."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            yield part.id
        elif isinstance(part, ast.arg):
            yield part.arg
        elif isinstance(part, ast.Call) and _last_name(part.func) in _NAMES_FIXTURES:
            yield from (str(arg.value) for arg in part.args if isinstance(arg, ast.Constant))


def is_mark(node: ast.expr, name: str) -> bool:
    """Say whether an expression is ``pytest.mark.<name>``, called or not."""
    if isinstance(node, ast.Call):
        return is_mark(node.func, name)
    return isinstance(node, ast.Attribute) and node.attr == name and _last_name(node.value) == "mark"


def _last_name(node: ast.expr) -> str | None:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None


def _checks(scope: ast.Module | ast.ClassDef, *, is_visible: bool) -> Iterator[tuple[FunctionNode, bool]]:
    for node in scope.body:
        if isinstance(node, FunctionNode) and is_check(node):
            yield node, is_visible or any(is_mark(mark, "visible") for mark in node.decorator_list)
        elif isinstance(node, ast.ClassDef):
            marked = any(is_mark(mark, "visible") for mark in node.decorator_list) or _marked_scope(node)
            yield from _checks(node, is_visible=is_visible or marked)


def _marked_scope(scope: ast.Module | ast.ClassDef) -> bool:
    """Say whether ``pytestmark`` of a module or class makes all its checks visible."""
    for node in scope.body:
        if isinstance(node, ast.Assign) and "pytestmark" in bound_names(node):
            marks = node.value.elts if isinstance(node.value, ast.List | ast.Tuple) else [node.value]
            return any(is_mark(mark, "visible") for mark in marks)
    return False


def _unreadable(suite: Suite) -> Iterator[Problem]:
    """Yield what makes it uncertain which lines belong to the visible checks."""
    for node in suite.tree.body:
        if not isinstance(node, TopLevel) and not is_docstring(node):
            message = (
                "a suite with visible checks holds imports, constants, functions and classes only; put this into one"
            )
            yield Problem(file=suite.file, line=node.lineno, message=message)
    for call in ast.walk(suite.tree):
        if isinstance(call, ast.Call) and _last_name(call.func) == "param":
            parts = (part for keyword in call.keywords for part in ast.walk(keyword.value))
            if any(isinstance(part, ast.expr) and is_mark(part, "visible") for part in parts):
                message = "a single parameter cannot be visible; write a visible check of its own"
                yield Problem(file=suite.file, line=call.lineno, message=message)


def is_docstring(node: ast.stmt) -> bool:
    """Say whether a statement is only a string."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
