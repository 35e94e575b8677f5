"""Hostile hand-ins: a class of them is graded on each level of isolation, beside honest students.

How it works: a scenario is a folder in hostile/ with an `expect.yaml` and files. The hand-in of the student of
that name is the tiny course's reference package, with the scenario's files put over it. The whole class is graded
once for each level through the real command line; then each scenario's result is held against
its `Expect`. A new scenario needs no Python. Those that do all they do by data, which no level of isolation looks
at, are graded on one level only, but for `make isolation`.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import pytest
import yaml
from pydantic import BaseModel, ConfigDict

from autograder.tests import last_parent
from autograder.tests.command_line import ENVIRONMENT, as_summary, read_results, summary
from autograder.tests.sandboxes import SHUT_IN

HERE = Path(__file__).parent
COURSE, SCENARIOS = HERE / "scenarios" / "course", sorted((HERE / "hostile").glob("*/expect.yaml"))
FRAMES = HERE / "hostile" / "frames.py"
HONEST = ("honest-1", "honest-2")
LIMITS = "limits: {time_s: 8, check_time_s: 2, memory_mb: 512}"
SHARED = [Path(path) for path in ("/tmp", "/var/tmp", "/dev/shm") if Path(path).is_dir()]
BY_DATA = ("argument", "array_", "changes_", "frame_", "loans_", "object", "remarks_", "reports_")
EVERY = "AUTOGRADER_EVERY" in os.environ  # scenario on every level
MARK = "left-behind"  # in the name of whatever a scenario tries to leave where others can see it

Row = Mapping[str, str | float]  # question -> "points (n verdict, ...)"


class Override(BaseModel):
    """What differs on one level, and why."""

    model_config = ConfigDict(extra="forbid")

    why: str
    results: Row | None = None
    messages: tuple[str, ...] | None = None
    silent: tuple[str, ...] | None = None


class Expect(BaseModel):
    """What an expect.yaml says. Unknown keys are refused: a misspelt one would check nothing."""

    model_config = ConfigDict(extra="forbid")

    about: str  # a sentence: what the hand-in tries, and what has to come of it
    results: Row
    race: bool = False  # whether the verdicts depend on which of two replies comes first; points never do
    messages: tuple[str, ...] = ()  # words of the messages of checks
    silent: tuple[str, ...] = ()  # words that occur neither in the result nor in what the command prints
    seconds: float = 30.0  # which the result may not exceed
    levels: Mapping[Literal["bwrap", "landlock", "account"], Override] = {}


@dataclass(frozen=True)
class Graded:
    """What is left of a class that was graded."""

    code: int
    printed: str
    results: dict[str, dict[str, Any]]
    outliving: list[str]  # command lines
    scratch: list[str]  # names in the folder for temporary files
    marked: list[str]
    mounts: bool  # whether they changed
    cgroups: list[str]


def scenarios(level: str) -> list[Path]:
    """Return the scenarios to run on a level."""
    everywhere = EVERY or level == SHUT_IN[0]
    return [file for file in SCENARIOS if everywhere or not file.parent.name.startswith(BY_DATA)]


@pytest.fixture(scope="session", params=SHUT_IN)
def graded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Graded]:
    """The class on one level, graded once even where several processes share the tests."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    saved = shared / f"hostile-{request.param}.json"
    with (shared / "hostile.lock").open("w") as lock:  # one for all levels: cores that are shared out make timeouts
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not saved.exists():
            found = grade_class(request.param, tmp_path_factory.mktemp("hostile"))
            saved.write_text(json.dumps(asdict(found)))
        return request.param, Graded(**json.loads(saved.read_text()))


@pytest.mark.parametrize(
    ("graded", "file"),
    [(level, file) for level in SHUT_IN for file in scenarios(level)],
    indirect=["graded"],
    ids=lambda value: value.parent.name if isinstance(value, Path) else value,
)
def test_hostile_hand_in(file: Path, graded: tuple[str, Graded]) -> None:
    level, of_class = graded
    expect = Expect.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    differing = expect.levels.get(level)
    result = of_class.results[file.parent.name]
    text = json.dumps(result, ensure_ascii=False)
    messages = "\n".join(check["message"] for question in result["questions"] for check in question["checks"])
    row = (differing and differing.results) or expect.results
    found, expected = summary(result), as_summary(row)
    if expect.race:
        found, expected = (
            {name: value.partition(" ")[0] for name, value in each.items()} for each in (found, expected)
        )
    assert (found, messages) == (expected, messages)
    words = expect.messages if differing is None or differing.messages is None else differing.messages
    assert [each for each in words if each not in messages] == [], messages
    silent = expect.silent if differing is None or differing.silent is None else differing.silent
    assert [each for each in silent if each in of_class.printed or each in text] == []
    assert result["seconds"] < expect.seconds


def test_every_student_of_a_hostile_class_has_a_result(graded: tuple[str, Graded]) -> None:
    level, of_class = graded
    assert of_class.code == 0, of_class.printed
    assert set(of_class.results) == {file.parent.name for file in scenarios(level)} | set(HONEST)
    assert {result["isolation"] for result in of_class.results.values()} == {level}
    assert "Traceback" not in of_class.printed


@pytest.mark.parametrize("student", HONEST)
def test_honest_students_of_a_hostile_class_keep_their_points(student: str, graded: tuple[str, Graded]) -> None:
    assert summary(graded[1].results[student]) == {"double": "3", "quadruple": "2"}


def test_a_hostile_class_leaves_nothing_behind(graded: tuple[str, Graded]) -> None:
    of_class = graded[1]
    assert (of_class.outliving, of_class.scratch, of_class.marked) == ([], [], [])
    assert (of_class.mounts, of_class.cgroups) == (False, [])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL, -signal.SIGKILL])
@pytest.mark.parametrize("level", SHUT_IN)
def test_a_grader_that_is_ended_leaves_nothing_behind(level: str, number: int, tmp_path: Path) -> None:
    shutil.copytree(COURSE, tmp_path / "course")
    hand_in(tmp_path, "a-first", None)
    for name in ("endless", "sleeps"):
        loop = "import time\n\ndef double(x):\n    while True:\n        open('file', 'w')\n        time.sleep(0.01)\n"
        hand_in(tmp_path, name, None)
        (tmp_path / "submitted" / name / "nndl" / "layers.py").write_text(loop)
    _, outliving, scratch = run(tmp_path, level, number)
    assert (outliving, scratch) == ([], [])


# ---- running -------------------------------------------------------------------------------------


def grade_class(level: str, folder: Path) -> Graded:
    """Grade the scenarios' hand-ins and the honest students' on a level; look for what that leaves."""
    shutil.copytree(COURSE, folder / "course")
    file = folder / "course" / "course.yaml"
    lines = [LIMITS if line.startswith("limits:") else line for line in file.read_text().splitlines()]
    file.write_text("\n".join(lines) + "\n")
    for scenario in scenarios(level):
        hand_in(folder, scenario.parent.name, scenario.parent)
    for name in HONEST:
        hand_in(folder, name, None)
    mounts, cgroups, marked = Path("/proc/self/mountinfo").read_text(), own_cgroups(), set(marked_files())
    done, outliving, scratch = run(folder, level, 0)
    return Graded(
        code=done.returncode,
        printed=done.stdout + done.stderr,
        results=read_results(folder / "results" / "hw1"),
        outliving=outliving,
        scratch=scratch,
        marked=sorted(set(marked_files()) - marked),
        mounts=Path("/proc/self/mountinfo").read_text() != mounts,
        cgroups=sorted(own_cgroups() - cgroups),
    )


def hand_in(folder: Path, student: str, scenario: Path | None) -> None:
    """Put a student's hand-in where `run` looks for it."""
    target = folder / "submitted" / student
    shutil.copytree(COURSE / "solutions" / "nndl", target / "nndl", ignore=shutil.ignore_patterns("__pycache__"))
    if scenario is not None:
        shutil.copytree(
            scenario, target, symlinks=True, dirs_exist_ok=True, ignore=shutil.ignore_patterns("expect.yaml")
        )
        if b"from .frames import" in (target / "nndl" / "layers.py").read_bytes():
            shutil.copy(FRAMES, target / "nndl")


def run(folder: Path, level: str, number: int) -> tuple[subprocess.CompletedProcess[str], list[str], list[str]]:
    """Grade what was handed in; return that, what outlives it and what is left in the folder for temporary files."""
    report = folder / "outliving.json"
    grade = ["autograder", "--course", "course", "grade", "hw1", "submitted", "--output", "results"]
    options = ["--isolation", level, "--jobs", "2"]
    with tempfile.TemporaryDirectory(prefix="autograder-test-") as scratch:
        Path(scratch).chmod(0o711)  # sandboxes run as other accounts, and pass through it
        done = subprocess.run(
            [sys.executable, last_parent.__file__, str(report), str(number), *grade, *options],
            cwd=folder,
            env={**ENVIRONMENT, "TMPDIR": scratch},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=3000,  # a guard against hanging: a busy machine may take long
            check=False,
        )
        left = _remaining(Path(scratch))
    return done, json.loads(report.read_text()), left


def _remaining(folder: Path) -> list[str]:
    """Return what is in a folder once nothing is removed from it any more, or after some seconds."""
    end = time.monotonic() + last_parent.PATIENCE_S
    while (names := sorted(path.name for path in folder.iterdir())) and time.monotonic() < end:
        time.sleep(0.05)
    return names


def marked_files() -> list[str]:
    """Return what scenarios have left in folders that everybody may write to."""
    return [str(path) for folder in SHARED for path in folder.iterdir() if MARK in path.name]


def own_cgroups() -> set[str]:
    """Return the control groups below the one of this process."""
    own = {line.split(":", 2)[2].lstrip("/") for line in Path("/proc/self/cgroup").read_text().splitlines()}
    roots = [root / name for root in (Path("/sys/fs/cgroup"), *Path("/sys/fs/cgroup").glob("*/")) for name in own]
    return {str(path) for root in roots if root.is_dir() for path in root.rglob("*/")}
