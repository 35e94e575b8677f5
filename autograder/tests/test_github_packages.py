"""Workflows for GitHub: as its schema has them, and what they run, run for real."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from autograder import cli
from autograder.tests.command_line import ENVIRONMENT, ROOT


def package(*arguments: str) -> int:
    return cli.run(["--course", str(ROOT), "package", *arguments])


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A student's repository of hw3, in which nothing has been written yet."""
    folder = tmp_path_factory.mktemp("students") / "hw3"
    assert package("github", "hw3", "-o", str(folder)) == 0
    return folder


def assert_valid(*files: Path) -> None:
    schema = ["--builtin-schema", "vendor.github-workflows"]
    command = [sys.executable, "-m", "check_jsonschema", *schema, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def steps(file: Path) -> dict[str, str]:
    """Return what the steps of a workflow run, by their names."""
    (job,) = yaml.safe_load(file.read_text())["jobs"].values()
    return {step["name"]: step["run"] for step in job["steps"] if "run" in step}


def run_step(folder: Path, script: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = ["bash", "-e", "-o", "pipefail", "-c", script]  # as GitHub does
    environment = {**ENVIRONMENT, **more}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=300
    )


def report(folder: Path) -> tuple[int, list[str], str]:
    """Run the checks and the report of a student's workflow, and return its exit code, commands and summary."""
    scripts = steps(folder / ".github/workflows/checks.yml")
    assert run_step(folder, scripts["Run the checks"]).returncode == 0
    summary = folder / "summary.md"
    summary.unlink(missing_ok=True)
    done = run_step(folder, scripts["Report"], GITHUB_STEP_SUMMARY=str(summary))
    return done.returncode, done.stdout.splitlines(), summary.read_text() if summary.exists() else done.stderr


def test_workflows_follow_githubs_schema(repository: Path, tmp_path: Path) -> None:
    assert package("workflows", "-o", str(tmp_path)) == 0
    ours = [tmp_path / ".github/workflows" / name for name in ("release.yml", "regrade.yml")]
    assert_valid(repository / ".github/workflows/checks.yml", *ours)
    for file in ours:
        assert "hw0 hw1 hw2" in file.read_text()
        assert "@ASSIGNMENT" not in file.read_text()


def test_students_get_the_release_and_nothing_else(repository: Path) -> None:
    names = {path.relative_to(repository).as_posix() for path in repository.rglob("*") if path.is_file()}
    given = ROOT / "release/hw3"
    released = {path.relative_to(given).as_posix() for path in given.rglob("*") if path.is_file()}
    assert names - {name for name in released if "cache" not in name} == {
        ".github/workflows/checks.yml",
        ".github/report.py",
    }


def test_what_is_still_to_be_written_is_annotated(repository: Path) -> None:
    code, lines, summary = report(repository)
    assert code == 1
    assert lines[0].startswith("::notice title=Autograding complete::Points 0/")
    assert lines[1].startswith('::notice title=Autograding report::{"totalPoints": 0, "maxPoints": ')
    errors = [line for line in lines if line.startswith("::error")]
    assert len(errors) == min(10, int(lines[0].rpartition("/")[2]))
    assert all("NotImplementedError" in error for error in errors)
    assert "## 0 of " in summary


def test_a_solution_passes_every_check_that_students_have(repository: Path, tmp_path: Path) -> None:
    solved = Path(shutil.copytree(repository, tmp_path / "solved"))
    shutil.copytree(ROOT / "solutions/nndl", solved / "nndl", dirs_exist_ok=True)
    code, lines, summary = report(solved)
    total = lines[0].rpartition("/")[2]
    assert (code, lines[0]) == (0, f"::notice title=Autograding complete::Points {total}/{total}")
    assert len(lines) == 2
    assert summary.count("✅") == int(total)


@pytest.mark.parametrize("breaks", ["syntax error", "exit", "no file"])
def test_checks_that_could_not_run_are_an_error(repository: Path, tmp_path: Path, breaks: str) -> None:
    broken = Path(shutil.copytree(repository, tmp_path / "broken"))
    if breaks == "no file":
        shutil.rmtree(broken / "tests")
    else:
        (broken / "conftest.py").write_text("def (" if breaks == "syntax error" else "import os; os._exit(0)")
    code, lines, _ = report(broken)
    assert code == 1
    assert lines == ["::error title=No check was run::See the step before this one: is there a mistake in a file?"]


def test_no_text_is_a_command_or_markup(repository: Path, tmp_path: Path) -> None:
    evil = "a&#10;::set-env name=x::y&#10;| &lt;b&gt; `c` 100%,:"
    case = f'<testcase name="{evil}"><failure message="{evil}">z</failure></testcase>'
    (tmp_path / "checks.xml").write_text(f"<testsuites><testsuite>{case}</testsuite></testsuites>")
    command = [sys.executable, repository / ".github/report.py", "checks.xml"]
    done = subprocess.run(command, cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    commands = [line for line in done.stdout.splitlines() if line.startswith("::")]
    assert len(commands) == 3
    assert "%0A%3A%3Aset-env name=x" in commands[2].replace("title=a%0A", "%0A")
    assert "<b>" not in done.stdout.partition("## ")[2]


def test_the_courses_workflow_checks_every_release(tmp_path: Path) -> None:
    assert package("workflows", "-o", str(tmp_path)) == 0
    scripts = steps(tmp_path / ".github/workflows/release.yml")
    calls = tmp_path / "calls"
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/autograder").write_text(f'#!/bin/sh\necho "$@" >>{calls}\n')
    (tmp_path / "bin/autograder").chmod(0o755)
    path = {"PATH": f"{tmp_path}/bin:{ENVIRONMENT['PATH']}"}
    for name in ("Check the course", "Check the releases"):
        assert run_step(tmp_path, scripts[name], **path).returncode == 0
    assert calls.read_text().splitlines() == ["check", *(f"release hw{n} --check" for n in range(7))]


def test_a_file_that_is_there_already_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / ".github/workflows").mkdir(parents=True)
    (tmp_path / ".github/workflows/regrade.yml").write_text("mine")
    assert package("workflows", "-o", str(tmp_path)) == 2
    assert "regrade.yml is there already: move it away" in capsys.readouterr().err
    assert not (tmp_path / ".github/workflows/release.yml").exists()
    (tmp_path / ".github/workflows/regrade.yml").unlink()
    assert package("workflows", "-o", str(tmp_path)) == package("workflows", "-o", str(tmp_path)) == 0


def every_step(file: Path) -> list[dict[str, Any]]:
    return [step for job in yaml.safe_load(file.read_text())["jobs"].values() for step in job["steps"]]


def test_nothing_that_somebody_typed_is_run_as_code(tmp_path: Path) -> None:
    assert package("workflows", "-o", str(tmp_path)) == 0
    for file in (tmp_path / ".github/workflows").iterdir():
        assert not [step for step in every_step(file) if "${{" in step.get("run", "")]
        assert yaml.safe_load(file.read_text())["permissions"] == {"contents": "read"}
