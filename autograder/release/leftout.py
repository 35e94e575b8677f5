"""Work out what a release leaves out: functions of later assignments, all that cannot do without them, other modules.

`solutions` is one package that grows with the course, so an earlier release must not import or call what
comes later: such imports lose the name, and given functions that use it go along with it. A module in which this
assignment has nothing to write is left out too, unless something that stays imports it.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from autograder.errors import Problem
from autograder.release.fates import Fate, of_kind, removed_regions
from autograder.release.sources import Definition, Import, Module, definitions, last_line

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet


def left_out(
    modules: Iterable[Module], fates: Mapping[str, Fate], absent: Iterable[str] = (), used: Iterable[str] = ()
) -> tuple[frozenset[str], list[Problem]]:
    """Return the dotted names of functions, methods, classes and modules that are left out of a release.

    `absent` names packages that this release does not have, `used` what its notebooks and checks import. It is a problem
    when code that stays uses what is left out.
    """
    modules = tuple(modules)
    out = _with_companions(modules, fates, {*absent, *of_kind(fates, Fate.LEFT_OUT)})
    out = _with_companions(modules, fates, out | _needless(modules, fates, out, frozenset(used)))
    problems = [problem for module in modules if module.name not in out for problem in _dangling(module, fates, out)]
    return frozenset(out), problems


def kept_names(node: Import, module: Module, out: AbstractSet[str]) -> list[ast.alias]:
    """Return the names that an import statement of `module` still imports."""
    return [alias for alias in node.names if not _is_out(_target(node, alias, module), out)]


def _with_companions(modules: tuple[Module, ...], fates: Mapping[str, Fate], out: AbstractSet[str]) -> set[str]:
    """Return `out` with all that cannot do without it."""
    found, before = set(out), -1
    while before != len(found):
        before = len(found)
        for module in modules:
            found |= _goes_along(module, fates, found)
    return found


def _needless(
    modules: tuple[Module, ...], fates: Mapping[str, Fate], out: AbstractSet[str], used: AbstractSet[str]
) -> frozenset[str]:
    """Return the names of modules in which nothing is to be written, and that nothing which stays imports."""
    staying = [module for module in modules if module.name not in out]
    needless = {
        module.name
        for module in staying
        if not module.path.endswith("/__init__.py")
        and all(fates.get(name) is not Fate.EMPTIED for name in module.marked())
    } - used
    while needed := needless & {name for m in staying if m.name not in needless for name in _imported(m, out)}:
        needless -= needed
    return frozenset(needless)


def _imported(module: Module, out: AbstractSet[str]) -> Iterator[str]:
    """Yield the dotted names that a module still imports, and those of the modules that they are in."""
    for node in ast.walk(module.tree):
        if isinstance(node, Import):
            for alias in kept_names(node, module, out):
                target = _target(node, alias, module)
                yield from (target, target.rpartition(".")[0])


def _goes_along(module: Module, fates: Mapping[str, Fate], out: AbstractSet[str]) -> set[str]:
    """Return what of a module is left out because of what already is."""
    found = set()
    top = {f"{module.name}.{node.name}": node for node in module.tree.body if isinstance(node, Definition)}
    for name, node in top.items():
        marked = [function for function in fates if function.startswith(f"{name}.")]
        if marked and all(function in out for function in marked):
            found.add(name)  # a class, all of whose marked methods come later
        elif not marked and name not in fates and any(_uses(node, module, fates, out)):
            found.add(name)  # given code that calls what comes later
    public = [name for name, node in top.items() if not node.name.startswith("_")] or list(top)
    if top and all(name in out or name in found for name in public):
        found.add(module.name)  # what only serves what is gone has no use
    return found


def _dangling(module: Module, fates: Mapping[str, Fate], out: AbstractSet[str]) -> Iterator[Problem]:
    """Yield every use, in code that stays, of what is left out."""
    gone = [node for name, node in definitions(module.tree) if f"{module.name}.{name}" in out]
    for line, name in _uses(module.tree, module, fates, out):
        if not any(node.lineno <= line <= last_line(node) for node in gone):
            message = (
                f"uses {name}, which only a later assignment lists; move this line into a marked region, or {name} up"
            )
            yield Problem(file=module.file, line=line, message=message)


def _uses(
    scope: ast.AST, module: Module, fates: Mapping[str, Fate], out: AbstractSet[str]
) -> Iterator[tuple[int, str]]:
    """Yield line and dotted name of everything left out that the code of `scope` that students get uses."""
    bound = _bindings(module)
    removed = removed_regions(module, fates)
    for node in ast.walk(scope):
        if isinstance(node, ast.Name | ast.Attribute) and not any(region.holds(node.lineno) for region in removed):
            name = _dotted(node, bound)
            if name is not None and _is_out(name, out):
                yield node.lineno, name


@functools.cache
def _bindings(module: Module) -> Mapping[str, str]:
    """Return the dotted name that each top-level or imported name of a module stands for."""
    bound = {name: f"{module.name}.{name}" for name, _ in definitions(module.tree) if "." not in name}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            bound |= {
                a.asname or a.name.partition(".")[0]: a.name if a.asname else a.name.partition(".")[0]
                for a in node.names
            }
        elif isinstance(node, ast.ImportFrom):
            bound |= {alias.asname or alias.name: _target(node, alias, module) for alias in node.names}
    return bound


def _target(node: Import, alias: ast.alias, module: Module) -> str:
    """Return the dotted name of what an alias imports; of the module itself for a star."""
    if isinstance(node, ast.Import):
        return alias.name
    origin = node.module or ""
    if node.level:
        is_package = module.path.endswith("/__init__.py")
        parts = module.name.split(".")
        base = parts[: len(parts) - node.level + (1 if is_package else 0)]
        origin = ".".join([*base, *([node.module] if node.module else [])])
    return origin if alias.name == "*" else f"{origin}.{alias.name}"


def _dotted(node: ast.expr, bound: Mapping[str, str]) -> str | None:
    if isinstance(node, ast.Name):
        return bound.get(node.id)
    if isinstance(node, ast.Attribute):
        value = _dotted(node.value, bound)
        return f"{value}.{node.attr}" if value is not None else None
    return None


def _is_out(name: str, out: AbstractSet[str]) -> bool:
    return any(name == gone or name.startswith(f"{gone}.") for gone in out)
