"""Write the Python files of a release: holes for what students write, and nothing of later assignments.

How it works: lines are cut out of the solution's text, so that its comments and its layout stay, and
nbgrader's own preprocessors empty the regions that are left. `tree_proof` then compares the outcome with
what the solution's syntax tree says it should be.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from autograder.release import nbgrader_tools
from autograder.release.fates import Fate, removed_regions
from autograder.release.leftout import kept_names
from autograder.release.markers import is_marker
from autograder.release.sources import Import, Module, definitions, first_line, last_line

STUB_COMMENT = "# YOUR CODE HERE"
_WIDTH = 110


def released_text(module: Module, fates: Mapping[str, Fate], out: AbstractSet[str]) -> str:
    """Return the text of a module as students get it."""
    lines: dict[int, str] = dict(enumerate(module.text.split("\n"), start=1))
    _cut_definitions(lines, module, out)
    _cut_imports(lines, module, out)
    _cut_markers(lines, module, fates)
    text = "\n".join(lines.values())
    if text != module.text:
        text = re.sub(r"\n{4,}", "\n\n\n", text).rstrip("\n") + "\n"  # no larger gap where something was cut
    if not any(map(is_marker, lines.values())):
        return text
    return _name_stubs(nbgrader_tools.clear_source(text))


def cut_span(node: ast.stmt, lines: Mapping[int, str]) -> range:
    """Return the lines that go with a definition: comments right above it and below its body, and blank ones after."""
    start, stop = first_line(node), last_line(node) + 1
    while _is_comment(lines.get(start - 1, ""), node.col_offset):
        start -= 1
    end = stop
    while stop in lines and (not lines[stop].strip() or _is_inner_comment(lines[stop], node.col_offset)):
        stop += 1
        end = stop
    return range(start, end)


def _is_comment(line: str, indent: int) -> bool:
    return line.startswith(" " * indent + "#")


def _is_inner_comment(line: str, indent: int) -> bool:
    return line.lstrip().startswith("#") and len(line) - len(line.lstrip()) > indent


def _cut_definitions(lines: dict[int, str], module: Module, out: AbstractSet[str]) -> None:
    original = dict(lines)
    for name, node in definitions(module.tree):
        if f"{module.name}.{name}" in out:
            for number in cut_span(node, original):
                lines.pop(number, None)


def _cut_imports(lines: dict[int, str], module: Module, out: AbstractSet[str]) -> None:
    for node in ast.walk(module.tree):
        if isinstance(node, Import) and (kept := kept_names(node, module, out)) != node.names:
            for number in range(first_line(node), last_line(node) + 1):
                lines.pop(number, None)
            if kept:
                lines[node.lineno] = import_text(node, kept)
    ordered = sorted(lines.items())
    lines.clear()
    lines.update(ordered)


def import_text(node: Import, names: Iterable[ast.alias]) -> str:
    """Return an import statement of these names only, in one line where that is short enough."""
    shorter: Import
    if isinstance(node, ast.Import):
        shorter = ast.Import(names=list(names))
    else:
        shorter = ast.ImportFrom(module=node.module, names=list(names), level=node.level)
    indent = " " * node.col_offset
    text = indent + ast.unparse(shorter)
    if len(text) <= _WIDTH or isinstance(shorter, ast.Import):
        return text
    head, _, tail = text.partition(" import ")
    items = "".join(f"{indent}    {item},\n" for item in tail.split(", "))
    return f"{head} import (\n{items}{indent})"


def _cut_markers(lines: dict[int, str], module: Module, fates: Mapping[str, Fate]) -> None:
    removed = removed_regions(module, fates)
    for region in module.regions:
        if region not in removed:
            lines.pop(region.begin, None)
            lines.pop(region.end, None)


def _name_stubs(text: str) -> str:
    """Write into every stub the name of its function, which is what a check then reports as not yet written."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return text  # which `tree_proof` reports
    lines = text.split("\n")
    for name, function in ((n, f) for n, f in definitions(tree) if not isinstance(f, ast.ClassDef)):
        for number in range(first_line(function), last_line(function) + 1):
            if lines[number - 1].strip() == nbgrader_tools.STUB and lines[number - 2].strip() == STUB_COMMENT:
                lines[number - 1] = lines[number - 1].replace("()", f'("{name}")')
    return "\n".join(lines)
