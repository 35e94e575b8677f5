"""The trusted process that holds a suite: collects it once, then forks a process for each submission.

How it works
------------
Started as ``python -m autograder.suite.host``; messages come in on standard input, a `Setup` first, and go out on
standard output. It has one thread and never calls the submission's code, so a fork of it is a clean start for every
submission with everything imported and collected: nothing that grading one leaves behind reaches another, and
the grader's memory does not grow with the class. A child that dies or hangs takes one submission with it at most (see
`tasks`). The loop below waits for nobody: a command line that is slow to read or to write stops no child.
"""

from __future__ import annotations

import contextlib
import io
import os
import select
import signal
import sys
import tempfile
from collections import deque
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import msgspec
import pytest

from autograder.accuracy import sandboxed
from autograder.accuracy.fixtures import ACCURACY, Accuracy, data_of
from autograder.errors import AutograderError, UsageError
from autograder.sandbox import Sandbox, choose, likely, refuse_exposed
from autograder.suite import children, collecting, messages, proxies, seeds, tasks
from autograder.suite.children import Child
from autograder.suite.collected import Phases, Suite
from autograder.suite.grading import Grading, examine
from autograder.suite.plugin import SEED
from autograder.types import Check, Limits

CONFIGURATION = Path(__file__).with_name("grading.ini")
_TICK_S = 1.0  # how often to look for children that are late


class Host:
    """A pytest plugin whose test loop grades submissions until its input ends."""

    def __init__(self, setup: messages.Setup, level: str, source: BinaryIO, sink: int) -> None:
        self._setup, self._level = setup, level
        self._source, self._sink = source, sink
        self._outgoing = bytearray()
        self._spares: list[Sandbox] = []
        self._left: list[Sandbox] = []  # by submissions that are the course's own
        self._queue: deque[tasks.Task] = deque()
        self._grading: dict[Child, tasks.Task] = {}
        self._examining: dict[Child, str] = {}
        self._failures: dict[str, str] = {}  # of the reference, by name of check; an empty text where it passes
        self._unsettled: list[tuple[tasks.Task, messages.Graded]] = []
        self.phases, self.current = Phases(), proxies.Current()
        self.collection = collecting.Collection(Path(setup.tests), frozenset(setup.without))

    def warm(self, count: int) -> None:
        """Have sandboxes for the next `count` submissions; they load while the suite is collected, or others graded."""
        while self._level and len(self._spares) + len(self._left) < min(self._setup.jobs, count):
            self._spares.append(Sandbox(self._level, self._setup.limits))

    def pytest_configure(self, config: pytest.Config) -> None:
        """Record the seed where the suite's fixtures look for it."""
        setup = self._setup
        config.stash[SEED] = setup.seed
        config.stash[ACCURACY] = self._accuracy = Accuracy(
            root=Path(setup.root),
            solutions=Path(setup.solutions),
            seed=setup.seed,
            rules={rule.metric: rule for rule in setup.rules},
            current=self.current,
            extras=setup.extras,
            old_code=setup.old_code,
        )

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Serve instead of running the tests."""
        problems = self.collection.problems or self._prove_level()
        if problems:
            self._send(messages.Refused(problems))
            os.set_blocking(self._sink, True)
            self._flush()
            return True
        checks = collecting.checks_of(session.items)
        seeds.prepare(self._setup.seed, [check.name for check in checks], map(seeds.item_name, session.items))
        self._send(messages.Ready(self._level, list(checks), data_of(session.items, Path(self._setup.root))))
        collecting.preload(session.items)
        self._serve(self._suite(session, checks))
        return True

    def _prove_level(self) -> list[messages.Problem]:
        """Wait for a sandbox to be ready; where there will be none, take the best level that works, or say why not."""
        try:
            for sandbox in self._spares[:1]:
                sandbox.await_ready()
        except AutograderError:
            self._end_spares()
            try:
                self._level = choose(self._setup.isolation)
                refuse_exposed(self._level, map(Path, self._setup.private))
            except UsageError as error:
                return _refusal(error)
            self.warm(self._setup.jobs)
        return []

    def _suite(self, session: pytest.Session, checks: tuple[Check, ...]) -> Suite:
        setup = self._setup
        return Suite(
            items=tuple(session.items),
            checks=checks,
            phases=self.phases,
            current=self.current,
            tests=Path(setup.tests),
            level=self._level,
            limits=setup.limits,
            seed=setup.seed,
            lend=setup.lend,
            carried=tuple(setup.carried),
            support=collecting.read_files(setup.solutions, setup.support) | sandboxed.files(),
            reference=collecting.read_files(setup.solutions, setup.reference),
            package=setup.package,
            given=collecting.read_files(setup.release, setup.given),
            dialects=tuple(setup.dialects),
            old_code=setup.old_code,
        )

    # -- the loop ------------------------------------------------------------------------------

    def _serve(self, suite: Suite) -> None:
        more = True
        while more or self._queue or self._children() or self._outgoing:
            while self._queue and len(self._grading) < self._setup.jobs:
                self._grade(suite, self._queue.popleft())
            streams = {child.stream: child for child in self._children()}
            incoming = [*streams, *([self._source.fileno()] if more else [])]
            readable, writable, _ = select.select(incoming, [self._sink] if self._outgoing else [], [], _TICK_S)
            for stream in readable:
                if stream == self._source.fileno():
                    more = self._take()
                elif not streams[stream].hear():
                    self._ended(suite, streams[stream])
            if writable:
                self._flush()
            for child in self._children():
                child.stop_if_late()

    def _children(self) -> list[Child]:
        return [*self._grading, *self._examining]

    def _take(self) -> bool:
        """Queue the next submission; return False when there will be none."""
        job = messages.read(self._source)
        if isinstance(job, messages.Job):
            self._queue.append(tasks.Task(job.number, job.files, job.extras, job.plan))
            self.warm(len(self._queue))
            return True
        return False

    def _send(self, message: messages.Message) -> None:
        self._outgoing += messages.packed(message)
        self._flush()

    def _flush(self) -> None:
        with contextlib.suppress(BlockingIOError):
            del self._outgoing[: os.write(self._sink, self._outgoing)]

    # -- children ------------------------------------------------------------------------------

    def _grade(self, suite: Suite, task: tasks.Task) -> None:
        ready = self._left if task.plan.trusted and self._left else self._spares
        sandbox = ready.pop() if ready else None

        def work(sink: BinaryIO) -> None:
            self._accuracy.extras = task.extras
            with Grading(suite, task.files, sandbox, task.given, task.plan) as grading:
                graded = grading.run(lambda done: messages.write(sink, done))
                left = task.plan.trusted and sandbox is not None and grading.leave(sandbox)
                messages.write(sink, msgspec.structs.replace(graded, left=left))

        self._grading[children.start(work, _patient(suite), sandbox, lent=task.plan.trusted)] = task
        self._send(messages.Begun(task.number))
        self.warm(len(self._queue))

    def _examine(self, suite: Suite, name: str) -> None:
        def work(sink: BinaryIO) -> None:
            messages.write(sink, messages.Examined(examine(suite, name)))

        self._examining[children.start(work, _patient(suite))] = name

    def _ended(self, suite: Suite, child: Child) -> None:
        said = list(messages.every(bytes(child.said)))
        last = said[-1] if said else None
        left = isinstance(last, messages.Graded) and last.left
        child.end(leave=left)
        if left and child.sandbox is not None:
            child.sandbox.was_left()
            self._left.append(child.sandbox)
        if child in self._examining:
            ended = "the process ended early"
            self._failures[self._examining.pop(child)] = last.failure if isinstance(last, messages.Examined) else ended
        else:
            task = self._grading.pop(child)
            checks = suite.checks
            graded = task.conclude(checks, self._level, said, late=child.late, overran=child.overran)
            if graded is None:
                self._queue.appendleft(task)
            else:
                self._unsettled.append((task, graded))
        self._settle(suite)

    def _settle(self, suite: Suite) -> None:
        """Send what is certain; have the reference solution tried on checks that it is needed for."""
        waiting = []
        for task, graded in self._unsettled:
            unknown = [name for name in graded.doubtful if name not in self._failures]
            for name in unknown:
                if name not in self._examining.values():
                    self._examine(suite, name)
            if unknown:
                waiting.append((task, graded))
            else:
                self._send(messages.Done(task.number, tasks.settled(graded, self._failures)))
        self._unsettled = waiting

    def close(self) -> None:
        """End everything that was started."""
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # this is what it would ask for
        for child in self._children():
            child.end()
        for sandbox in self._left:
            sandbox.kill()
        self._end_spares()
        children.end_all()

    def _end_spares(self) -> None:
        while self._spares:
            self._spares.pop().kill()


def _refusal(error: UsageError) -> list[messages.Problem]:
    return [("", None, line) for line in error.lines()]


def _patient(suite: Suite) -> Limits:
    """Return the limits by which a child is waited for: a check that trains has its budget."""
    longest_s = max((check.budget_s for check in suite.checks), default=0.0)
    return replace(suite.limits, check_time_s=max(suite.limits.check_time_s, longest_s))


def _own_streams() -> tuple[BinaryIO, int]:
    """Return the message streams, and turn what a suite prints to standard error."""
    source, sink = os.fdopen(os.dup(0), "rb", buffering=0), os.dup(1)
    os.set_blocking(sink, False)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2, 1)
    return io.BufferedReader(source, 1), sink


def _stop(*_: object) -> None:
    raise SystemExit(128 + signal.SIGTERM)


def main() -> int:
    """Run the host for the process in its arguments, which it does not outlive, with a folder for temporary files."""
    source, sink = _own_streams()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the command line ends this process
    signal.signal(signal.SIGTERM, _stop)
    children.die_with(int(sys.argv[1]), signal.SIGTERM)
    children.adopt_orphans()
    setup = messages.read(source)
    if not isinstance(setup, messages.Setup):
        return UsageError.exit_code
    tempfile.tempdir = sys.argv[2]
    return _run(setup, source, sink)


def _run(setup: messages.Setup, source: BinaryIO, sink: int) -> int:
    try:
        level = likely(setup.isolation) if setup.isolation else ""
        refuse_exposed(level, map(Path, setup.private))
        host = Host(setup, level, source, sink)
        with contextlib.closing(host):
            host.warm(setup.jobs)
            proxies.install([setup.package, "utils"], Path(setup.solutions), host.current)
            plugins = [host, host.phases, host.collection]
            arguments = ["-c", str(CONFIGURATION), "--rootdir", setup.root, "--confcutdir", setup.root, setup.tests]
            pytest.main(arguments, plugins=plugins)
    except UsageError as error:
        os.write(sink, messages.packed(messages.Refused(_refusal(error))))
    except AutograderError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    try:
        status = main()
    except SystemExit as stopped:  # by `_stop`
        status = int(stopped.code or 0)
    sys.stderr.flush()
    os._exit(status)  # everything has been ended; taking down all modules would only take time
