"""Cut a hidden suite down to its visible checks and what these need, keeping comments and layout.

How it works: from the visible checks on, every name that they use is followed through the file, and what
is not reached is not copied. Comments come along where they stand inside or directly above what is
copied; one that stands alone may be about a hidden check.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence

from autograder.errors import Problem
from autograder.release.requirements import THIRD_PARTY
from autograder.release.sources import Definition, FunctionNode, Import, first_line, last_line
from autograder.release.stubs import import_text
from autograder.release.suites import Suite, bound_names, is_check, is_docstring, is_mark, used_names

# What a check can ask for as an argument in a release: its conftest.py's own, and pytest's.
FIXTURES = {"rng", "request", "tmp_path", "capsys", "caplog", "monkeypatch", "recwarn", "self", "cls"}
_CHECKS = re.compile(r"\bautograder\.checks\b")


def visible_text(suite: Suite, docstring: str) -> str:
    """Return a suite's file as students get it; there has to be a visible check in it."""
    lines = suite.text.split("\n")
    used = {name for node in needed(suite) for part in kept_parts(node, suite) for name in used_names(part)}
    copies = [(node, _copy(node, suite, lines, used)) for node in needed(suite)]
    return f'"""{docstring}"""\n\n' + _join(copies, lines, around_definitions=2)


def needed(suite: Suite, check: FunctionNode | None = None) -> list[ast.stmt]:
    """Return the top-level statements that one check needs, or else all that visible checks need, in order."""
    defined = suite.defined()
    reached: set[ast.AST] = set()
    waiting: list[ast.AST] = [check] if check is not None else [n for n in suite.tree.body if _is_root(n, suite)]
    while waiting:
        node = waiting.pop()
        if node not in reached:
            reached.add(node)
            names = {name for part in kept_parts(node, suite) for name in used_names(part)}
            waiting += [defined[name] for name in sorted(names) if name in defined]
    return [node for node in suite.tree.body if node in reached]


def unfit(suite: Suite, packages: Collection[str]) -> Iterator[Problem]:
    """Yield every reason why a visible check cannot work in a release that holds these packages."""
    for check in suite.visible:
        reasons = [reason for node in needed(suite, check) for reason in _reasons(node, suite, check, packages)]
        unknown = sorted(_asked_for(check) - FIXTURES - _fixtures_of(suite))
        reasons += [f"asks for the fixture {name!r}, which a release does not have" for name in unknown]
        for reason in reasons:
            message = f"visible check {check.name} {reason}; change that, or hide the check"
            yield Problem(file=suite.file, line=first_line(check), message=message)


def _is_root(node: ast.stmt, suite: Suite) -> bool:
    if isinstance(node, ast.ImportFrom) and node.module == "__future__":
        return True
    if isinstance(node, FunctionNode) and any("autouse=True" in ast.unparse(d) for d in node.decorator_list):
        return True
    return "pytestmark" in bound_names(node) or any(part in suite.visible for part in ast.walk(node))


def kept_parts(node: ast.AST, suite: Suite) -> list[ast.AST]:
    """Return what is kept of a statement: of a class its head and some members, else all of it."""
    if not isinstance(node, ast.ClassDef):
        return [node]
    return [*node.decorator_list, *node.bases, *_kept_members(node, suite)]


def _kept_members(node: ast.ClassDef, suite: Suite) -> list[ast.stmt]:
    """Return the members that a class keeps: all but hidden checks, and of a group of checks what is used."""
    members = [m for m in node.body if not (is_check(m) and m not in suite.visible) and not is_docstring(m)]
    if not any(is_check(member) for member in node.body):
        return members
    kept = [member for member in members if is_check(member) or "pytestmark" in bound_names(member)]
    for _ in members:  # a helper may use a helper, and so on
        names = {name for member in kept for name in used_names(member)}
        names |= {part.attr for member in kept for part in ast.walk(member) if isinstance(part, ast.Attribute)}
        kept = [member for member in members if member in kept or names & set(bound_names(member))]
    return kept


def _reasons(node: ast.stmt, suite: Suite, check: FunctionNode, packages: Collection[str]) -> Iterator[str]:
    """Yield what is wrong with a statement that a visible check needs."""
    if node is not check and is_check(node):
        yield f"uses the hidden check {next(bound_names(node))}"
    if not isinstance(node, Import):
        return
    for module in _imported(node):
        root = module.partition(".")[0]
        if root == "reference":
            yield f"uses the reference solution (line {node.lineno}), which students do not have: write literal numbers"
        elif root == "autograder" and not re.match(r"autograder\.checks(\.|$)", module):
            yield f"uses {module} (line {node.lineno}), of which only autograder.checks is released"
        elif root not in {*sys.stdlib_module_names, *THIRD_PARTY, *packages, "autograder"}:
            yield f"uses {module} (line {node.lineno}), which a release does not have"


def _imported(node: Import) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if node.module == "autograder":
        return [f"autograder.{alias.name}" for alias in node.names]
    return [f"{'.' * node.level}{node.module or ''}"]


def _asked_for(check: FunctionNode) -> set[str]:
    """Return the arguments of a check that are fixtures, and not parameters."""
    arguments = {argument.arg for argument in [*check.args.args, *check.args.kwonlyargs]}
    for mark in check.decorator_list:
        if isinstance(mark, ast.Call) and is_mark(mark, "parametrize") and mark.args:
            names = (part.value for part in ast.walk(mark.args[0]) if isinstance(part, ast.Constant))
            arguments -= {word for name in names for word in re.findall(r"\w+", str(name))}
    return arguments


def _fixtures_of(suite: Suite) -> set[str]:
    return {node.name for node in ast.walk(suite.tree) if isinstance(node, FunctionNode) and not is_check(node)}


def _copy(node: ast.stmt, suite: Suite, lines: Sequence[str], used: Collection[str]) -> list[str]:
    """Return the lines of a statement in the release."""
    if isinstance(node, Import):
        return _copy_import(node, lines, used)
    start, stop = _with_comments(node, lines), last_line(node)
    if not isinstance(node, ast.ClassDef):
        copied = lines[start - 1 : stop]
        return [line for line in copied if line.strip() != "@pytest.mark.visible"]
    head = lines[start - 1 : first_line(node.body[0]) - 1]
    while not head[-1].strip() or head[-1].lstrip().startswith("#"):
        head = head[:-1]
    members = [(member, _copy(member, suite, lines, used)) for member in _kept_members(node, suite)]
    return [*head, *_join(members, lines, around_definitions=1).rstrip("\n").split("\n")]


def _copy_import(node: Import, lines: Sequence[str], used: Collection[str]) -> list[str]:
    """Return an import of what is still used, with `autograder.checks` under its name in the release."""
    kept = [alias for alias in node.names if (alias.asname or alias.name.partition(".")[0]) in used]
    if isinstance(node, ast.ImportFrom) and node.module == "autograder":
        return [import_text(ast.Import(names=[alias], lineno=1, col_offset=0), [alias]) for alias in kept]
    if kept == node.names or (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
        copied = lines[node.lineno - 1 : last_line(node)]
    else:
        copied = import_text(node, kept).split("\n")
    return [_CHECKS.sub("checks", line) for line in copied]


def _with_comments(node: ast.stmt, lines: Sequence[str]) -> int:
    """Return the number of the first of the comment lines directly above a statement, or of its own first."""
    start = first_line(node)
    while start > 1 and lines[start - 2].startswith(" " * node.col_offset + "#"):
        start -= 1
    return start


def _join(copies: Iterable[tuple[ast.stmt, list[str]]], lines: Sequence[str], *, around_definitions: int) -> str:
    """Return copied statements with blank lines between them, as a formatter would set them."""
    text = ""
    before: ast.stmt | None = None
    for node, copied in copies:
        if before is not None:
            text += "\n" * _gap(before, node, lines, around_definitions)
        text += "\n".join(copied) + "\n"
        before = node
    return text


def _gap(before: ast.stmt, node: ast.stmt, lines: Sequence[str], around_definitions: int) -> int:
    if isinstance(before, Definition) or isinstance(node, Definition):
        return around_definitions
    if isinstance(before, Import) != isinstance(node, Import):
        return 1
    return 0 if lines[_with_comments(node, lines) - 2].strip() else 1
