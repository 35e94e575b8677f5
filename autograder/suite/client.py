"""The command line's end of a suite's process: starts it, hands it submissions, takes outcomes."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from autograder.accuracy.rules import of_the_reference, rules_of
from autograder.course import Assignment, Course
from autograder.errors import AutograderError, CourseError, Problem, UsageError
from autograder.suite import messages, seeds
from autograder.suite.conditions import complete, conditions
from autograder.suite.launching import HostProcess
from autograder.types import Check, Limits, Outcome, Submission

_AHEAD = 2  # submissions sent beyond those being graded, so that the host never waits for the next one


class SuiteHost:
    """A suite ready to grade, in its process or, where it has none yet, a new one. A context manager that ends it."""

    def __init__(
        self,
        course: Course,
        assignment: str,
        *,
        jobs: int = 1,
        isolation: str = "auto",
        limits: Limits | None = None,
        process: HostProcess | None = None,
        seed: int | None = None,
        private: Iterable[Path] = (),
        without: Iterable[str] = (),
    ) -> None:
        self._jobs = jobs
        tests = course.tests(course.assignment(assignment).name)
        self.suite_sha256 = seeds.suite_sha256(tests)
        own_seed = seeds.suite_seed(course.name, course.term, assignment, self.suite_sha256)
        self.seed = own_seed if seed is None else seed
        self._host = process or HostProcess()
        self._ready: messages.Ready | None = None
        self._needs = course.assignment(assignment).needs
        self._setup = setup_of(
            course,
            course.assignment(assignment),
            seed=self.seed,
            jobs=jobs,
            isolation=isolation,
            limits=limits or course.limits,
            private=[tests, course.solutions, *private],
            without=without,
        )
        with contextlib.ExitStack() as undo:
            undo.callback(self._host.end)
            self._send(self._setup)
            undo.pop_all()

    @property
    def checks(self) -> tuple[Check, ...]:
        """The checks of the suite; waits until it has been collected."""
        return tuple(self._await_ready().checks)

    @property
    def isolation(self) -> str:
        """The level of isolation that is used."""
        return self._await_ready().isolation

    @functools.cached_property
    def conditions(self) -> str:
        """The digest of all that decides what the suite finds in a submission; waits as `checks` does."""
        known = conditions(self._setup, self._needs)  # while that process loads
        return complete(known, self._await_ready())

    def grade(
        self, submissions: Iterable[Submission], begun: Callable[[str], None] = lambda _: None
    ) -> Iterator[tuple[Submission, Outcome]]:
        """Yield each submission with what the suite found, in the order in which they are done.

        Submissions are taken from the iterable only as they are needed. `begun` hears whose is being graded now.
        """
        self._await_ready()
        waiting, numbered = dict[int, Submission](), enumerate(submissions)
        while True:
            while len(waiting) < self._jobs + _AHEAD and (following := next(numbered, None)) is not None:
                number, submission = following
                waiting[number] = submission
                self._send(_job(number, submission))
            if not waiting:
                return
            message = self._receive()
            if isinstance(message, messages.Begun) and message.number in waiting:
                begun(waiting[message.number].student)
                continue
            if not isinstance(message, messages.Done) or message.number not in waiting:
                raise self._died()
            yield waiting.pop(message.number), message.outcome

    def let_go(self) -> None:
        """Say that nothing more is to be graded; the process ends while other things are done."""
        self._host.ask_to_end()

    def log(self) -> str:
        """Return what the suite's process has printed."""
        return self._host.log()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process, and whatever it has started."""
        self._host.end()

    def _await_ready(self) -> messages.Ready:
        if self._ready is None:
            message = self._receive()
            if isinstance(message, messages.Refused):
                raise _refusal(message)
            if not isinstance(message, messages.Ready):
                raise self._died()
            self._ready = message
        return self._ready

    def _send(self, message: messages.Message) -> None:
        if self._host.source is None:
            raise self._died()
        try:
            messages.write(self._host.source, message)  # type: ignore[arg-type]
        except BrokenPipeError:
            raise self._died() from None

    def _receive(self) -> messages.Message | None:
        return None if self._host.sink is None else messages.read(self._host.sink)  # type: ignore[arg-type]

    def _died(self) -> AutograderError:
        words = (self.log().strip().splitlines() or ["no message"])[-1]
        return AutograderError(f"the process that holds the hidden suite ended: {words}")


def _job(number: int, submission: Submission) -> messages.Job:
    files, extras = dict(submission.files), dict(submission.extras)
    return messages.Job(number, files, extras, submission.questions, submission.plan)


def collect(course: Course, assignment: str) -> list[Check]:
    """Return the checks of an assignment's suite.

    Raises
    ------
    CourseError
        When a file of the suite cannot be imported.
    """
    with SuiteHost(course, assignment, jobs=0, isolation="") as host:
        return list(host.checks)


def setup_of(
    course: Course,
    assignment: Assignment,
    *,
    seed: int,
    jobs: int,
    isolation: str,
    limits: Limits,
    private: Iterable[Path],
    without: Iterable[str],
) -> messages.Setup:
    """Return what a suite's process has to know to grade an assignment."""
    return messages.Setup(
        root=str(course.root.resolve()),
        solutions=str(course.solutions.resolve()),
        tests=str(course.tests(assignment.name).resolve()),
        assignment=assignment.name,
        package=assignment.package,
        seed=seed,
        jobs=jobs,
        isolation=isolation,
        limits=limits,
        private=[str(path.absolute()) for path in private],
        lend=assignment.cascade == "substitute",
        reference=_python_files(course.solutions, assignment.package),
        support=_python_files(course.solutions, "utils"),
        given=[
            file
            for file in _python_files(course.release(assignment.name), assignment.package)
            if not any(hole.startswith(_module(file) + ".") for hole in (*assignment.holes, *assignment.carried))
        ],
        release=str(course.release(assignment.name).resolve()),
        dialects=list(course.dialects),
        old_code=course.old_code == "run",
        rules=rules_of(assignment),
        extras=of_the_reference(course, assignment),
        without=list(without),
    )


def _python_files(folder: Path, package: str) -> list[str]:
    return sorted(file.relative_to(folder).as_posix() for file in (folder / package).rglob("*.py"))


def _module(file: str) -> str:
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _refusal(message: messages.Refused) -> AutograderError:
    if any(not file for file, _, _ in message.problems):
        return UsageError("\n".join(words for _, _, words in message.problems))
    return CourseError(Problem(file=Path(file), line=line, message=words) for file, line, words in message.problems)
