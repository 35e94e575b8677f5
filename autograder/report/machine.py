"""Results for scripts."""

from __future__ import annotations

import json
from textwrap import indent

from autograder.grade import Graded
from autograder.rows import SUMMARY


def print_json(graded: Graded) -> None:
    """Print one JSON document with all results, each as in its own file; no more than one is in memory at a time."""
    head = {"format": 1, "folder": str(graded.folder), "summary": str(graded.folder / SUMMARY), "results": []}
    start, end = json.dumps(head, indent=2).split("[]")
    print(start, end="[")
    for number, row in enumerate(graded.rows):
        text = (graded.folder / f"{row.student}.json").read_text(encoding="utf-8").strip()
        print("," * bool(number), indent(text, "    "), sep="\n", end="")
    print("\n  ]", end)
