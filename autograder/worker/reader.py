"""Takes frames apart, trusting nothing: see `wire` for what they are made of."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np

from . import wire

Resolve = Callable[[wire.HandleRef | wire.NameRef], Any]  # gives what a reference stands for on this side

_MAX_DIMENSIONS = 32
_MAX_EXTENT = 1 << 40  # of an empty array, without the dimensions that are 0: NumPy computes with it
_decode = msgspec.msgpack.Decoder(list[bool | int | float | str | None]).decode


class Inbox:
    """Takes frames apart as they come in. `read_into` fills the start of a view and returns how much of it."""

    def __init__(self, read_into: Callable[[memoryview], int], max_bytes: int) -> None:
        self._read_into = read_into
        self._max_bytes = max_bytes
        self._first = memoryview(bytearray(wire.FIRST_READ))

    def message(self, resolve: Resolve) -> Any:
        """Return the next message; `resolve` gives what a handle or a name stands for on this side."""
        first, got = self._first, 0
        while got < wire.HEAD.size:
            got += self._read_into(first[got:])
        size, header = sizes(first[: wire.HEAD.size], self._max_bytes)
        got -= wire.HEAD.size
        if got > size:
            raise wire.WireError("more than the one message that was asked for")
        if got == size:
            return unpack(bytearray(first[wire.HEAD.size : wire.HEAD.size + size]), header, resolve)
        body = np.empty(size, np.uint8).data
        body[:got] = first[wire.HEAD.size : wire.HEAD.size + got]
        while got < size:
            got += self._read_into(body[got:])
        return unpack(body, header, resolve)


def sizes(head: bytes | memoryview, max_bytes: int) -> tuple[int, int]:
    """Return the lengths of frame and header that `head` announces, once they are known to be allowed."""
    size, header = wire.HEAD.unpack(head)
    if size > max_bytes:
        raise wire.WireError(f"a message of {size} bytes, {max_bytes} are allowed")
    if not 0 < header <= min(size, wire.MAX_HEADER):
        raise wire.WireError("a message whose header has an impossible length")
    return size, header


def unpack(body: bytearray | memoryview, header: int, resolve: Resolve) -> Any:
    """Return the value in `body`, which is writable and not used again: its arrays are views of it."""
    try:
        tokens = _decode(memoryview(body)[:header])
    except (msgspec.DecodeError, ValueError) as error:
        raise wire.WireError(f"a message that is not valid: {error}") from error
    if len(tokens) > wire.MAX_TOKENS:
        raise wire.WireError(f"a message of {len(tokens)} values, {wire.MAX_TOKENS} are allowed")
    frame = _Frame(tokens, body, header, resolve)
    try:
        value = frame.value(0)
    except StopIteration:
        raise wire.WireError("a message that ends within a value") from None
    frame.finish()
    return value


class _Frame:
    """Reads one frame's tokens; a cursor walks over the bytes that follow the header."""

    def __init__(
        self,
        tokens: list[Any],
        body: bytearray | memoryview,
        start: int,
        resolve: Resolve,
    ) -> None:
        self._tokens = iter(tokens)
        self._body = body
        self._cursor = start
        self._resolve = resolve

    def value(self, depth: int) -> Any:
        """Return the value that begins with the next token."""
        token = next(self._tokens)
        if type(token) is not str:
            return token
        read = _READERS.get(token)
        if read is None:
            raise wire.WireError("a value of an unknown kind")
        return read(self, depth + 1)

    def finish(self) -> None:
        """Check that nothing is left over."""
        if self._cursor != len(self._body) or next(self._tokens, self) is not self:
            raise wire.WireError("a message with something that belongs to nothing")

    def _count(self, depth: int) -> int:
        count = next(self._tokens)
        if type(count) is not int or not 0 <= count <= wire.MAX_TOKENS:
            raise wire.WireError("a container of an impossible length")
        if depth > wire.MAX_DEPTH:
            raise wire.WireError("values nested too deeply")
        return count

    def _list(self, depth: int) -> list[Any]:
        return [self.value(depth) for _ in range(self._count(depth))]

    def _tuple(self, depth: int) -> tuple[Any, ...]:
        return tuple(self._list(depth))

    def _dict(self, depth: int) -> dict[Any, Any]:
        result = {}
        for _ in range(self._count(depth)):
            key = self.value(depth)
            if not wire.can_be_key(key):
                raise wire.WireError("a dict with a key that cannot be one")
            if key in result:
                raise wire.WireError("a dict with the same key twice")
            result[key] = self.value(depth)
        return result

    def _array(self, _: int) -> np.ndarray[Any, Any]:
        item, order, ndim = self._dtype(), next(self._tokens), next(self._tokens)
        if order not in ("C", "F", "N") or type(ndim) is not int or not 0 <= ndim <= _MAX_DIMENSIONS:
            raise wire.WireError("an array of an impossible form")
        shape = list(itertools.islice(self._tokens, ndim))
        if set(map(type, shape)) - {int} or min(shape, default=0) < 0 or len(shape) < ndim:
            raise wire.WireError("an array of an impossible shape")
        if 0 in shape and math.prod(filter(None, shape)) * item.itemsize > _MAX_EXTENT:
            raise wire.WireError("an array of an impossible shape")
        start = self._claim(math.prod(shape) * item.itemsize)
        try:
            array: np.ndarray[Any, Any] = np.ndarray(shape, item, self._body, start, order="F" if order == "F" else "C")
            if item.kind == "b":  # a byte that is neither 0 nor 1 would make comparisons lie
                np.minimum(array.view(np.uint8), 1, out=array.view(np.uint8))
            return _spaced(array) if order == "N" and ndim else array
        except (ValueError, MemoryError) as error:  # such as (2**47, 2**47, 0), whose strides no integer holds
            raise wire.WireError("an array of an impossible shape") from error

    def _claim(self, nbytes: int) -> int:
        """Return where the next `nbytes` after the header start."""
        start = self._cursor + -self._cursor % wire.ALIGNMENT
        if start + nbytes > len(self._body):
            raise wire.WireError("an array that is larger than its message")
        self._cursor = start + nbytes
        return start

    def _scalar(self, _: int) -> Any:
        item = self._dtype()
        return np.ndarray((), item, self._body, self._claim(item.itemsize))[()]

    def _dtype(self) -> np.dtype[Any]:
        item = wire.DTYPES.get(next(self._tokens))
        if item is None:
            raise wire.WireError("an array of a dtype that is not allowed")
        return item

    def _type(self, _: int) -> type[np.generic]:
        return self._dtype().type

    def _bytes(self, depth: int) -> bytes:
        count = self._count(depth)
        start = self._claim(count)
        return bytes(self._body[start : start + count])

    def _text(self, _: int) -> str:
        text: str = self._leaf(str)
        return text

    def _int(self, _: int) -> int:
        text = self._leaf(str)
        try:
            if len(text) <= wire.MAX_BITS // 4 + 3:
                return int(text, 16)
        except ValueError:
            pass
        raise wire.WireError("an integer that is malformed or too long")

    def _complex(self, _: int) -> complex:
        return complex(self._leaf(float), self._leaf(float))

    def _handle(self, _: int) -> Any:
        number, kind, type_name = self._leaf(int), self._leaf(int), self._leaf(str)
        if not 0 <= kind < len(wire.KINDS):
            raise wire.WireError("a handle of an unknown kind")
        return self._resolve(wire.HandleRef(number, wire.KINDS[kind], type_name[: wire.MAX_NAME]))

    def _name(self, _: int) -> Any:
        return self._resolve(wire.NameRef(self._leaf(str), self._leaf(str)))

    def _leaf(self, kind: type) -> Any:
        token = next(self._tokens)
        if type(token) is not kind:
            raise wire.WireError(f"{type(token).__name__} where {kind.__name__} is expected")
        return token


_READERS: dict[str, Callable[[_Frame, int], Any]] = {
    wire.TYPE: _Frame._type,
    wire.TEXT: _Frame._text,
    wire.LIST: _Frame._list,
    wire.TUPLE: _Frame._tuple,
    wire.DICT: _Frame._dict,
    wire.ARRAY: _Frame._array,
    wire.SCALAR: _Frame._scalar,
    wire.BYTES: _Frame._bytes,
    wire.INT: _Frame._int,
    wire.COMPLEX: _Frame._complex,
    wire.HANDLE: _Frame._handle,
    wire.NAME: _Frame._name,
}


def _spaced(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return a copy of `array` that really is not contiguous, as the sender's was."""
    *rest, last = array.shape
    spaced = np.empty((*rest, 2 * last), array.dtype)[..., ::2]
    spaced[...] = array
    return spaced
