"""Frames of the wire format for tests: packed, read back, and put together by hand."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from autograder.worker import reader, wire
from autograder.worker.wire import HandleRef, NameRef

KEYS = st.none() | st.integers(-(1 << 63), (1 << 63) - 1) | st.text() | st.binary() | st.floats(allow_nan=False)
ARRAYS = st_numpy.arrays(
    st_numpy.boolean_dtypes() | st_numpy.integer_dtypes() | st_numpy.floating_dtypes(sizes=(16, 32, 64)),
    st_numpy.array_shapes(min_dims=0, min_side=0, max_side=4),
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.complex_numbers() | st.text() | st.binary() | ARRAYS,
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(KEYS, inner),
    max_leaves=20,
)

REFS = HandleRef(7, "object", "nndl.fc_net.Net"), NameRef("nndl.layers", "affine_forward")


class Kept:
    """Something that does not go by value."""


def refuse(value: Any) -> Any:
    raise TypeError(f"not by value: {type(value).__name__}")


def keep(value: Any) -> HandleRef:
    return HandleRef(1, "dict" if type(value) is dict else "object", type(value).__name__)


def packed(value: Any, refer: Any = refuse) -> bytes:
    return b"".join(wire.pack(value, refer))


def received(data: bytes, max_bytes: int = 1 << 24, at_once: int = 1 << 30) -> Any:
    """Return the message in `data`, which comes in pieces of `at_once` bytes."""
    rest = memoryview(data)

    def read_into(view: memoryview) -> int:
        nonlocal rest
        got = min(len(view), len(rest), at_once)
        assert got, "asked for more than was announced"
        view[:got] = rest[:got]
        rest = rest[got:]
        return got

    return reader.Inbox(read_into, max_bytes).message(lambda ref: ref)


def there_and_back(value: Any) -> Any:
    return received(packed(value))


def frame(*tokens: Any, after: bytes = b"", array: bytes | None = None) -> bytes:
    """Return a frame with these tokens, whatever they mean, and these bytes after the header, or aligned."""
    header = msgspec.msgpack.encode(list(tokens))
    after = after if array is None else bytes(-len(header) % wire.ALIGNMENT) + array
    return wire.HEAD.pack(len(header) + len(after), len(header)) + header + after


def same(one: Any, other: Any) -> bool:
    """Tell whether two values are alike in type and content, NaN being like NaN."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray | np.generic):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    if isinstance(one, dict):
        return same(list(one), list(other)) and same(list(one.values()), list(other.values()))
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return repr(one) == repr(other)
