"""What runs in the processes of Dask's workers: suites that wait there, each submission in a sandbox as ever.

How it works
------------
A worker gets a bundle once, unpacks it where no other account can read it, and starts a suite's process for each
submission that it grades at the same time; these wait for the next one. A submission is bytes, and so is what is said
of it. Bundles are forgotten when the command says so, when another one comes, when nothing was asked for long, and when
the worker ends, however it does.
"""

from __future__ import annotations

import atexit
import contextlib
import platform
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from autograder.cluster import blobs
from autograder.cluster.blobs import Reply
from autograder.errors import AutograderError, CourseError, UsageError
from autograder.suite import messages
from autograder.suite.client import SuiteProcess
from autograder.suite.conditions import facts
from autograder.suite.launching import Folder, HostProcess
from autograder.types import Submission

_IDLE_S = 900.0  # after which a bundle is forgotten


@dataclass
class _Suite:
    """A bundle that is unpacked here, and the processes that hold it and have nothing to do."""

    name: str
    folder: Folder
    setup: messages.Setup
    needs: tuple[str, ...]
    idle: list[SuiteProcess] = field(default_factory=list)
    busy: int = 0

    def end(self) -> None:
        """End the processes and remove the files."""
        while self.idle:
            self.idle.pop().__exit__(None, None, None)
        self.folder.remove()


_suites: dict[str, _Suite] = {}
_lock = threading.Lock()
_timer: list[threading.Timer] = []


def ready(name: str, bundle: bytes) -> bytes:
    """Have a suite ready, and say what it is."""
    return _answered(name, bundle, None, "")


def grade(name: str, bundle: bytes, work: bytes, topic: str) -> bytes:
    """Grade a submission; `topic` hears when that begins."""
    return _answered(name, bundle, work, topic)


def forget() -> None:
    """End all suites that nobody is grading with, and remove what was unpacked."""
    with _lock:
        for name, suite in list(_suites.items()):
            if not suite.busy:
                del _suites[name]
                suite.end()


atexit.register(forget)


def _answered(name: str, bundle: bytes, work: bytes | None, topic: str) -> bytes:
    """Return a reply, whatever happens; nothing is raised, since Dask would pickle it."""
    try:
        with _host(name, bundle) as host:
            about = Reply(host=platform.node(), conditions=host.conditions, facts=facts(host.ready()))
            if work is None:
                return _packed(msgspec.structs.replace(about, ready=host.ready()))
            submission = msgspec.msgpack.decode(work, type=Submission)
            ((_, outcome),) = host.grade([submission], lambda name: _tell(topic, name))
            return _packed(msgspec.structs.replace(about, outcome=outcome))
    except CourseError as error:
        problems = [(str(problem.file), problem.line, problem.message) for problem in error.problems]
        return _packed(Reply(refused=problems))
    except UsageError as error:
        return _packed(Reply(refused=[("", None, line) for line in error.lines()]))
    except (AutograderError, OSError) as error:
        return _packed(Reply(host=platform.node(), fault=str(error)))


def _packed(reply: Reply) -> bytes:
    return msgspec.msgpack.encode(reply)


@contextlib.contextmanager
def _host(name: str, bundle: bytes) -> Iterator[SuiteProcess]:
    """Lend a process with a suite; one in which anything went wrong is ended."""
    with _lock:
        suite = _suites.get(name) or _unpacked(name, bundle)
        suite.busy += 1
        host = suite.idle.pop() if suite.idle else None
    try:
        host = host or SuiteProcess(suite.setup, suite.needs, HostProcess())
        with contextlib.ExitStack() as undo:
            undo.callback(host.__exit__, None, None, None)
            yield host
            undo.pop_all()
        with _lock:
            suite.idle.append(host)
    finally:
        with _lock:
            suite.busy -= 1
        _forget_later()


def _unpacked(name: str, bundle: bytes) -> _Suite:
    """Unpack a bundle, after ending all others that are not in use."""
    for other in [each for each in _suites.values() if not each.busy]:
        del _suites[other.name]
        other.end()
    if blobs.digest(bundle) != name:
        raise AutograderError("the suite did not arrive whole")
    folder = Folder()
    inside = Path(folder.path, "course")
    inside.mkdir(mode=0o700)
    setup, needs = blobs.unpack(bundle, inside)
    _suites[name] = _Suite(name, folder, setup, needs)
    return _suites[name]


def _forget_later() -> None:
    with _lock:
        while _timer:
            _timer.pop().cancel()
        timer = threading.Timer(_IDLE_S, forget)
        timer.daemon = True
        timer.start()
        _timer.append(timer)


def _tell(topic: str, name: str) -> None:
    from distributed import get_worker

    get_worker().log_event(topic, name)
