"""Check an instructor's notebooks, send them through nbgrader, and keep only what students should get.

nbgrader empties solution cells and outputs. It leaves the pictures attached to a model answer, the
metadata that editors write, such as times of execution, and the version of the author's Python.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from autograder.notebook_format import nbformat

from autograder.errors import Problem, nearest
from autograder.release import nbgrader_tools
from autograder.release.markers import Kind, find_regions

Notebook = Any  # nbformat.NotebookNode: a dict with attribute access
_nbformat: Any = nbformat  # half of its functions have no types

_CELL_METADATA = {"nbgrader", "deletable", "editable", "tags"}
_NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
# For each kind of region, the role of the cells that nbgrader allows it in, and that role in words.
_ROLES = {
    Kind.SOLUTION: ("solution", "a solution cell"),
    Kind.TESTS: ("grade", "a test cell"),
    Kind.SCHEME: ("task", "a task cell"),
}


def read_notebook(file: Path) -> tuple[Notebook | None, list[Problem]]:
    """Read a notebook in format 4, with every mistake in its markers and in nbgrader's metadata."""
    try:
        raw = json.loads(file.read_text(encoding="utf-8"))
        _complete_ids(raw)
        notebook = _nbformat.reads(json.dumps(raw), as_version=4)
        _nbformat.validate(notebook)
    except FileNotFoundError:
        near = nearest(file.name, (other.name for other in file.parent.glob("*.ipynb")))
        return None, [Problem(file=file, line=None, message=f"there is no such notebook{near}")]
    except (ValueError, LookupError, TypeError, AttributeError, nbformat.ValidationError) as error:
        reason = str(error).splitlines()[0]
        return None, [Problem(file=file, line=None, message=f"is not a notebook in format 4: {reason}")]
    problems = [Problem(file=file, line=None, message=message) for message in _mistakes(notebook)]
    return notebook, problems


def convert(assignment: str, notebooks: Mapping[str, Notebook]) -> dict[str, Notebook]:
    """Return the notebooks as students get them, by file name."""
    sources = {name: _nbformat.writes(_prepared(notebook)) for name, notebook in notebooks.items()}
    released = nbgrader_tools.convert(assignment, sources)
    return {name: _scrubbed(_nbformat.reads(text, as_version=4)) for name, text in released.items()}


def as_bytes(notebook: Notebook) -> bytes:
    """Return a notebook as the bytes of its file, the same for the same contents."""
    return f"{_nbformat.writes(notebook)}\n".encode()


def roles(cell: Any) -> Mapping[str, Any]:
    """Return what nbgrader says about a cell; nothing where it is an ordinary one."""
    found = cell.metadata.get("nbgrader", {})
    return found if isinstance(found, dict) else {}


def cell_name(cell: Any) -> str:
    """Return the name that an author finds a cell by: its grade_id, or else its id."""
    return str(roles(cell).get("grade_id") or cell.get("id"))


def _mistakes(notebook: Notebook) -> Iterator[str]:
    for cell in notebook.cells:
        where = f"cell {cell_name(cell)!r}"
        regions, mistakes = find_regions(cell.source)
        for mistake in mistakes:
            yield f"{where}, line {mistake.line}: {mistake.message}"
        for region in regions:
            role, words = _ROLES[region.kind]
            if not roles(cell).get(role):
                message = f"### BEGIN {region.kind} is only allowed in {words}; set that in nbgrader's toolbar"
                yield f"{where}, line {region.begin}: {message}"
        if cell.cell_type == "code" and "AUTOTEST" in cell.source:
            yield f"{where}: AUTOTEST runs code while a release is made; write a check in the suite instead"
    mistake_of_nbgrader = nbgrader_tools.metadata_mistake(notebook)
    if mistake_of_nbgrader is not None:
        yield mistake_of_nbgrader


def _complete_ids(raw: dict[str, Any]) -> None:
    """Give every cell an id that is the same in every run; nbformat would draw one."""
    if raw.get("nbformat") != 4:
        raise ValueError(f"it has format {raw.get('nbformat')!r}; open and save it in Jupyter")
    for number, cell in enumerate(raw["cells"], start=1):
        cell.setdefault("id", f"cell-{number}")
    raw["nbformat_minor"] = max(raw.get("nbformat_minor", 0), 5)


def _prepared(notebook: Notebook) -> Notebook:
    """Return a copy with only the metadata that students need, and none of the author's machine."""
    prepared = copy.deepcopy(notebook)
    prepared.metadata = _nbformat.from_dict(_NOTEBOOK_METADATA)
    for cell in prepared.cells:
        cell.metadata = _nbformat.from_dict({k: v for k, v in cell.metadata.items() if k in _CELL_METADATA})
    return prepared


def _scrubbed(notebook: Notebook) -> Notebook:
    """Take away the attachments that no released text refers to: they belonged to a model answer."""
    for cell in notebook.cells:
        wanted = set(map(unquote, re.findall(r"attachment:([^)\s\"'>]+)", cell.source)))
        kept = {name: data for name, data in cell.get("attachments", {}).items() if name in wanted}
        cell.pop("attachments", None)
        if kept:
            cell.attachments = kept
    return notebook
