"""The command line: exit codes, one line for each problem, and what is printed for whom."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import cli
from autograder.errors import AutograderError, Problem
from autograder.tests.fake_suite import FakeHost
from autograder.tests.sample_course import WHOLE, write, write_course

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _fake_suite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.suite.client.SuiteHost", FakeHost)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course, in which the command is run, with a class beside it."""
    course = write_course(tmp_path / "course")
    hand_in(course, "alice", "# all well")
    monkeypatch.chdir(course)
    return course


def hand_in(course: Path, student: str, layers: str) -> None:
    write(course / "class" / student, {**WHOLE, "nndl/layers.py": layers.encode()})


def grade(*arguments: str) -> int:
    return cli.run(["grade", "hw3", "class", *arguments])


def fails(capsys: Capture, code: int, *arguments: str) -> str:
    """Run a command that must fail with one line on standard error, and return the line."""
    assert cli.run(arguments) == code
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("autograder: ")
    return line


def python(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload, no-any-return]


def test_help_imports_nothing_heavy() -> None:
    code = "import sys; from autograder import cli; cli.run(['grade', '--help']); print(sorted(sys.modules))"
    done = python("-c", code)
    assert "--fail-under" in done.stdout
    for heavy in ("rich", "numpy", "yaml", "msgspec", "pytest", "simpleeval"):
        assert f"'{heavy}'" not in done.stdout


def test_without_a_command_there_is_help(capsys: Capture) -> None:
    assert cli.run([]) == 0
    out = capsys.readouterr().out
    assert all(f"\n  {command} " in out for command in ("check", "release", "grade", "doctor"))


def test_version_is_printed(capsys: Capture) -> None:
    assert cli.run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("autograder 0.")


def test_module_runs_like_the_command() -> None:
    assert python("-m", "autograder", "--version").stdout.startswith("autograder 0.")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["grad"], "No such command 'grad'. Did you mean 'grade'"),
        (["grade", "hw3"], "Missing argument 'PATH...'"),
        (["grade", "hw3", "class", "--job", "2"], "No such option: --job"),
        (["grade", "hw3", "class", "--jobs", "0"], "'--jobs'"),
        (["grade", "hw3", "class", "--timeout", "soon"], "'--timeout'"),
        (["grade", "hw33", "class"], "did you mean 'hw3'?"),
        (["grade", "hw3", "klass"], "klass does not exist"),
        (["grade", "hw3", "class", "--output", "course.yaml"], "results cannot be written"),
        (["--course", "nowhere", "check"], "nowhere/course.yaml"),
    ],
)
def test_mistake_of_the_user_is_one_line_and_exit_2(
    here: Path, capsys: Capture, arguments: list[str], words: str
) -> None:
    assert words in fails(capsys, 2, *arguments)
    assert not (here / "results").exists()


def test_every_mistake_in_the_course_has_its_line(here: Path, capsys: Capture) -> None:
    (here / "course.yaml").write_text("format: 1\ncurse: {}\nassigments: {}\n", encoding="utf-8")
    assert grade() == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) > 1
    assert all(line.startswith("autograder: course.yaml:") for line in lines)


def test_grading_prints_progress_the_class_and_what_was_written(here: Path, capsys: Capture) -> None:
    hand_in(here, "bob", "# test_backward: failed\n# test_loss: timeout")
    write(here / "class/carol", {})
    assert grade() == 0
    out, err = capsys.readouterr()
    lines = [line.rstrip() for line in out.splitlines()]
    assert lines[0] == f"{here}/class: a class of 3: 3 folders, each one student's".replace(f"{here}/", "")
    assert lines[1:4] == [
        "[1/3] alice: 16 of 20 (all passed)",
        "[2/3] bob: 5 of 20 (1 passed, 1 failed, 1 timeout)",
        "[3/3] carol: 0 of 20 (there are no files in it)",
    ]
    assert [line.split()[:4] for line in lines if line.startswith(" bob") or line.startswith("bob")] == [
        ["bob", "5", "0", "5"]
    ]
    assert lines[-3:] == [
        "4 of the 20 points are graded by hand: inline",
        "isolation: bwrap",
        f"wrote 3 results and summary.csv to {Path('results/hw3')}",
    ]
    assert err == ""


def test_choice_among_copies_is_told_with_the_class(here: Path, capsys: Capture) -> None:
    write(here / "class/alice/backup", WHOLE)
    assert grade() == 0
    assert "alice: there are 2 copies of the package: took backup/nndl (2 of 2 modules)" in capsys.readouterr().out


def test_remarks_on_a_large_class_are_cut(here: Path, capsys: Capture) -> None:
    for number in range(40):
        hand_in(here, f"student{number}", "# x")
        write(here / f"class/student{number}/nndl", {"fast.so": b""})
    assert grade() == 0
    out = capsys.readouterr().out
    assert out.count("compiled files are not used") == 30
    assert "... and 10 more remarks, in the results" in out


def test_json_is_one_document_and_nothing_else(here: Path, capsys: Capture) -> None:
    assert grade("--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert document["format"] == 1
    assert document["results"] == [json.loads((here / "results/hw3/alice.json").read_text(encoding="utf-8"))]


def test_results_go_where_they_are_wanted(here: Path, capsys: Capture) -> None:
    assert grade("--output", "elsewhere") == 0
    assert (here / "elsewhere/hw3/alice.json").exists()
    assert not (here / "results").exists()


def test_course_may_be_elsewhere(here: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(here.parent)
    assert cli.run(["--course", "course", "grade", "hw3", "course/class"]) == 0
    assert (here / "results/hw3/alice.json").exists()


def test_options_reach_the_suite(here: Path) -> None:
    for name in ("bob", "carla", "dan"):
        hand_in(here, name, "")
    assert grade("--jobs", "3", "--isolation", "landlock", "--timeout", "6", "--seed", "5") == 0
    limits, private = FakeHost.made_with.pop("limits"), FakeHost.made_with.pop("private")
    assert {path.name for path in private} == {"hw3", "alice", "bob", "carla", "dan"}  # results and hand-ins
    assert FakeHost.made_with == {"assignment": "hw3", "jobs": 3, "isolation": "landlock", "seed": 5}
    assert (limits.time_s, limits.check_time_s, limits.memory_mb) == (6, 2, 2048)


def test_no_isolation_is_warned_of(here: Path, capsys: Capture) -> None:
    assert grade("--isolation", "none") == 0
    assert "warning: --isolation none" in capsys.readouterr().err


@pytest.mark.parametrize(("percent", "code"), [("0", 0), ("60", 0), ("70", 1), ("100", 1)])
def test_fail_under_counts_automatic_points(here: Path, capsys: Capture, percent: str, code: int) -> None:
    hand_in(here, "bob", "# test_loss: failed")  # 10 of 16
    assert grade("--fail-under", percent) == code
    assert ("1 of 2 students are below" in capsys.readouterr().err) == bool(code)


@pytest.mark.parametrize("verdict", ["suite_error", "grader_error"])
def test_what_could_not_be_judged_is_exit_3_with_the_reason(here: Path, capsys: Capture, verdict: str) -> None:
    hand_in(here, "bob", f"# test_loss: {verdict}")
    assert grade("--fail-under", "100") == 3
    out, err = capsys.readouterr()
    assert "1 of 2 students: nets not graded; first reason, for bob: test_loss: see" in err
    assert "- not graded, through no fault of the student: nets" in out


def test_interruption_is_exit_130_and_keeps_results(here: Path, capsys: Capture) -> None:
    hand_in(here, "bob", "# interrupt")
    assert grade() == 130
    assert "interrupted" in capsys.readouterr().err
    assert (here / "results/hw3/alice.json").exists()


def test_names_and_messages_of_students_are_not_markup(here: Path, capsys: Capture) -> None:
    hand_in(here, "[red]eve[\x1b[2J", "# test_loss: error")
    write(here / "class/mallory", {"\x1b[31m[blink]": b""})
    assert grade() == 0
    out = capsys.readouterr().out
    assert "[red]eve[_[2J" in out
    assert "it holds \\x1b[31m[blink]" in out
    assert "\x1b" not in out


def fault(*_: object, **__: object) -> int:
    raise ZeroDivisionError("by\nzero")


def test_fault_of_the_program_is_one_line(here: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.intake.find", fault)
    assert "internal error: ZeroDivisionError: by; run with --debug" in fails(capsys, 3, "grade", "hw3", "class")


def test_debug_shows_where_an_error_came_from(here: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.intake.find", fault)
    assert cli.run(["--debug", "grade", "hw3", "class"]) == 3
    assert "Traceback" in capsys.readouterr().err
    assert cli.run(["--debug", "grade", "hw4x", "class"]) == 2
    assert "Traceback" in capsys.readouterr().err


def test_check_reports_every_problem(here: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    problems = [Problem(file=Path("a.py"), line=number, message="x") for number in (1, 2)]
    monkeypatch.setattr("autograder.check.check_course", lambda course: problems)
    assert cli.run(["check"]) == 2
    assert capsys.readouterr().err == "autograder: a.py:1: x\nautograder: a.py:2: x\n"


def test_check_says_when_there_is_nothing_to_report(
    here: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograder.check.check_course", lambda course: [])
    assert cli.run(["check"]) == 0
    assert capsys.readouterr().out == "course.yaml: no problems in hw3, hw4\n"


def test_release_says_what_it_wrote(here: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Path] = []
    monkeypatch.setattr("autograder.release.generate", lambda course, name, root: made.append(root) or [root])
    assert cli.run(["release", "hw3"]) == cli.run(["release", "hw3", "--output", "x"]) == 0
    assert capsys.readouterr().out == "wrote 1 file to release/hw3\nwrote 1 file to x/hw3\n"
    assert made == [Path("release"), Path("x")]


def test_release_that_is_not_current_is_a_mistake(here: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    different: list[str] = []
    monkeypatch.setattr("autograder.release.differences", lambda *_: different)
    assert cli.run(["release", "hw3", "--check"]) == 0
    assert capsys.readouterr().out == "release/hw3 is current\n"
    different.append("nndl/layers.py: changed")
    assert cli.run(["release", "hw3", "--check"]) == 2
    first, second = capsys.readouterr().err.splitlines()
    assert first == "autograder: release/hw3: nndl/layers.py: changed"
    assert "run: autograder release hw3" in second


@pytest.mark.parametrize(("ok", "code"), [(True, 0), (None, 0), (False, 2)])
def test_doctor_says_how_to_get_what_is_missing(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, ok: bool | None, code: int
) -> None:
    from autograder.doctor import Finding

    findings = [Finding(name="compiler", ok=ok, detail="none found", remedy="apt install gcc")]
    monkeypatch.setattr("autograder.doctor.examine", lambda: findings)
    assert cli.run(["doctor"]) == code
    out = capsys.readouterr().out
    assert "none found" in out
    assert "to get it: apt install gcc" in out


def test_error_of_the_grader_is_one_line_and_exit_3(
    here: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise AutograderError("the process that holds the hidden suite ended: no message")

    monkeypatch.setattr(FakeHost, "grade", broken)
    assert "hidden suite ended" in fails(capsys, 3, "grade", "hw3", "class")
    assert not (here / "results").exists()


def test_reader_that_goes_away_is_no_traceback() -> None:
    read, write_end = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "autograder", "--help"]
    done = subprocess.run(command, stdout=write_end, stderr=subprocess.PIPE, check=False)
    os.close(write_end)
    assert (done.returncode, done.stderr) == (130, b"")


BAR = """
import time
from autograder.report import Bar
from autograder.rows import row
from autograder.tests.test_results import make
bar = Bar()
bar.begin(["[red]eve", "[red]bob"], {})
bar.begun("[red]eve")
bar.finished("[red]eve", row(make("[red]eve")))
bar.begun("[red]bob")
bar._pace._started -= 60
bar._progress.refresh()
bar.close()
"""


def test_bar_is_drawn_on_a_terminal_without_taking_names_for_markup() -> None:
    ours, theirs = pty.openpty()
    done = subprocess.run([sys.executable, "-c", BAR], stdout=theirs, check=False, env={**os.environ, "TERM": "xterm"})
    os.close(theirs)
    drawn = os.read(ours, 100_000).decode()
    os.close(ours)
    assert done.returncode == 0
    assert "grading" in drawn
    assert "1/2" in drawn
    assert "running: [red]bob 1 s" in drawn
    assert "checks: 1 failed" in drawn
    assert "about 6" in drawn  # a minute
