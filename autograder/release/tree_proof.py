"""Prove that a released Python file is its solution with the marked statements taken out, and nothing else.

The expected syntax tree is made from the solution's tree alone. It shares no code with `stubs`, which
works on lines, so a mistake in either shows as a difference.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from autograder.errors import Problem
from autograder.release.fates import Fate, removed_regions
from autograder.release.leftout import kept_names
from autograder.release.markers import Kind, Region
from autograder.release.sources import Definition, Import, Module, definitions, first_line, last_line


def tree_differences(
    module: Module, released: str, fates: Mapping[str, Fate], out: AbstractSet[str]
) -> Iterator[Problem]:
    """Yield a problem for each definition, or for the module, whose released tree is not the expected one."""
    try:
        found = ast.parse(released)
    except SyntaxError as error:
        message = f"without its solutions this is not valid Python ({error.msg}); leave a statement outside"
        yield Problem(file=module.file, line=error.lineno, message=message)
        return
    expected = _Expected(module, fates, out).tree()
    if ast.dump(expected) == ast.dump(found):
        return
    names = _differing(expected, found) or ["the code outside of functions"]
    for name in names:
        line = next((node.lineno for other, node in definitions(module.tree) if other == name), None)
        message = f"{name} in the release is not the solution without its marked statements; mark whole statements"
        yield Problem(file=module.file, line=line, message=message)


def _differing(expected: ast.Module, found: ast.Module) -> list[str]:
    """Return the names of the functions that only one of two trees has, or that differ."""
    one, other = (
        {name: ast.dump(node) for name, node in definitions(tree) if not isinstance(node, ast.ClassDef)}
        for tree in (expected, found)
    )
    return [name for name in {**one, **other} if one.get(name) != other.get(name)]


class _Expected:
    """Builds the tree that a module's release must have."""

    def __init__(self, module: Module, fates: Mapping[str, Fate], out: AbstractSet[str]) -> None:
        self.module = module
        self.out = out
        self.regions = removed_regions(module, fates)

    def tree(self) -> ast.Module:
        tree = ast.parse(self.module.text)
        self._reduce(tree, "")
        return tree

    def _reduce(self, node: ast.AST, owner: str) -> None:
        """Take out of every block below `node`, which belongs to the function `owner`, what must go."""
        for field, value in ast.iter_fields(node):
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                setattr(node, field, list(self._block(value, owner)))
            elif isinstance(value, list):
                for item in value:
                    if isinstance(item, ast.AST):  # handlers of try, cases of match
                        self._reduce(item, owner)

    def _block(self, statements: list[ast.stmt], owner: str) -> Iterator[ast.stmt]:
        stubbed: set[Region] = set()
        for node in statements:
            region = next((r for r in self.regions if r.holds(first_line(node)) and r.holds(last_line(node))), None)
            if region is None:
                yield from self._given(node, owner)
            elif region.kind is Kind.SOLUTION and region not in stubbed:
                stubbed.add(region)
                yield ast.parse(f"raise NotImplementedError({owner!r})").body[0]

    def _given(self, node: ast.stmt, owner: str) -> Iterator[ast.stmt]:
        if isinstance(node, Import):
            node.names = kept_names(node, self.module, self.out)
            if not node.names:
                return
        inner = owner
        if isinstance(node, Definition):
            # A function inside a function belongs to the outer one, which is what students are told about.
            is_inner = owner in dict(self.module.functions())
            inner = owner if is_inner else f"{owner}.{node.name}".lstrip(".")
            if not is_inner and f"{self.module.name}.{inner}" in self.out:
                return
        self._reduce(node, inner)
        yield node
