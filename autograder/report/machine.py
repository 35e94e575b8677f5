"""Results for scripts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from autograder.results import SUMMARY, Result


def print_json(folder: Path, results: Sequence[Result]) -> None:
    """Print one JSON document with all results, each as in its own file."""
    document = {
        "format": 1,
        "folder": str(folder),
        "summary": str(folder / SUMMARY),
        "results": [result.model_dump(mode="json") for result in results],
    }
    print(json.dumps(document, indent=2))
