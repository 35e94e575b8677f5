"""Fuzz what reads the frames that come out of a sandbox: any bytes give a value or a WireError, and nothing else.

How it works: the first byte of an input says how the rest becomes a frame. As it is; or as what follows a head whose
lengths are right; or as a program, in which every byte stands for a token, so that a fuzzer that knows nothing of
msgpack still gets past the header. What is read as a value has to survive being sent and read once more. One inbox
reads all frames, as in a session. With atheris, coverage leads the mutations; without it they are random.

    python fuzz/frames.py [--plain] [--seconds 60] [--count 1000000] [--seed 1]
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import msgspec

sys.path.insert(0, str(Path(__file__).parent))
import loop

with loop.instrumented():
    from autograder.worker import reader, wire

CORPUS = Path(__file__).parent / "corpus/frames"
MAX_BYTES = 1 << 16
RAW, BODY, PROGRAM = range(3)
END = 0xFF  # of a program's header: array bytes follow, aligned as the sender aligns them

_NUMBERS = (0, 1, 2, 3, 4, 5, 7, 8, 12, 31, 32, 33, 39, 40, 41, 200, 2_000_000, 2_000_001, -1, -(1 << 63))
_LARGE = (1 << 31, 1 << 47, (1 << 48) - 1, 1 << 48, (1 << 60) + 1, (1 << 63) - 1, 1 << 63, (1 << 64) - 1)
_OTHERS = (None, True, False, 0.0, -0.0, 1.0, 1.5, 5e-324, 1e308, float("nan"), float("inf"), -float("inf"))
_WORDS = ("", "?", "C", "F", "N", "|O", "|V8", "<U5", "<M8[ns]", "<f16", "f8,O", "0x12", "-0x1", "0x1_0", "0xg")
_NAMES = ("nndl", "nndl.layers", "affine_forward", "__class__.__mro__", "\0", "é", "\U0010ffff", "x" * 300)
_LONG = ("0x" + "f" * 3502, "0x" + "f" * 3503)
TOKENS = (*"sltdaxbicyhn", *wire.DTYPES, *_NUMBERS, *_LARGE, *_OTHERS, *_WORDS, *_NAMES, *_LONG)

_NUMBER = {(type(token), repr(token)): number for number, token in enumerate(TOKENS)}


def program(*tokens: Any, after: bytes = b"") -> bytes:
    """Return the input that stands for a frame of these tokens, which are in `TOKENS`."""
    numbers = bytes(_NUMBER[type(token), repr(token)] for token in tokens)
    return bytes([PROGRAM]) + numbers + (bytes([END]) + after if after else b"")


def frame(data: bytes) -> bytes:
    """Return the frame that an input stands for."""
    mode, rest = (data[0] % 3, data[1:]) if data else (RAW, b"")
    if mode == RAW:
        return rest
    if mode == BODY:
        header = min(rest[0] + 1, len(rest) - 1) if len(rest) > 1 else 0
        return wire.HEAD.pack(max(len(rest) - 1, 0), header) + rest[1:]
    words, _, after = rest.partition(bytes([END]))
    header = msgspec.msgpack.encode([TOKENS[number % len(TOKENS)] for number in words])
    after = bytes(-len(header) % wire.ALIGNMENT) + after if after else b""
    return wire.HEAD.pack(len(header) + len(after), len(header)) + header + after


class Stream:
    """What an inbox reads from: bytes that come to an end."""

    def __init__(self) -> None:
        self.rest = memoryview(b"")
        self.inbox = reader.Inbox(self._read_into, MAX_BYTES)

    def message(self, data: bytes) -> Any:
        """Return the value in the frame `data`."""
        self.rest = memoryview(data)
        return self.inbox.message(lambda reference: reference)

    def _read_into(self, view: memoryview) -> int:
        got = min(len(view), len(self.rest))
        if not got:
            raise wire.WireError("the other side has gone")
        view[:got] = self.rest[:got]
        self.rest = self.rest[got:]
        return got


def refer(value: Any) -> wire.HandleRef | wire.NameRef:
    """Name what does not go by value."""
    if isinstance(value, wire.HandleRef | wire.NameRef):
        return value
    return wire.HandleRef(1, "object", type(value).__name__)


def depth(value: Any) -> int:
    """Return how many containers there are around the innermost value."""
    inner = [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return isinstance(value, dict | list | tuple) + max(map(depth, inner), default=0)


_STREAM = Stream()


def check(data: bytes) -> None:
    """Read the frame that `data` stands for. Anything but a value or a WireError is a finding."""
    try:
        value = _STREAM.message(frame(data))
    except wire.WireError:
        return
    if depth(value) > wire.MAX_DEPTH:
        raise AssertionError("deeper than the format allows")
    once = b"".join(wire.pack(value, refer))
    if len(once) <= MAX_BYTES:
        again = b"".join(wire.pack(_STREAM.message(once), refer))
        if again != once:
            raise AssertionError(f"sent once more it is another value: {value!r:.200}")


if __name__ == "__main__":
    loop.main("frames", check, CORPUS, most_bytes=512)
