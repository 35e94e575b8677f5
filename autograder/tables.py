"""Read the CSV tables that people keep: rosters and extensions."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import UsageError
from autograder.text import one_line

_MOST_BYTES = 16 << 20

Row = dict[str, str]  # column in lower case, with single blanks -> what is written there


@dataclass(frozen=True, kw_only=True)
class Table:
    """A CSV file: its lines with their numbers, the first of which has the columns, and how it is written."""

    lines: tuple[tuple[int, list[str]], ...]
    delimiter: str
    mark: bool  # whether it begins with a byte order mark


def read_lines(path: Path) -> Table:
    """Read a CSV file as it is, but for blank lines; UsageError if it cannot be read.

    Columns are parted by commas, semicolons or tabs, whichever the first line has most of.
    """
    name = one_line(str(path))
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
        if len(data) > _MOST_BYTES:
            raise UsageError(f"{name} is larger than {_MOST_BYTES >> 20} MB: this is no table of students")
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{name} is not UTF-8: save it as CSV in UTF-8") from error
    header, _, _ = text.partition("\n")
    delimiter = max(",;\t", key=header.count)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    try:
        lines = tuple((reader.line_num, cells) for cells in reader if any(map(str.strip, cells)))
    except csv.Error as error:
        raise UsageError(f"{name}:{reader.line_num}: no CSV: {error}") from error
    return Table(lines=lines, delimiter=delimiter, mark=data.startswith(codecs.BOM_UTF8))


def read_table(path: Path) -> Iterator[tuple[int, Row]]:
    """Yield the rows of a CSV file with their line numbers, without blank ones; UsageError if it cannot be read."""
    lines = iter(read_lines(path).lines)
    columns = [column_name(cell) for cell in next(lines, (1, []))[1]]
    if len(set(filter(None, columns))) < len(list(filter(None, columns))):
        raise UsageError(f"{one_line(str(path))}:1: two columns have the same name: rename one")
    for number, cells in lines:
        row = dict(zip(columns, (cell.strip() for cell in cells), strict=False))
        if any(row.values()):
            yield number, row


def column_name(cell: str) -> str:
    """Return a column's name as rows have it."""
    return " ".join(cell.lower().replace("_", " ").split())


def same(text: str) -> str:
    """Return what two ways of writing an account, a number or an address have in common."""
    return re.sub(r"^participant ", "", " ".join(text.casefold().split()))
