"""Scenarios: small inputs through the real command line, and what has to come of them.

How it works: a scenario is a folder in scenarios/ with an `expect.yaml` and, where that helps, files. It runs in
an empty folder, into which first the tiny course of scenarios/course/ is copied (unless ``course`` says otherwise),
then the scenario's own files, which may replace some of the course. `Expect` lists what expect.yaml may say.
A new scenario needs no Python.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import pytest
import yaml
from pydantic import BaseModel, ConfigDict

from autograder.tests.command_line import ROOT, as_summary, read_results, run, summary

SCENARIOS = Path(__file__).parent / "scenarios"


class Expect(BaseModel):
    """What an expect.yaml says. Unknown keys are refused: a misspelt one would check nothing."""

    model_config = ConfigDict(extra="forbid")

    about: str  # a sentence: what goes in, and what has to come of it
    course: Literal["tiny", "repository", "none"] = "tiny"  # the repository's is given by --course
    prepare: str = ""  # lines of shell that make what cannot be committed: zips, links, broken files
    command: str  # after `autograder`, as one would type it
    exit: int
    stdout: tuple[str, ...] = ()  # words that are printed
    stderr: tuple[str, ...] = ()
    stderr_lines: int | None = None  # how many, where one line per problem matters
    silent: tuple[str, ...] = ()  # words that are printed nowhere
    present: tuple[str, ...] = ()  # patterns of paths that are there afterwards
    absent: tuple[str, ...] = ()
    results: Mapping[str, Mapping[str, str | float]] = {}  # student -> question -> "points (n verdict, ...)"
    warnings: Mapping[str, tuple[str, ...]] = {}  # student -> words of the warnings in the result
    messages: Mapping[str, tuple[str, ...]] = {}  # student -> words of the messages of checks


@pytest.mark.parametrize("file", sorted(SCENARIOS.glob("*/expect.yaml")), ids=lambda file: file.parent.name)
def test_scenario(file: Path, tmp_path: Path) -> None:
    expect = Expect.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    prepare(file.parent, expect, tmp_path)
    option = f"--course {ROOT} " if expect.course == "repository" else ""
    done = run(f"autograder {option}{expect.command}", tmp_path)
    said = f"\n--- exit {done.returncode}\n--- stdout\n{done.stdout}\n--- stderr\n{done.stderr}"
    assert done.returncode == expect.exit, said
    assert [words for words in expect.stdout if words not in done.stdout] == [], said
    assert [words for words in expect.stderr if words not in done.stderr] == [], said
    assert [words for words in ("Traceback", *expect.silent) if words in done.stdout + done.stderr] == [], said
    assert expect.stderr_lines in (None, len(done.stderr.splitlines())), said
    assert [path for path in expect.present if not any(tmp_path.glob(path))] == []
    assert [path for path in expect.absent if any(tmp_path.glob(path))] == []
    check_results(expect, tmp_path)


def prepare(scenario: Path, expect: Expect, folder: Path) -> None:
    """Put into `folder` what the command finds there."""
    if expect.course == "tiny":
        shutil.copytree(SCENARIOS / "course", folder, dirs_exist_ok=True)
    shutil.copytree(scenario, folder, symlinks=True, dirs_exist_ok=True)
    (folder / "expect.yaml").unlink()
    done = run(f"set -e\n{expect.prepare}", folder)
    assert done.returncode == 0, done.stderr


def check_results(expect: Expect, folder: Path) -> None:
    """Hold the results, wherever the command wrote them, against what is expected of each student."""
    results = {}
    for output in folder.glob("results/*"):
        results |= read_results(output)
    for student, row in expect.results.items():
        assert summary(results[student]) == as_summary(row)
    for student, words in expect.warnings.items():
        warnings = "\n".join(warning["message"] for warning in results[student]["warnings"])
        assert [each for each in words if each not in warnings] == [], warnings
    for student, words in expect.messages.items():
        checks = [check for question in results[student]["questions"] for check in question["checks"]]
        messages = "\n".join(check["message"] for check in checks)
        assert [each for each in words if each not in messages] == [], messages
