"""Which statements of the solution every check of a suite reaches, and how long it takes on the solution.

How it works
------------
The reference is graded once with a call before each of its statements, which notes where it stands (`probed`). A check
that never reaches a statement cannot tell a variant with another one there, so it need not be run on it; of those that
do, the ones that judge the function come first, the fastest before the others. What a statement is known by is its
module's path and the line that it begins on.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from autograder.release.sources import Definition, FunctionNode, Module, definitions
from autograder.types import Check, CheckOutcome, Plan, Verdict

_PROBE = "autograder_probe"
_TAKE = '''\
"""Notes which statements are reached."""

_reached = set()
note = _reached.add


def take():
    """Return what was reached since the last call."""
    found = sorted(_reached)
    _reached.clear()
    return found
'''
_PATIENCE = 10.0  # a check's time on a variant, by that on the solution
_AT_LEAST_S = 4.0  # machines are busy at times


def probed(modules: Iterable[Module], package: str) -> tuple[dict[str, bytes], str]:
    """Return modules that note each of their statements when it is reached, and the name of what tells of them."""
    files = {module.path: _noting(module, package).encode() for module in modules}
    return {**files, f"{package}/{_PROBE}.py": _TAKE.encode()}, f"{package}.{_PROBE}.take"


def _noting(module: Module, package: str) -> str:
    tree = ast.parse(module.text)
    for node in ast.walk(tree):
        if isinstance(node, FunctionNode):
            _note_below(node, module.path)
    place = next((i for i, node in enumerate(tree.body) if not _comes_first(node)), len(tree.body))
    tree.body.insert(place, ast.parse(f"from {package}.{_PROBE} import note as {_PROBE}").body[0])
    return ast.unparse(ast.fix_missing_locations(tree))


def _comes_first(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) or (isinstance(node, ast.ImportFrom) and node.module == "__future__")


def _note_below(node: ast.AST, path: str) -> None:
    """Put a note before every statement of the blocks below a node, but not into functions in it."""
    for name, block in ast.iter_fields(node):
        if not isinstance(block, list) or name == "decorator_list":
            continue
        noted: list[ast.AST] = []
        for child in block:
            if isinstance(child, ast.stmt):
                noted += [ast.parse(f"{_PROBE}({place(path, child.lineno)!r})").body[0], child]
                if not isinstance(child, Definition):
                    _note_below(child, path)
            else:
                noted.append(child)
                if isinstance(child, ast.excepthandler | ast.match_case):
                    _note_below(child, path)
        block[:] = noted


def place(path: str, line: int) -> str:
    """Return what the statement is known by that begins on a line of a module."""
    return f"{path}:{line}"


@dataclass(frozen=True, kw_only=True)
class Reach:
    """What the checks of a suite reach, in the order in which they are best run; `passed` by the reference."""

    checks: tuple[Check, ...]
    places: Mapping[str, frozenset[str]] = field(default_factory=dict)  # by check, where it is known
    seconds: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def known_from(cls, checks: Iterable[Check], outcomes: Iterable[CheckOutcome]) -> Reach:
        """Take it from the outcomes of the probed reference."""
        passed = [outcome for outcome in outcomes if outcome.verdict is Verdict.PASSED]
        return cls(
            checks=tuple(checks),
            places={outcome.name: frozenset(outcome.reached) for outcome in passed},
            seconds={outcome.name: outcome.seconds for outcome in passed},
        )

    def plan(self, places: frozenset[str] | None, *, judges: str = "", first_failure: bool = False) -> Plan:
        """Return the checks to run on a variant that differs at `places`; None: anywhere.

        Those that judge the function `judges` come before those that build on it.
        """
        chosen = [check for check in self.checks if places is None or self._reaches(check.name, places)]
        chosen.sort(key=lambda check: (_builds_on(check, judges), self.seconds.get(check.name, 0.0)))
        patience = {name: max(_AT_LEAST_S, _PATIENCE * seconds) for name, seconds in self.seconds.items()}
        return Plan(
            checks=tuple(check.name for check in chosen),
            first_failure=first_failure,
            seconds={c.name: patience[c.name] for c in chosen if c.name in patience} if first_failure else {},
            trusted=True,
        )

    def _reaches(self, check: str, places: frozenset[str]) -> bool:
        return check not in self.places or not places.isdisjoint(self.places[check])


def _builds_on(check: Check, function: str) -> bool:
    return any(f".{function}.".endswith(f".{name}.") for name in check.requires)


def changed_places(module: Module, text: str) -> frozenset[str] | None:
    """Return where the functions begin that are not the same in another text of a module.

    None: something outside of its functions differs, which any check may depend on.
    """
    other = ast.parse(text)
    before, after = _functions(module.tree), _functions(other)
    changed = [name for name in before if name not in after or ast.dump(before[name]) != ast.dump(after[name])]
    if before.keys() != after.keys() or _without_bodies(module.text) != _without_bodies(text):
        return None
    return frozenset(place(module.path, before[name].body[0].lineno) for name in changed)


def _functions(tree: ast.Module) -> dict[str, FunctionNode]:
    return {name: node for name, node in definitions(tree) if isinstance(node, FunctionNode)}


def _without_bodies(text: str) -> str:
    tree = ast.parse(text)
    for function in _functions(tree).values():
        function.body = [ast.Pass()]
    return ast.dump(tree)
