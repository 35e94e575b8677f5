"""The wire format: what goes in comes out."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from autograder.tests.frames import REFS, VALUES, Kept, keep, packed, received, refuse, same, there_and_back
from autograder.worker import wire
from autograder.worker.wire import HandleRef

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


@settings(max_examples=150, deadline=None)
@given(VALUES)
def test_any_value_comes_back_as_it_was(value):
    assert same(there_and_back(value), value)
