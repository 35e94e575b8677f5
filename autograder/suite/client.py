"""The command line's end of a suite's process: starts it, hands it submissions, takes outcomes."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from autograder.course import Course
from autograder.errors import AutograderError, CourseError, Problem, UsageError
from autograder.suite import messages
from autograder.suite.conditions import complete, conditions
from autograder.suite.launching import HostProcess
from autograder.suite.setting_up import seed_of, setup_of
from autograder.types import Check, Limits, Outcome, Submission

_AHEAD = 2  # submissions sent beyond those being graded, so that the host never waits for the next one


class SuiteProcess:
    """A suite in a process that has been told what to grade. A context manager that ends it.

    `needs` are the libraries that submissions need beside NumPy.
    """

    def __init__(self, setup: messages.Setup, needs: Iterable[str], process: HostProcess) -> None:
        self._setup, self._needs, self._host = setup, tuple(needs), process
        self._ready: messages.Ready | None = None
        with contextlib.ExitStack() as undo:
            undo.callback(self._host.end)
            self._send(self._setup)
            undo.pop_all()

    @property
    def seed(self) -> int:
        """What the checks' random numbers start from."""
        return self._setup.seed

    @property
    def checks(self) -> tuple[Check, ...]:
        """The checks of the suite; waits until it has been collected."""
        return tuple(self.ready().checks)

    @property
    def isolation(self) -> str:
        """The level of isolation that is used."""
        return self.ready().isolation

    @functools.cached_property
    def conditions(self) -> str:
        """The digest of all that decides what the suite finds in a submission; waits as `checks` does."""
        known = conditions(self._setup, self._needs)  # while that process loads
        return complete(known, self.ready())

    def grade(
        self, submissions: Iterable[Submission], begun: Callable[[str], None] = lambda _: None
    ) -> Iterator[tuple[Submission, Outcome]]:
        """Yield each submission with what the suite found, in the order in which they are done.

        Submissions are taken from the iterable only as they are needed. `begun` hears whose is being graded now.
        """
        self.ready()
        waiting, numbered = dict[int, Submission](), enumerate(submissions)
        while True:
            while len(waiting) < self._setup.jobs + _AHEAD and (following := next(numbered, None)) is not None:
                number, submission = following
                waiting[number] = submission
                self._send(job_of(number, submission))
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

    def ready(self) -> messages.Ready:
        """Wait until the suite has been collected and a sandbox works, and return what the process says of that."""
        if self._ready is None:
            message = self._receive()
            if isinstance(message, messages.Refused):
                raise refusal(message)
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


class SuiteHost(SuiteProcess):
    """The suite of an assignment, ready to grade, in its process or, where it has none yet, a new one."""

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
        known = course.assignment(assignment)
        setup = setup_of(
            course,
            known,
            seed=seed_of(course, known) if seed is None else seed,
            jobs=jobs,
            isolation=isolation,
            limits=limits or course.limits,
            private=private,
            without=without,
        )
        super().__init__(setup, known.needs, process or HostProcess())


def job_of(number: int, submission: Submission) -> messages.Job:
    """Return a submission as a suite's process is sent it."""
    files, extras = dict(submission.files), dict(submission.extras)
    return messages.Job(number, files, extras, submission.plan)


def collect(course: Course, assignment: str) -> list[Check]:
    """Return the checks of an assignment's suite.

    Raises
    ------
    CourseError
        When a file of the suite cannot be imported.
    """
    with SuiteHost(course, assignment, jobs=0, isolation="") as host:
        return list(host.checks)


def refusal(message: messages.Refused) -> AutograderError:
    """Return the error that a suite's process gave as its reason."""
    if any(not file for file, _, _ in message.problems):
        return UsageError("\n".join(words for _, _, words in message.problems))
    return CourseError(Problem(file=Path(file), line=line, message=words) for file, line, words in message.problems)
