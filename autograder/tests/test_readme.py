"""What the README shows is true: its example of a suite runs, its commands and places exist."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "README.md").read_text()


def blocks() -> list[str]:
    """Return the indented blocks, without their indentation."""
    found = re.findall(r"(?:^    .*\n|^\n(?=    ))+", TEXT, re.MULTILINE)
    return [re.sub("^    ", "", block, flags=re.MULTILINE).strip() for block in found]


def test_its_suite_passes_on_the_reference_solution(tmp_path: Path) -> None:
    (example,) = [block for block in blocks() if block.startswith("import pytest")]
    (tmp_path / "course.yaml").symlink_to(ROOT / "course.yaml")
    (tmp_path / "solutions").symlink_to(ROOT / "solutions")
    suite = tmp_path / "tests" / "hw3" / "test_example.py"
    suite.parent.mkdir(parents=True)
    suite.write_text(example)
    command = [sys.executable, "-m", "pytest", "-q", "--rootdir", str(tmp_path), "-c", "/dev/null", str(suite)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert "1 passed" in done.stdout, done.stdout + done.stderr


def test_its_make_targets_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:`|^    )make ([a-z]+)", TEXT, re.MULTILINE))
    assert {"demo", "test"} <= named <= targets


def test_the_places_it_names_are_there() -> None:
    (places,) = [block for block in blocks() if block.startswith("course.yaml ")]
    for line in places.splitlines():
        names = re.match(r"(?:    )?((?:[\w.]+/? )+)", line)
        assert names, line
        below = ROOT / "autograder" if line.startswith("    ") else ROOT
        for name in names[1].split():
            assert (below / name).exists(), line


def test_the_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", TEXT):
        assert (ROOT / target).exists(), target
