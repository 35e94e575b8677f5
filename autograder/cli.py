"""The command line: reads arguments, calls what does the work, and is the only place that prints errors and exits.

Imports are made by the commands that need them, so that help is quick and a suite's process starts early.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from autograder import report_commands
from autograder.data_commands import data
from autograder.errors import AutograderError, UsageError
from autograder.session import Session
from autograder.text import printable

if TYPE_CHECKING:
    from autograder.errors import Problem
    from autograder.grade import Graded, Order
    from autograder.intake import Found
    from autograder.report import Bar, Lines, Silent
    from autograder.results import Result
    from autograder.types import Limits

DONE, BELOW, MISTAKE, FAULT, INTERRUPTED = 0, 1, 2, 3, 130

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
Assignment = Annotated[str, typer.Argument(help="Name of the assignment in course.yaml, such as hw3.")]


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit with its code."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


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
        return _say("interrupted; what was finished is kept", INTERRUPTED) if code == INTERRUPTED else code or DONE
    except (AutograderError, typer.TyperException) as error:
        return _explain(error, session)
    except (KeyboardInterrupt, typer.Abort):
        return _say("interrupted; what was finished is kept", INTERRUPTED)
    except (BrokenPipeError, SystemExit):  # Typer turns the one into the other
        _hush()
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 -- the last resort: one line, and the trace for whoever asks
        if session.debug:
            traceback.print_exc()
        what = f"{type(error).__name__}: {error}".splitlines()[0]
        return _say(f"internal error: {what}; run with --debug and report what it prints", FAULT)


def _explain(error: AutograderError | typer.TyperException, session: Session) -> int:
    if session.debug:
        traceback.print_exc()
    if isinstance(error, AutograderError):
        return _say("\n".join(error.lines()), error.exit_code)
    return _say(f"{error.format_message()} See autograder --help.", MISTAKE)


def _say(lines: str, code: int) -> int:
    for line in printable(lines).splitlines():
        print(f"autograder: {line}", file=sys.stderr)
    return code


def _warn(message: str) -> None:
    print(f"autograder: warning: {printable(message)}", file=sys.stderr)


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


@app.command()
def grade(
    context: typer.Context,
    assignment: Assignment,
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help="Folders, zips, notebooks, or folders of these.")
    ],
    output: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where to write DIR/ASSIGNMENT. Default: the course's results.")
    ] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Submissions at a time. Default: one for each core.")] = None,
    isolation: Annotated[str, typer.Option(metavar="LEVEL", help="auto, bwrap, landlock, account or none.")] = "auto",
    timeout: Annotated[
        float | None, typer.Option(min=0.1, metavar="SECONDS", help="For a submission. Default: in course.yaml.")
    ] = None,
    fail_under: Annotated[
        float | None, typer.Option(min=0, max=100, metavar="PERCENT", help="Exit 1 if anyone has less, automatically.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, max=(1 << 48) - 1, help="Of an earlier result, to replay it exactly.")
    ] = None,
    roster: Annotated[
        Path | None, typer.Option(metavar="FILE", help="CSV of the students: who a hand-in is of.")
    ] = None,
    attempt: Annotated[
        str, typer.Option(metavar="WHICH", help="Of several: latest, best, or the latest until a TIME.")
    ] = "latest",
    extensions: Annotated[
        Path | None, typer.Option(metavar="FILE", help="CSV of who has more time: student, due or days.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show who was recognised how, and how late it is.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Grade, show whose score changes and why, and write nothing.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print all results as one JSON document instead.")] = False,
) -> int:
    """Grade submissions and write a result for each."""
    if dry_run + diff + json > 1:
        raise UsageError("--dry-run, --diff and --json each print something else: give one of them")
    from autograder.suite.launching import HostProcess

    session: Session = context.obj
    with HostProcess() as process:  # it loads while this process finds out what to grade
        from autograder import report
        from autograder.extensions import Extensions, read_extensions
        from autograder.grade import Order
        from autograder.intake import Choice, find, read_roster

        course = session.course()
        known = course.assignment(assignment)
        enrolled = read_roster(roster) if roster else None
        found = find(paths, known, course.assignments, course.dialects, enrolled, Choice.parse(attempt))
        more_time = Extensions(by_student={})
        if extensions:
            more_time = read_extensions(extensions, assignment, course.assignments, enrolled)
        order = Order(
            course=course,
            assignment=known,
            output=output or course.root / "results",
            jobs=jobs or len(os.sched_getaffinity(0)),
            isolation=isolation,
            limits=_limits(course.limits, timeout),
            extensions=more_time,
            process=process,
            seed=seed,
        )
        for student in more_time.unused(found.hand_ins):
            _warn(f"{extensions}: {student} has an extension, and no hand-in here")
        if dry_run:
            report.show_found(order, found)
            return DONE
        if diff:
            return _diff(order, found)
        graded = _grade(order, found, quiet=json)
        if json:
            report.print_json(graded.folder, graded.results)
        else:
            report.show_class(graded.folder, graded.results, graded.remarks)
        return _code(graded.results, fail_under)


def _limits(limits: Limits, timeout_s: float | None) -> Limits:
    """Return the limits with another time for a submission; a check's share of a shorter one stays the same."""
    if timeout_s is None:
        return limits
    share = min(1.0, timeout_s / limits.time_s)
    return replace(limits, time_s=timeout_s, check_time_s=limits.check_time_s * share)


def _grade(order: Order, found: Found, *, quiet: bool) -> Graded:
    from autograder import grade, report

    progress: Bar | Lines | Silent = report.Silent()
    if not quiet:
        progress = report.Bar() if sys.stdout.isatty() else report.Lines()
        for note in found.notes:
            print(note, flush=True)
    if order.isolation == "none":
        _warn("--isolation none: students' code can read and change whatever you can; use it for code you trust")
    try:
        graded = grade.grade(order, found.hand_ins, progress)
    finally:
        progress.close()
    for warning in graded.warnings:
        _warn(warning)
    return graded


def _diff(order: Order, found: Found) -> int:
    """Grade into a folder that is removed again, and print what that would change."""
    from tempfile import TemporaryDirectory

    from autograder.changes import changes, earlier_results

    before = earlier_results(order.output / order.assignment.name)
    with TemporaryDirectory(prefix=".diff-", dir=order.output) as folder:
        graded = _grade(replace(order, output=Path(folder)), found, quiet=False)
    lines = list(changes(before, graded.results))
    print(
        "\n".join([*map(printable, lines), f"{len(graded.results)} graded, nothing written; without --diff it will be"])
    )
    return _code(graded.results, None)


def _code(results: Sequence[Result], fail_under: float | None) -> int:
    """Return the exit code for a graded class; say on standard error why it is not 0."""
    ungraded = [result for result in results if result.ungraded]
    if ungraded:
        return _say(f"{len(ungraded)} of {len(results)} students: {_reason(ungraded[0])}", FAULT)
    if fail_under is not None:
        below = [r.student for r in results if r.automatic[0] * 100 < fail_under * r.automatic[1]]
        if below:
            return _say(f"{len(below)} of {len(results)} students are below {fail_under:g}%", BELOW)
    return DONE


def _reason(result: Result) -> str:
    """Return which questions of a result are not graded, and the first reason that it gives."""
    checks = (check for question in result.questions for check in question.checks)
    reasons = [f"{check.name}: {check.message}" for check in checks if not check.verdict.graded]
    reasons += [warning.message for warning in result.warnings]
    return f"{', '.join(result.ungraded)} not graded; first reason, for {result.student}: {reasons[0]}"


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
        found = verify(course, assignment, jobs=jobs, isolation=isolation, tell=counter, full=full, mutated=only)
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
