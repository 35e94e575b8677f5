"""Who was recognised how, before anything is graded."""

from __future__ import annotations

import sys
from pathlib import Path

from autograder.grade import Order, how_late
from autograder.intake import Found, HandIn
from autograder.late import Lateness
from autograder.text import one_line, printable

_PLAIN_WIDTH = 200  # of a table that goes to a file or a pipe


def show_found(order: Order, found: Found) -> None:
    """Print how each path was understood, and a table with a row for each hand-in."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("student", "from", "id", "handed in", "late", "file or folder", "remarks"):
        table.add_column(column, overflow="fold")
    for hand_in in sorted(found.hand_ins, key=lambda each: each.key.casefold()):
        table.add_row(*(Text(one_line(cell)) for cell in _cells(order, hand_in)))
    console = Console(highlight=False, emoji=False, width=None if sys.stdout.isatty() else _PLAIN_WIDTH)
    for note in found.notes:
        console.print(printable(note), markup=False, soft_wrap=True)
    console.print(table)
    console.print(f"{len(found.hand_ins)} to grade; nothing was graded or written", markup=False)


def _cells(order: Order, hand_in: HandIn) -> tuple[str, ...]:
    time = (hand_in.submitted_at or "").replace("T", " ")
    when = how_late(order, hand_in)
    late = _late(when) if when else "marked late" * hand_in.marked_late
    remarks = "; ".join(filter(None, (hand_in.problem, *(remark.message for remark in hand_in.remarks))))
    return hand_in.key, hand_in.system or _kind(hand_in.path), hand_in.id, time, late, hand_in.origin, remarks


def _late(when: Lateness) -> str:
    if not when.days:
        return "no"
    days = f"{when.days} day{'s' * (when.days != 1)}"
    return f"{days}, -{float(when.part * 100):.3g}%" if when.accepted else f"{days}, not accepted"


def _kind(path: Path) -> str:
    return "folder" if path.is_dir() else path.suffix.lower().removeprefix(".") or "file"
