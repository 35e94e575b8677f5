"""The wire format: what goes in comes out, and whatever else comes in is refused in words."""

from __future__ import annotations

import math
import tracemalloc
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from autograder.worker import reader, wire
from autograder.worker.wire import HandleRef, NameRef, WireError

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


# ---- there and back ------------------------------------------------------------------------------

LEAVES = [
    None, True, False, 0, -1, 1 << 63, -(1 << 63), -(1 << 63) - 1, 1 << 64, -(1 << 13_999), 1.5, -0.0,
    math.nan, math.inf, 5e-324, 1 + 2j, complex(math.nan, -math.inf), "", "häß 𝛁", "\0", b"", b"\x00\xff",
    np.float32(1.5), np.float64("nan"), np.int8(-3), np.uint64(2**64 - 1), np.bool_(True), np.complex64(1j),
    np.float32, np.bool_,
]  # fmt: skip


@pytest.mark.parametrize("value", LEAVES, ids=lambda value: repr(value)[:30])
def test_a_plain_value_comes_back_as_it_was(value):
    assert same(there_and_back(value), value)


@pytest.mark.parametrize(
    "value", [[], (), {}, [[], ()], {"a": [1, (2, {"b": None})]}, {1: 2, 1.5: 3, b"x": 4, None: 5}]
)
def test_a_container_comes_back_as_it_was(value):
    assert same(there_and_back(value), value)


@pytest.mark.parametrize("code", "?bBhHiIlLqQefdFD")
@pytest.mark.parametrize("order", "<>")
def test_an_array_of_every_dtype_comes_back_writable(code, order):
    array = np.arange(6).reshape(2, 3).astype(np.dtype(code).newbyteorder(order))
    back = there_and_back([array, 1])[0]
    assert same(back, array)
    assert back.flags.writeable
    assert back.flags.aligned


@pytest.mark.parametrize("shape", [(), (0,), (3, 0, 2), (1,), (2, 3), (1,) * 32], ids=str)
def test_an_array_of_every_shape_comes_back(shape):
    assert same(there_and_back(np.full(shape, 2.5)), np.full(shape, 2.5))


@pytest.mark.parametrize(
    ("array", "flags"),
    [
        (np.arange(12.0).reshape(3, 4), (True, False)),
        (np.arange(12.0).reshape(3, 4).T, (False, True)),
        (np.arange(24.0).reshape(3, 8)[:, ::2], (False, False)),
        (np.arange(12.0)[::-1].reshape(3, 4)[:, ::-1], (False, False)),
        (np.broadcast_to(1.5, (3, 4)), (False, False)),
        (np.arange(20_000.0).reshape(100, 200).T, (False, True)),
    ],
    ids=["C", "F", "strided", "reversed", "broadcast", "large F"],
)
def test_the_memory_order_of_an_array_is_kept(array, flags):
    back = there_and_back(array)
    assert same(back, array)
    assert (back.flags.c_contiguous, back.flags.f_contiguous) == flags


def test_a_large_frame_comes_in_pieces_and_its_arrays_are_not_copied_to_be_sent():
    arrays = [np.arange(50_000.0), np.ones(3), np.arange(40_000).reshape(200, 200)]
    pieces = wire.pack(arrays, refuse)
    assert sum(isinstance(piece, memoryview) for piece in pieces) == 2
    assert same(received(b"".join(pieces), at_once=4096), arrays)


@pytest.mark.parametrize("at_once", [1, 5, 13])
def test_a_frame_may_come_in_small_pieces(at_once):
    assert same(received(packed(("ok", np.arange(3), [])), at_once=at_once), ("ok", np.arange(3), []))


def test_half_of_a_surrogate_pair_is_replaced():
    assert there_and_back(["\ud800", {"a\udc00": 1}]) == ["?", {"a?": 1}]


def test_numpy_strings_become_plain_ones():
    assert same(there_and_back([np.str_("a"), np.bytes_(b"b"), np.str_("")]), ["a", b"b", ""])


def test_references_are_given_to_who_knows_them():
    assert there_and_back([1]) == [1]
    for ref in REFS:
        assert received(packed([Kept()], lambda _, ref=ref: ref)) == [ref]


class Sub(dict):
    pass


REFERRED_TO = [
    Sub(a=1), {1, 2}, slice(1), len, 1 << 14_001, {(1, 2): 3}, {1j: 1}, {1 << 80: 1}, np.longdouble(1),
    np.array([None]), np.zeros(2, "i4,f4"), np.array(["a"]), np.zeros(1, "M8[s]"), np.zeros(2).view(np.recarray),
]  # fmt: skip


@pytest.mark.parametrize("value", REFERRED_TO, ids=lambda value: type(value).__name__)
def test_what_has_behaviour_of_its_own_or_no_form_on_the_wire_is_referred_to(value):
    assert isinstance(received(packed([value], keep))[0], HandleRef)
    with pytest.raises(TypeError, match="not by value"):
        packed(value)


def test_a_container_in_itself_or_too_deep_is_referred_to():
    loop: list[Any] = [1]
    loop.append(loop)
    assert received(packed(loop, keep)) == [1, HandleRef(1, "object", "list")]
    deep: list[Any] = []
    for _ in range(100):
        deep = [deep]
    assert "HandleRef" in repr(received(packed(deep, keep)))


def test_a_container_of_very_many_values_is_referred_to(monkeypatch):
    monkeypatch.setattr(wire, "MAX_NODES", 100)
    assert isinstance(received(packed(list(range(101)), keep)), HandleRef)
    assert received(packed(list(range(90)), keep)) == list(range(90))


def test_too_much_for_one_frame_is_an_error_of_who_sends_it(monkeypatch):
    with pytest.raises(ValueError, match="2 values of 17000008 bytes are too much for one message"):
        packed("x" * 17_000_000)
    monkeypatch.setattr(wire, "MAX_TOKENS", 10)
    with pytest.raises(ValueError, match="12 values"):
        packed(list(range(10)))


def test_the_name_of_a_type_is_cut_and_made_valid():
    ref = received(packed(Kept(), lambda _: HandleRef(1, "object", "\ud800" * 1000)))
    assert ref.type_name == "?" * wire.MAX_NAME


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


@settings(max_examples=150, deadline=None)
@given(VALUES)
def test_any_value_comes_back_as_it_was(value):
    assert same(there_and_back(value), value)


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


@pytest.mark.parametrize("shape", [(0, 1 << 47), (1 << 47, 0)])
def test_a_huge_shape_without_data_takes_no_memory(shape):
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
