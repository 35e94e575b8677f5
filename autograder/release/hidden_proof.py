"""Prove that nothing of the hidden checks is left in a release: no name of one, no number, no text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from autograder.errors import Problem, shorten
from autograder.release.sources import Definition
from autograder.release.suites import Suite, bound_names, is_check, is_docstring
from autograder.release.visible import kept_parts, needed

DIGITS = 4  # significant digits from which a number is an expected value rather than a size or a rate
LETTERS = 12  # from which a text that is not a name such as "learning_rate" tells something
_NUMBER = re.compile(r"(?<![\w.])(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


def hidden_remains(suites: Iterable[Suite], files: Mapping[str, bytes]) -> Iterator[Problem]:
    """Yield a problem for each piece of a hidden check that the released files hold.

    Names of checks are looked for in every file. What hidden checks expect is looked for among the
    released checks: a notebook may print the number of the handout that a hidden check compares with.
    A constant that a visible check uses too is public as a whole.
    """
    suites = list(suites)
    texts = {path: raw.decode("utf-8", errors="replace") for path, raw in files.items()}
    public = {check.name for suite in suites for check in suite.visible}
    for suite in suites:
        hidden = {check.name: check.lineno for check in suite.hidden() if check.name not in public}
        for path, text in texts.items():
            for name in sorted(hidden.keys() & set(re.findall(r"\w+", text))):
                yield _problem(suite, hidden[name], f"the name of the hidden check {name}", path)
        for path in sorted(path for path in texts if path.startswith("tests/")):
            for line, what in _remains_in(suite, texts[path]):
                yield _problem(suite, line, what, path)


def _problem(suite: Suite, line: int, what: str, path: str) -> Problem:
    message = f"{what} would be released in {path}; take it out of comments and of what visible checks use"
    return Problem(file=suite.file, line=line, message=message)


def _remains_in(suite: Suite, text: str) -> Iterator[tuple[int, str]]:
    """Yield line and description of what one released file of checks has from the hidden part of a suite."""
    needed_nodes = needed(suite)
    kept = {key for node in needed_nodes for part in kept_parts(node, suite) for key in _constants(part)}
    numbers, names = {Decimal(number) for number in _NUMBER.findall(text)}, set(re.findall(r"\w+", text))
    for node in suite.tree.body:
        is_gone = isinstance(node, Definition) and not is_check(node) and node not in needed_nodes
        for name in bound_names(node) if is_gone else ():
            if len(name) >= LETTERS and name in names:
                yield node.lineno, f"the name of the hidden {name}"
    for value, line in _constants(suite.tree).items():
        if value in kept:
            continue
        if value in numbers:
            yield line, f"the number {value} of a hidden check"
        elif isinstance(value, str) and value in text:
            yield line, f"the text {shorten(value, 40)} of a hidden check"


def _constants(tree: ast.AST) -> dict[Decimal | str, int]:
    """Return the numbers and texts in a piece of code that tell something, with a line of each."""
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and is_docstring(node)}
    found: dict[Decimal | str, int] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in docstrings:
            continue
        if isinstance(node.value, int | float) and not isinstance(node.value, bool):
            number = Decimal(repr(node.value)) if abs(node.value) < float("inf") else Decimal(0)
            if len(number.normalize().as_tuple().digits) >= DIGITS:
                found[number] = node.lineno
        elif isinstance(node.value, str) and len(node.value) >= LETTERS and not node.value.isidentifier():
            found[node.value] = node.lineno
    return found
