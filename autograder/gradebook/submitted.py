"""The notebooks that a student handed in, as plain cells. Every byte of them is hostile: they are parsed, never run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.gradebook.harmless import joined
from autograder.notebook_format import nbformat

_MALFORMED = (ValueError, LookupError, TypeError, AttributeError, RecursionError, nbformat.ValidationError)


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell: `name` is its grade_id, by which nbgrader and releases call it, or empty."""

    kind: str  # code, markdown or raw
    name: str
    source: str
    outputs: list[Any] = field(default_factory=list)
    attachments: Mapping[str, Any] = field(default_factory=dict)
    number: int | None = None  # of its execution

    @property
    def words(self) -> str:
        """What it says, however lines end and are indented."""
        return " ".join(self.source.split())


def read_cells(data: bytes, most: int) -> tuple[Cell, ...] | None:
    """Return at most so many cells of a notebook of any format, or None if it is not one."""
    try:
        document = json.loads(data.decode("utf-8-sig"))
        if document["nbformat"] != 4:
            read = nbformat.reader.reads(json.dumps(document))  # type: ignore[no-untyped-call]
            document = nbformat.convert(read, 4)  # type: ignore[no-untyped-call]
        return tuple(_cell(cell) for cell in document["cells"][:most])
    except _MALFORMED:
        return None


def _cell(cell: Mapping[str, Any]) -> Cell:
    metadata = cell.get("metadata", {}).get("nbgrader", {})
    outputs, number = cell.get("outputs", []), cell.get("execution_count")
    attachments = cell.get("attachments", {})
    name = metadata.get("grade_id", "") if isinstance(metadata, Mapping) else ""
    return Cell(
        kind=cell["cell_type"] if cell["cell_type"] in ("code", "markdown") else "raw",
        name=name if isinstance(name, str) else "",
        source=joined(cell.get("source", "")),
        outputs=outputs if isinstance(outputs, list) else [],
        attachments=attachments if isinstance(attachments, Mapping) else {},
        number=number if type(number) is int and 0 <= number < 1_000_000 else None,
    )
