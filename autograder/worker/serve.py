"""Answers requests about a student's code, one at a time, inside the sandbox.

How it works
------------
Every request is ``(operation, arguments...)`` and gets exactly one reply:

    ("ok", value, changes)       what it gave, and those mutable arguments that have a new content
    ("raised", report)           the student's code raised; `report` says what and where
    ("absent", words)            there is no such file, module or name in the submission

While a call runs, it may send ``("callback", name, args, kwargs)`` for a function that the grader lends
(see `student`), and is sent an ``("answer", value, changes)`` or ``("refused", words)``.
Nothing here is trusted by the other side: student code shares this process and may have replaced any of it.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from importlib.machinery import PathFinder
from types import ModuleType
from typing import Any

from . import reader, wire
from .student import Absent, Reply, Student

MAX_FRAMES, MAX_MESSAGE = 20, 2000


class Channel:
    """Frames over two descriptors, blocking: the grader is who keeps the time."""

    def __init__(self, requests: int, replies: int, max_bytes: int) -> None:
        for descriptor in (requests, replies):
            os.set_inheritable(descriptor, False)
        self._requests, self._replies = requests, replies
        self._inbox = reader.Inbox(self._read_into, max_bytes)

    def read(self, resolve: Callable[[Any], Any]) -> Any:
        """Return the next message; end the process when the grader has gone."""
        return self._inbox.message(resolve)

    def write(self, message: Any, refer: Callable[[Any], Any]) -> None:
        """Send one message, after all that has been printed."""
        pieces = wire.pack(message, refer)
        _flush()
        for piece in pieces:
            rest = memoryview(piece)
            while rest:
                rest = rest[os.write(self._replies, rest) :]

    def _read_into(self, view: memoryview) -> int:
        return os.readv(self._requests, [view]) or os._exit(0)


class Server:
    """Reads requests about a student's code and carries them out."""

    def __init__(self, channel: Channel, scratch: str) -> None:
        self._channel = channel
        self._student = Student(scratch, self._exchange)

    def answer(self) -> None:
        """Read one request, carry it out and send its reply; the values in it are looked up in here too."""
        refer = self._student.refer
        try:
            operation, *arguments = self._channel.read(self._student.resolve)
            value = getattr(self._student, f"op_{operation}")(*arguments)
            reply = ("ok", value.value, value.changes) if type(value) is Reply else ("ok", value, [])
            self._channel.write(reply, refer)
        except Absent as absent:
            self._channel.write(("absent", str(absent)), refer)
        except BaseException as error:  # noqa: BLE001 (whatever student code raises, SystemExit included, is a reply)
            self._channel.write(("raised", report(error, f"{self._student.root}{os.sep}")), refer)

    def _exchange(self, message: Any) -> Any:
        self._channel.write(message, self._student.refer)
        return self._channel.read(self._student.resolve)


def report(error: BaseException, root: str) -> dict[str, Any]:
    """Return what to tell of an exception: what it is, and where in the files below `root` it came from."""
    places = [
        [frame.f_code.co_filename.removeprefix(root), line, frame.f_code.co_name]
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_filename.startswith(root)
    ]
    if isinstance(error, SyntaxError) and (error.filename or "").startswith(root):
        places.append([str(error.filename).removeprefix(root), error.lineno or 0, ""])
    return {
        "type": type(error).__name__,
        "bases": [base.__name__ for base in type(error).__mro__[:8]],
        "message": _words(error)[:MAX_MESSAGE],
        "frames": places[-MAX_FRAMES:],
    }


def _words(error: BaseException) -> str:
    try:
        return error.msg if isinstance(error, SyntaxError) else str(error)
    except BaseException:  # noqa: BLE001 (a student's own __str__ may do anything)
        return ""


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:  # noqa: BLE001 (student code may have replaced or closed the stream)
            continue


def _disarm() -> None:
    """Make left-over breakpoints harmless: nobody is there to answer them."""

    sys.meta_path.insert(0, _Pdb())
    sys.breakpointhook = _ignore


def _ignore(*_: Any, **__: Any) -> None:
    return None


class _Pdb:
    """Has the debugger disarmed when it is imported: it takes a while to load, and hardly anybody asks for it."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> Any:
        """Find pdb, of all modules, with a loader that disarms it."""
        spec = PathFinder.find_spec(name, path, target) if name == "pdb" else None
        if spec and spec.loader:
            load = spec.loader.exec_module

            def load_and_disarm(module: ModuleType) -> None:
                load(module)
                module.set_trace = _ignore  # type: ignore[attr-defined]

            spec.loader.exec_module = load_and_disarm  # type: ignore[method-assign]
        return spec


def serve(channel: Channel, scratch: str) -> None:
    """Say that this sandbox is ready, then answer requests until the grader closes the channel."""
    _disarm()
    os.chdir(scratch)
    server = Server(channel, scratch)
    channel.write(("ready",), _nothing)
    while True:
        server.answer()


def _nothing(value: Any) -> Any:
    raise TypeError(f"{value!r} before there is anything to refer to")
