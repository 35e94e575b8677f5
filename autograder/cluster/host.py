"""A suite on a Dask cluster, for the command: the same as `autograder.suite.client.SuiteHost`, with workers elsewhere.

How it works
------------
The bundle and each submission go straight to a worker, under the digest of their content; the scheduler sees their
names and sizes, and who is busy. What comes back is a result of the same form as from a process here, under conditions
that have to be those of this machine: another version of anything is an error, and not another result. A task that a
worker takes along when it ends is given to another one by Dask; what is lost with it, blobs or results, is sent
again. If the scheduler goes away, tasks are sent again once it is back; if it does not come back soon, the run ends,
and what was finished is kept.
"""

from __future__ import annotations

import functools
import logging
import math
import queue
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import msgspec

from autograder.cluster import blobs
from autograder.cluster.blobs import Reply
from autograder.course import Course
from autograder.errors import AutograderError, UsageError
from autograder.suite import messages
from autograder.suite.client import refusal
from autograder.suite.conditions import complete, conditions, facts
from autograder.suite.setting_up import seed_of, setup_of
from autograder.text import one_line
from autograder.types import Check, Limits, Outcome, Submission

if TYPE_CHECKING:
    from distributed import Client, Future

_ANSWER_S = 15.0  # for the scheduler, when it is first spoken to
_GONE_S = 60.0  # without a scheduler, after which the run ends
_FORGET_S = 5.0  # for workers to forget a suite
_SILENT_S = 60.0  # so long a worker that did not answer is asked last
_LOOK_S = 2.0  # between two looks at how many workers there are
_AHEAD = 2  # submissions sent for each that can be graded at a time
_ATTEMPTS = 4


@dataclass
class _Work:
    """A submission on its way, with what is needed to send it again."""

    submission: Submission
    number: int
    attempts: int = 0
    futures: list[Any] = field(default_factory=list)  # of the blob and of the task


class ClusterHost:
    """The suite of an assignment on a cluster. A context manager that lets go of it."""

    def __init__(
        self,
        course: Course,
        assignment: str,
        *,
        scheduler: str,
        isolation: str = "auto",
        limits: Limits | None = None,
        seed: int | None = None,
    ) -> None:
        known = course.assignment(assignment)
        self._setup = setup_of(
            course,
            known,
            seed=seed_of(course, known) if seed is None else seed,
            jobs=0,
            isolation=isolation,
            limits=limits or course.limits,
            private=(),
            without=(),
        )
        self.seed = self._setup.seed
        self._bundle = blobs.bundle_of(self._setup, tuple(known.needs))
        self._name = blobs.digest(self._bundle)
        self._known = conditions(self._setup, known.needs)
        self._scheduler = scheduler
        self._run = secrets.token_hex(6)
        self._events: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        self._waiting: dict[int, _Work] = {}
        self._here: Any = None  # the future of the bundle
        self._silent: dict[str, float] = {}  # workers that did not answer, and when
        self._turn = 0
        self._threads, self._looked, self._seen = 0, 0.0, time.monotonic()
        self._client = _client(scheduler)

    # -- what is graded, and how ---------------------------------------------------------------

    @functools.cached_property
    def _ready(self) -> messages.Ready:
        """What the first worker that has the suite ready says; waits for a worker."""
        for attempt in range(_ATTEMPTS):
            self._await_workers()
            reply = self._reply(self._submit("ready", f"ready-{attempt}", self._suite()))
            if reply is not None and reply.ready is not None:
                self._compare(reply, complete(self._known, reply.ready))
                return reply.ready
            self._here = None
        raise AutograderError(f"no worker of {self._scheduler} has the suite ready: see the workers' logs")

    @property
    def checks(self) -> tuple[Check, ...]:
        """The checks of the suite."""
        return tuple(self._ready.checks)

    @property
    def isolation(self) -> str:
        """The level of isolation on the workers."""
        return self._ready.isolation

    @property
    def conditions(self) -> str:
        """The digest of all that decides what the suite finds in a submission."""
        return complete(self._known, self._ready)

    def grade(
        self, submissions: Iterable[Submission], begun: Callable[[str], None] = lambda _: None
    ) -> Iterator[tuple[Submission, Outcome]]:
        """Yield each submission with what the suite found, in the order in which they are done.

        Submissions are taken from the iterable only as they are needed; one that is lost again and again is not
        given back. `begun` hears whose is being graded now.
        """
        self._client.subscribe_topic(self._run, lambda event: self._events.put(("begun", event[1])))
        numbered = enumerate(submissions)
        while True:
            while len(self._waiting) < self._room() and (following := next(numbered, None)) is not None:
                number, submission = following
                self._send(_Work(submission, number))
            if not self._waiting:
                return
            with suppress(queue.Empty):
                event, what = self._events.get(timeout=1.0)
                if event == "begun" and (work := self._waiting.get(int(what))):
                    begun(work.submission.student)
                elif event == "done":
                    yield from self._done(*what)
            self._watch()

    # -- tasks ---------------------------------------------------------------------------------

    def _send(self, work: _Work) -> None:
        """Have a submission graded, for the first time or again."""
        work.attempts += 1
        self._waiting[work.number] = work
        blob = msgspec.msgpack.encode(_nameless(work))
        name = f"autograder-work-{blobs.digest(blob)}"
        sent = self._put(name, blob)
        task = self._submit("grade", f"{work.number}-{work.attempts}", self._suite(), sent, self._run)
        work.futures = [sent, task]
        task.add_done_callback(lambda future: self._events.put(("done", (work.number, future))))

    def _done(self, number: int, task: Future) -> Iterator[tuple[Submission, Outcome]]:
        """Yield a submission with its outcome, if that has arrived; else send it again, or give it up."""
        work = self._waiting.get(number)
        if work is None or task is not work.futures[-1]:
            return
        reply = self._reply(task)
        if reply is not None and reply.outcome is not None:
            del self._waiting[number]
            self._compare(reply, self.conditions)
            yield work.submission, reply.outcome
        elif work.attempts < _ATTEMPTS:
            self._here = None  # it may have been lost with its worker
            self._send(work)
        elif reply is not None and reply.fault:
            raise AutograderError(f"worker {one_line(reply.host)}: {one_line(reply.fault)}")
        else:
            del self._waiting[number]

    def _reply(self, task: Future) -> Reply | None:
        """Return what a task gave; None if it was lost. Raises what a worker refuses."""
        try:
            data = task.result()
            reply = msgspec.msgpack.decode(data, type=Reply) if isinstance(data, bytes) else None
        except Exception:  # noqa: BLE001 (whatever Dask says of a task that is gone: it is sent again)
            return None
        finally:
            task.release()
        if reply is not None and reply.refused:
            raise refusal(messages.Refused(reply.refused))
        return reply

    def _compare(self, reply: Reply, expected: str) -> None:
        """Raise UsageError where a worker grades under other conditions than this machine would."""
        if reply.conditions != expected:
            here = facts(self._ready if reply.ready is None else reply.ready)
            other = [name for name, value in here.items() if reply.facts.get(name) != value]
            words = [f"{name} {reply.facts.get(name)} there, {here[name]} here" for name in other]
            said = one_line("; ".join(words) or "the suite was changed meanwhile")
            raise UsageError(f"worker {one_line(reply.host)} grades under other conditions than this machine: {said}")

    def _suite(self) -> Any:
        """Return the future of the bundle, which is sent if no worker has it."""
        if self._here is None or self._here.cancelled():
            name = f"autograder-suite-{self._name}"
            self._here = self._put(name, self._bundle)
        return self._here

    def _put(self, name: str, blob: bytes) -> Any:
        """Send a blob straight to a worker that takes it, and return its future."""
        until = time.monotonic() + _GONE_S
        while True:
            for worker in self._workers():
                try:
                    return self._client.scatter({name: blob}, workers=[worker], direct=True, hash=False)[name]
                except (OSError, TimeoutError):
                    self._silent[worker] = time.monotonic()
            self._watch()
            if time.monotonic() > until:
                raise AutograderError(f"no worker of {self._scheduler} can be reached from here: mend the network")
            time.sleep(0.2)

    def _submit(self, function: str, what: str, *arguments: Any) -> Future:
        key = f"autograder-{self._run}-{what}"
        return self._client.submit(_function(function), self._name, *arguments, key=key, pure=False)

    # -- workers -------------------------------------------------------------------------------

    def _room(self) -> int:
        """Return how many submissions may be on their way."""
        if time.monotonic() - self._looked > _LOOK_S:
            self._threads, self._looked = sum(self._nthreads().values()), time.monotonic()
        return max(1, self._threads) * _AHEAD

    def _nthreads(self) -> dict[str, int]:
        """Return how many submissions each worker takes at a time; nothing while the scheduler is away."""
        with suppress(OSError, TimeoutError):
            return dict(self._client.nthreads())
        return {}

    def _workers(self) -> list[str]:
        """Return the workers, those last that did not answer lately; each time another one comes first."""
        self._turn += 1
        found = sorted(self._nthreads())
        found = found[self._turn % max(1, len(found)) :] + found[: self._turn % max(1, len(found))]
        return sorted(found, key=lambda worker: time.monotonic() - self._silent.get(worker, -math.inf) < _SILENT_S)

    def _await_workers(self) -> None:
        while not self._nthreads():
            self._watch()
            time.sleep(0.2)

    def _watch(self) -> None:
        """Raise AutograderError when the scheduler has been away for too long."""
        if self._client.status == "running":
            self._seen = time.monotonic()
        elif self._client.status == "closed" or time.monotonic() - self._seen > _GONE_S:
            raise AutograderError(f"the scheduler at {self._scheduler} is gone; give the same command again to go on")

    # -- the end -------------------------------------------------------------------------------

    def let_go(self) -> None:
        """Have the workers forget the suite, those that answer soon."""
        forget = _function("forget")
        tasks = [
            self._client.submit(forget, workers=[worker], key=f"autograder-{self._run}-forget-{worker}", pure=False)
            for worker in self._nthreads()
        ]
        until = time.monotonic() + _FORGET_S
        for task in tasks:
            with suppress(Exception):  # it has gone, or has something else to do; it forgets by itself in time
                task.result(timeout=max(0.1, until - time.monotonic()))
        self._client.cancel(tasks)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Cancel what is on its way, and let go of the cluster."""
        if self._client.status == "running":
            self._client.cancel([future for work in self._waiting.values() for future in work.futures])
        self._client.close(timeout=5)


def _client(scheduler: str) -> Client:
    """Return a client that unpickles nothing, and is silent; UsageError where there is no scheduler."""
    try:
        import dask
        from distributed import Client
    except ImportError as error:
        raise UsageError("--scheduler needs Dask: pip install 'autograder[distributed]'") from error
    dask.config.set({"distributed.comm.timeouts.connect": "10s", "distributed.comm.timeouts.tcp": "15s"})
    for name in ("distributed", "distributed.client", "distributed.comm", "tornado.application"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        return Client(
            scheduler,
            timeout=_ANSWER_S,
            set_as_default=False,
            direct_to_workers=True,
            serializers=["dask", "pickle"],
            deserializers=["dask", "msgpack"],
        )
    except (OSError, TimeoutError, ValueError) as error:
        words = one_line(str(error) or type(error).__name__, 120)
        raise UsageError(
            f"no scheduler answers at {scheduler} ({words}): start one (`dask scheduler`), or mend the address"
        ) from error


def _function(name: str) -> Callable[..., Any]:
    """Return a function of the workers' module, which this process needs only to name it."""
    from autograder.cluster import worker

    return getattr(worker, name)  # type: ignore[no-any-return]


def _nameless(work: _Work) -> Submission:
    """Return a submission as a worker gets it: without anything that tells whose it is."""
    return replace(work.submission, student=str(work.number), origin="", remarks=(), submitted_at=None)
