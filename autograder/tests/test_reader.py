"""The reader of frames: whatever comes in that is not well formed is refused in words."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.tests.frames import VALUES, frame, packed, received, there_and_back
from autograder.worker import wire
from autograder.worker.wire import WireError

# ---- what is refused -----------------------------------------------------------------------------

ARRAY = (wire.ARRAY, "<f8", "C")
REFUSED = [
    ("a value of an unknown kind", ["?"]),
    ("a value of an unknown kind", [""]),
    ("a message that ends within a value", []),
    ("a message that ends within a value", [wire.LIST]),
    ("a message that ends within a value", [wire.LIST, 2, 1]),
    ("a message that ends within a value", [wire.DICT, 1, None]),
    ("a message that ends within a value", [wire.LIST, wire.MAX_TOKENS]),
    ("an array of an impossible shape", [*ARRAY, 2, 0]),
    ("something that belongs to nothing", [None, None]),
    ("a container of an impossible length", [wire.LIST, -1]),
    ("a container of an impossible length", [wire.TUPLE, 1 << 62]),
    ("a container of an impossible length", [wire.DICT, True]),
    ("a container of an impossible length", [wire.LIST, "2"]),
    ("a container of an impossible length", [wire.BYTES, -1]),
    ("an array that is larger than its message", [wire.BYTES, 1]),
    ("nested too deeply", [wire.LIST, 1] * 41 + [None]),
    ("a dict with the same key twice", [wire.DICT, 2, 1, None, 1.0, None]),
    ("a dict with the same key twice", [wire.DICT, 2, wire.TEXT, "a", 1, wire.TEXT, "a", 1]),
    ("a dict with a key that cannot be one", [wire.DICT, 1, wire.TUPLE, 0, 1]),
    ("a dict with a key that cannot be one", [wire.DICT, 1, wire.LIST, 0, 1]),
    ("a dict with a key that cannot be one", [wire.DICT, 1, wire.INT, "0x1" + "0" * 20, 1]),
    ("a dict with a key that cannot be one", [wire.DICT, 1, wire.HANDLE, 1, 0, "x", 1]),
    ("an array of an impossible form", [*ARRAY[:2], "X", 0]),
    ("an array of an impossible form", [*ARRAY[:2], None, 0]),
    ("an array of an impossible form", [*ARRAY, 33, *[1] * 33]),
    ("an array of an impossible form", [*ARRAY, -1]),
    ("an array of an impossible shape", [*ARRAY, 1, -1]),
    ("an array of an impossible shape", [*ARRAY, 1, 1.0]),
    ("an array of an impossible shape", [*ARRAY, 1, True]),
    ("an array of an impossible shape", [*ARRAY, 2, "x", 1 << 40]),
    ("an array of an impossible shape", [*ARRAY, 2, 0, 1 << 40]),
    ("an array of an impossible shape", [*ARRAY, 4, 1 << 20, 1 << 20, 0, 1 << 20]),
    ("an array that is larger than its message", [*ARRAY, 1, 1 << 62]),
    ("an array that is larger than its message", [*ARRAY, 0]),
    ("an array that is larger than its message", [*ARRAY, 2, 1 << 47, 1 << 47]),
    ("a dtype that is not allowed", [wire.ARRAY, "|O", "C", 0]),
    ("a dtype that is not allowed", [wire.ARRAY, "|V8", "C", 0]),
    ("a dtype that is not allowed", [wire.ARRAY, "<U5", "C", 0]),
    ("a dtype that is not allowed", [wire.ARRAY, "<M8[ns]", "C", 0]),
    ("a dtype that is not allowed", [wire.ARRAY, "<f16", "C", 0]),
    ("a dtype that is not allowed", [wire.ARRAY, "(f,f)", "C", 0]),
    ("a dtype that is not allowed", [wire.ARRAY, "f8,O", "C", 0]),
    ("a dtype that is not allowed", [wire.ARRAY, 8, "C", 0]),
    ("a dtype that is not allowed", [wire.SCALAR, "|O"]),
    ("an array that is larger than its message", [wire.SCALAR, "<f8"]),
    ("an integer that is malformed or too long", [wire.INT, "0xg"]),
    ("an integer that is malformed or too long", [wire.INT, "0x" + "f" * 4000]),
    ("int where str is expected", [wire.INT, 5]),
    ("int where str is expected", [wire.TEXT, 5]),
    ("NoneType where float is expected", [wire.COMPLEX, 1.0, None]),
    ("bool where int is expected", [wire.HANDLE, True, 0, "x"]),
    ("str where int is expected", [wire.HANDLE, "1", 0, "x"]),
    ("a handle of an unknown kind", [wire.HANDLE, 1, 3, "x"]),
    ("a handle of an unknown kind", [wire.HANDLE, 1, -1, "x"]),
    ("NoneType where str is expected", [wire.NAME, "nndl", None]),
]


@pytest.mark.parametrize(
    ("words", "tokens"), REFUSED, ids=lambda value: None if isinstance(value, str) else str(value)[:40]
)
def test_a_malformed_message_is_refused(words, tokens):
    with pytest.raises(WireError, match=words):
        received(frame(*tokens))


@pytest.mark.parametrize(
    ("words", "data"),
    [
        ("a message of 16777217 bytes, 16777216 are allowed", wire.HEAD.pack((1 << 24) + 1, 1)),
        ("an impossible length", wire.HEAD.pack(10, 0)),
        ("an impossible length", wire.HEAD.pack(10, 11)),
        ("a message that is not valid", wire.HEAD.pack(1, 1) + b"\xc1"),
        ("a message that is not valid", wire.HEAD.pack(1, 1) + b"\x01"),  # an integer, not a list
        ("a message that is not valid", wire.HEAD.pack(5, 5) + b"\xdd\xff\xff\xff\xff"),
        ("a message that is not valid", wire.HEAD.pack(2, 2) + b"\x91\x90"),  # a list in the list
        ("a message that is not valid", wire.HEAD.pack(2, 2) + b"\x91\x80"),  # a map
        ("a message that is not valid", wire.HEAD.pack(4, 4) + b"\x91\xd4\x05a"),  # an extension
        ("a message that is not valid", wire.HEAD.pack(3, 3) + b"\x91\xc4\x00"),  # a byte string
        ("a message that is not valid", wire.HEAD.pack(3, 3) + b"\x91\xa1\xff"),  # no UTF-8
        ("a message that is not valid", wire.HEAD.pack(1, 1) + b"\x91"),  # truncated
        ("a message that is not valid", wire.HEAD.pack(3, 3) + b"\x91\xc0\xc0"),  # something after it
        ("something that belongs to nothing", frame(None, after=b"\0")),
        ("more than the one message", frame(None) + b"\0"),
    ],
)
def test_a_malformed_frame_is_refused(words, data):
    with pytest.raises(WireError, match=words):
        received(data)


def test_a_message_of_too_many_values_is_refused(monkeypatch):
    monkeypatch.setattr(wire, "MAX_TOKENS", 10)
    with pytest.raises(WireError, match="a message of 11 values, 10 are allowed"):
        received(frame(*[None] * 11))


@pytest.mark.parametrize("order", ["C", "N"])
def test_a_shape_that_no_strides_can_hold_is_refused(order):
    with pytest.raises(WireError, match="an array of an impossible shape"):
        received(frame(wire.ARRAY, "<f8", order, 3, 1 << 47, 1 << 47, 0, array=b""))


def test_a_header_may_not_be_longer_than_any_honest_one():
    with pytest.raises(WireError, match="an impossible length"):
        received(wire.HEAD.pack(wire.MAX_HEADER + 1, wire.MAX_HEADER + 1), max_bytes=1 << 30)


def test_arrays_do_not_share_memory():
    one, other = there_and_back([np.zeros(4), np.ones(4)])
    one[:] = 7
    assert other.tolist() == [1, 1, 1, 1]


def test_a_truth_value_is_zero_or_one_whatever_the_bytes_say():
    back = received(frame(wire.ARRAY, "|b1", "C", 1, 3, array=b"\x00\x02\xff"))
    assert back.view(np.uint8).tolist() == [0, 1, 1]


@pytest.mark.parametrize("shape", [(0, 1 << 30), (1 << 30, 0)])
def test_a_large_shape_without_data_takes_no_memory(shape):
    assert received(frame(*ARRAY, 2, *shape, array=b"")).shape == shape


# ---- whatever comes ------------------------------------------------------------------------------


def outcome_of(data: bytes) -> None:
    """Read hostile bytes: a value or a WireError, in little memory."""
    tracemalloc.start()
    try:
        received(data + bytes(1 << 12), max_bytes=1 << 12)
    except WireError:
        pass
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 1 << 20


TOKENS = st.sampled_from(
    [*"sltdaxbichn", "<f8", "|b1", "C", "F", "N", "0x12", 0, 1, 2, 3, 1 << 47, -1, None, 1.5, True]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(TOKENS, max_size=30), st.binary(max_size=64))
def test_any_tokens_give_a_value_or_a_wire_error(tokens, after):
    outcome_of(frame(*tokens, after=after))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 200), st.integers(0, 200), st.binary(max_size=200))
def test_any_bytes_give_a_value_or_a_wire_error(size, header, data):
    outcome_of(wire.HEAD.pack(size, header) + data)


@settings(max_examples=150, deadline=None)
@given(VALUES, st.data())
def test_a_frame_with_a_byte_changed_gives_a_value_or_a_wire_error(value, data):
    forged = bytearray(packed(value))
    forged[data.draw(st.integers(0, len(forged) - 1))] = data.draw(st.integers(0, 255))
    outcome_of(bytes(forged))
