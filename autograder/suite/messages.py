"""What the command line and the process that holds a suite say to each other, and how.

Both sides are the grader's own, so this is plumbing and not a trust boundary: length-prefixed msgpack.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from autograder.accuracy.rules import Rule
from autograder.types import Check, CheckOutcome, Dialect, Limits, Outcome, Plan

Problem = tuple[str, int | None, str]  # file (empty: none), line, words
_LENGTH = struct.Struct("<I")


class Setup(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Everything that a suite's process has to know about the course; it never reads course.yaml."""

    root: str
    solutions: str
    tests: str
    assignment: str
    package: str
    seed: int
    jobs: int
    isolation: str  # empty: collect only
    private: list[str]  # what no sandbox may be able to read
    limits: Limits
    lend: bool  # grade what builds on wrong functions on top of the reference's
    carried: list[str]  # functions that submissions bring along, which other assignments judge
    reference: list[str]  # files of the reference package, relative to solutions
    support: list[str]
    release: str
    given: list[str]  # files of the release without holes, which a submission need not hold
    dialects: list[Dialect]
    old_code: bool
    rules: list[Rule] = []  # for the metrics of the assignment
    extras: dict[str, bytes] = {}  # what the reference hands in beside its package
    without: list[str] = []  # questions whose checks are not run


class Ready(msgspec.Struct, frozen=True, tag=True):
    """The suite has been collected and the sandboxes work."""

    isolation: str
    checks: list[Check]
    data: str = ""  # the images that checks are about, if any


class Refused(msgspec.Struct, frozen=True, tag=True):
    """Nothing can be graded: mistakes in the suite as (file, line, words), or one the user can mend (no file)."""

    problems: list[Problem]


class Job(msgspec.Struct, frozen=True, tag=True):
    """A submission to grade."""

    number: int
    files: dict[str, bytes]
    extras: dict[str, bytes] = {}
    plan: Plan = Plan()


class Begun(msgspec.Struct, frozen=True, tag=True):
    """A submission is being graded; said again if another attempt at it has to be made."""

    number: int


class Done(msgspec.Struct, frozen=True, tag=True):
    """What the suite found in a submission."""

    number: int
    outcome: Outcome


class CheckDone(msgspec.Struct, frozen=True, tag=True):
    """One check of a submission is done; said by the process that grades it, to survive its death."""

    outcome: CheckOutcome
    doubtful: bool = False  # the suite may be to blame: the reference solution has to tell


class Graded(msgspec.Struct, frozen=True, tag=True):
    """What the suite found in a submission, and which checks are doubtful; said by the process that grades it."""

    outcome: Outcome
    doubtful: tuple[str, ...] = ()
    left: bool = False  # its sandbox, for the next trusted one


class Examined(msgspec.Struct, frozen=True, tag=True):
    """How the reference solution fails a check, in words, or an empty text; said by the process that tried."""

    failure: str


Message = Setup | Ready | Refused | Job | Begun | Done | CheckDone | Graded | Examined
_decoder = msgspec.msgpack.Decoder(Message)


def packed(message: Message) -> bytes:
    """Return a message as it is sent."""
    body = msgspec.msgpack.encode(message)
    return _LENGTH.pack(len(body)) + body


def write(stream: BinaryIO, message: Message) -> None:
    """Write one message and flush."""
    stream.write(packed(message))
    stream.flush()


def read(stream: BinaryIO) -> Message | None:
    """Return the next message, or None at the end of the stream, also where it ends within a message."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    body = stream.read(length)
    return _decoder.decode(body) if len(body) == length else None


def every(data: bytes) -> Iterator[Message]:
    """Yield the whole messages in `data`."""
    stream = io.BytesIO(data)
    while (message := read(stream)) is not None:
        yield message
