"""The command line: reads arguments, calls what does the work, and is the only place that prints errors and exits.

Imports are made by the commands that need them, so that help is quick and a suite's process starts early.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from autograder import grade_command, report_commands
from autograder.console import BELOW, DONE, FAULT, INTERRUPTED, MISTAKE, Assignment, say
from autograder.data_commands import data
from autograder.errors import AutograderError, UsageError
from autograder.gradebook_commands import gradebook
from autograder.package_commands import package
from autograder.session import Session
from autograder.suite import launching

if TYPE_CHECKING:
    from autograder.errors import Problem

app = typer.Typer(
    name="autograder",
    help="Grade assignments in which students write neural networks in NumPy. Run it in the course's folder.",
    epilog="Exit codes: 0 done, 1 --fail-under not met, 2 a mistake of yours or the course's, "
    "3 the grader's own fault, 130 interrupted.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help: rich would double the time it takes
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.add_typer(data, name="data")
app.add_typer(gradebook, name="gradebook")
app.add_typer(package, name="package")


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit with its code; taking down all modules would only take time."""
    try:
        code = run(sys.argv[1:] if arguments is None else arguments)
    finally:
        launching.end_ahead()
    for stream in (sys.stdout, sys.stderr):
        with suppress(BrokenPipeError):
            stream.flush()
    os._exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code; whatever goes wrong is a line on standard error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal may not know a student's alphabet
    session = Session()
    try:
        code = app(list(arguments) or ["--help"], prog_name="autograder", standalone_mode=False, obj=session)
        sys.stdout.flush()
        # Typer turns Ctrl-C into this code by itself.
        return say("interrupted; what was finished is kept", INTERRUPTED) if code == INTERRUPTED else code or DONE
    except (AutograderError, typer.TyperException) as error:
        return _explain(error, session)
    except (KeyboardInterrupt, typer.Abort):
        return say("interrupted; what was finished is kept", INTERRUPTED)
    except (BrokenPipeError, SystemExit):  # Typer turns the one into the other
        _hush()
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 -- the last resort: one line, and the trace for whoever asks
        if session.debug:
            traceback.print_exc()
        what = f"{type(error).__name__}: {error}".splitlines()[0]
        return say(f"internal error: {what}; run with --debug and report what it prints", FAULT)


def _explain(error: AutograderError | typer.TyperException, session: Session) -> int:
    if session.debug:
        traceback.print_exc()
    if isinstance(error, AutograderError):
        return say("\n".join(error.lines()), error.exit_code)
    return say(f"{error.format_message()} See autograder --help.", MISTAKE)


def _hush() -> None:
    """Let nothing more be written to a reader that has gone, not even when Python ends."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)


def _version(wanted: bool) -> None:
    if wanted:
        from autograder import __version__

        print(f"autograder {__version__}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    course: Annotated[Path, typer.Option(metavar="DIR", help="The course's folder, with course.yaml.")] = Path(),
    debug: Annotated[bool, typer.Option("--debug", help="Show where in the program an error came from.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Take note of what holds for every command."""
    session: Session = context.obj
    session.folder, session.debug = course, debug


@app.command()
def check(context: typer.Context) -> int:
    """Hold course.yaml, notebooks, suites and solutions against each other."""
    from autograder.check import check_course
    from autograder.errors import CourseError

    session: Session = context.obj
    course = session.course()
    problems: list[Problem] = check_course(course)
    if problems:
        raise CourseError(problems)
    print(f"{course.file}: no problems in {', '.join(course.assignments)}")
    return DONE


@app.command()
def release(
    context: typer.Context,
    assignment: Assignment,
    output: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where to write DIR/ASSIGNMENT. Default: the course's release.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail if what is there is not current.")
    ] = False,
) -> int:
    """Generate what students are given, and prove that no solution is left in it."""
    from autograder.release import differences, generate

    session: Session = context.obj
    course = session.course()
    name = course.assignment(assignment).name
    root = output or course.release(name).parent
    if check:
        if different := differences(course, name, root):
            remedy = f"run: autograder release {name}"
            raise UsageError("\n".join(f"{root / name}: {line}" for line in [*different, remedy]))
        print(f"{root / name} is current")
        return DONE
    written = generate(course, name, root)
    print(f"wrote {len(written)} file{'s' * (len(written) != 1)} to {root / name}")
    return DONE


app.command()(grade_command.grade)
app.command()(report_commands.report)


@app.command()
def verify(
    context: typer.Context,
    assignment: Assignment,
    threshold: Annotated[
        float, typer.Option(min=0, max=100, metavar="PERCENT", help="Exit 1 if fewer of the mutants are killed.")
    ] = 100.0,
    full: Annotated[
        bool, typer.Option("--full", help="Run every check on each mutant, and not only until one fails.")
    ] = False,
    only: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="Mutants of the functions that begin so alone, such as nndl.layers; none: -."
        ),
    ] = None,
    seeds: Annotated[
        int, typer.Option(min=0, metavar="N", help="Try right solutions with N other seeds, too: none may lose points.")
    ] = 0,
    jobs: Annotated[int | None, typer.Option(min=1, help="Variants at a time. Default: one for each core.")] = None,
    isolation: Annotated[str, typer.Option(metavar="LEVEL", help="auto, bwrap, landlock or none.")] = "auto",
    json: Annotated[bool, typer.Option("--json", help="Print everything as one JSON document instead.")] = False,
) -> int:
    """Test a hidden suite: on the reference, on other right solutions, and on wrong ones."""
    from autograder import report
    from autograder.verify import verify

    session: Session = context.obj
    jobs = jobs or len(os.sched_getaffinity(0))
    with report.Counter("verifying", quiet=json) as counter:
        course = session.course()
        found = verify(
            course, assignment, jobs=jobs, isolation=isolation, tell=counter, full=full, mutated=only, seeds=seeds
        )
    show = report.print_verification if json else report.show_verification
    show(found)
    if found.problems:
        return MISTAKE
    return BELOW if found.score * 100 < threshold else DONE


@app.command()
def doctor(context: typer.Context) -> int:
    """Say what this machine offers to the autograder, and how to get what is missing."""
    from autograder import report
    from autograder.doctor import examine

    findings = examine()
    report.show_findings(findings)
    return MISTAKE if any(finding.ok is False for finding in findings) else DONE
