"""The real command line for tests from end to end, and what its results say in few words."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema

from autograder.results import SCHEMA_FILE

ROOT = Path(__file__).parents[2]
# What a grader needs, and nothing of pytest's; `sh` finds this environment's python and autograder first.
ENVIRONMENT = {name: os.environ[name] for name in ("HOME", "TMPDIR", "LANG", "PYTHONPATH") if name in os.environ}
ENVIRONMENT["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])

Summary = dict[str, str]  # question -> its points, and the verdicts of checks that did not pass: "8 (2 failed)"


def run(command: str, folder: Path, timeout: float = 600) -> subprocess.CompletedProcess[str]:
    """Run a line of shell in a folder; one that hangs fails the test."""
    return subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def read_results(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the results in a folder by student, each held against the schema."""
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA_FILE.read_text()))
    results = {path.stem: json.loads(path.read_text()) for path in folder.glob("*.json")}
    for result in results.values():
        validator.validate(result)
    return results


def summary(result: Mapping[str, Any]) -> Summary:
    """Return a result's questions in few words, but for those that are graded by hand."""
    return {question["name"]: _words(question) for question in result["questions"] if not question["manual"]}


def as_summary(row: Mapping[str, str | float]) -> Summary:
    """Return what a YAML file says of questions, with bare numbers as text."""
    return {name: value if isinstance(value, str) else f"{value:g}" for name, value in row.items()}


def _words(question: Mapping[str, Any]) -> str:
    counts = Counter(check["verdict"] for check in question["checks"] if check["verdict"] != "passed")
    verdicts = ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items()))
    points = "not graded" if question["points"] is None else f"{question['points']:.4g}"
    return f"{points} ({verdicts})" if verdicts else points
