"""The one format in which values cross the trust boundary.

How it works
------------
A frame is a fixed head (length of what follows, length of the header), a msgpack header, and the raw
bytes of the arrays that the header mentions, in the order in which it mentions them, each aligned. The
header is one flat list of tokens, in which a value is

    None, bool, int, float                  as it is
    TEXT str                                str
    LIST n value ...                        list, and likewise TUPLE
    DICT n key value ...                    dict, in its order
    ARRAY dtype order ndim n ...            ndarray of numbers; its bytes follow the header
    SCALAR dtype                            NumPy number, likewise
    BYTES n                                 bytes, likewise
    INT text   COMPLEX re im                what msgpack has no word for
    TYPE dtype                              a NumPy scalar type, such as np.float32
    HANDLE number kind type                 an object that stays in the sandbox
    NAME module path                        something defined in a module of the sandbox

and the words in capitals are strings of one letter, which nothing else is where a value begins. Being flat, it
cannot make msgspec build anything much larger than itself, and a value that is too deep is found before it is
built. Only exact types go by value: an instance of a subclass of dict, tuple or ndarray is an object with behaviour
of its own and is passed as a handle. Whoever reads (`reader`) trusts nothing: every length, depth, dtype and
shape is checked before anything of its size is allocated, arrays cannot overlap, and what does not fit
raises `WireError`.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

HEAD = struct.Struct("<QI")
ALIGNMENT = 16
MAX_DEPTH = 40
MAX_NODES = 500_000  # in containers that go by value; larger ones stay where they are
MAX_TOKENS = 2_000_000
MAX_HEADER = 16 << 20
MAX_BITS = 14_000  # of an integer: as many as Python will still write in decimal
MAX_NAME = 200
FIRST_READ = 1 << 16

TEXT, LIST, TUPLE, DICT, ARRAY, SCALAR, BYTES, INT, COMPLEX, TYPE, HANDLE, NAME = "sltdaxbicyhn"
KINDS = ("object", "dict", "list")
_FORMS = ("i2", "i4", "i8", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16")
# of arrays and scalars; a long double can hold bits that are no number, so it stays where it is
DTYPES = {order + form: np.dtype(order + form) for order in "<>" for form in _FORMS} | {
    form: np.dtype(form) for form in ("|b1", "|i1", "|u1")
}
_TYPES = {dtype.type: text for text, dtype in DTYPES.items() if dtype.isnative}

_encode = msgspec.msgpack.Encoder().encode


class WireError(ValueError):
    """A frame that breaks the format."""


@dataclass(frozen=True, slots=True)
class HandleRef:
    """A handle as it is on the wire."""

    number: int
    kind: str
    type_name: str


@dataclass(frozen=True, slots=True)
class NameRef:
    """The path of something in a module, as it is on the wire."""

    module: str
    path: str


def plain_text(text: str, limit: int | None = None) -> str:
    """Return `text` as valid Unicode (lone surrogates replaced), cut to `limit` characters."""
    cut = text if limit is None else text[:limit]
    return cut if cut.isascii() else cut.encode("utf-8", "replace").decode("utf-8")


def pack(value: Any, refer: Callable[[Any], HandleRef | NameRef]) -> list[bytes | memoryview]:
    """Return a frame that holds `value`, as pieces to be written one after the other.

    Parameters
    ----------
    refer : callable
        Names whatever does not go by value, or raises TypeError.

    Raises
    ------
    ValueError
        When there is too much of it for one frame.
    """
    tree = _Tree(refer)
    tree.add(value)
    header = _encode(tree.tokens)
    if len(header) > MAX_HEADER or len(tree.tokens) > MAX_TOKENS:
        raise ValueError(f"{len(tree.tokens)} values of {len(header)} bytes are too much for one message")
    pieces: list[bytes | memoryview] = [b"", header]
    size = len(header)
    for raw in tree.arrays:
        padding = -size % ALIGNMENT
        pieces += (bytes(padding), raw)
        size += padding + len(raw)
    pieces[0] = HEAD.pack(size, len(header))
    return [b"".join(pieces)] if size < FIRST_READ else list(_joined(pieces))


class _Tree:
    """The tokens and arrays of one frame."""

    def __init__(self, refer: Callable[[Any], HandleRef | NameRef]) -> None:
        self.tokens: list[Any] = []
        self.arrays: list[bytes | memoryview] = []
        self._refer = refer
        self._path: list[int] = []

    def add(self, value: Any) -> None:
        """Append `value`."""
        kind = type(value)
        if value is None or kind is bool or kind is float or (kind is int and -(1 << 63) <= value < 1 << 63):
            self.tokens.append(value)
        elif kind is str:
            self.tokens += (TEXT, plain_text(value))
        elif kind is np.ndarray:
            self._array(value)
        elif kind is list or kind is tuple or kind is dict:
            self._container(value)
        else:
            self._other(value)

    def _other(self, value: Any) -> None:
        kind = type(value)
        if kind is int and value.bit_length() <= MAX_BITS:
            self.tokens += (INT, hex(value))
        elif kind is complex:
            self.tokens += (COMPLEX, value.real, value.imag)
        elif kind is bytes or kind is np.bytes_:
            self.tokens += (BYTES, len(value))
            self.arrays.append(bytes(value))
        elif kind is np.str_:
            self.tokens += (TEXT, plain_text(str(value)))
        elif isinstance(value, np.generic) and value.dtype.str in DTYPES:
            self.tokens += (SCALAR, value.dtype.str)
            self.arrays.append(value.tobytes())
        elif kind is type and issubclass(value, np.generic) and value in _TYPES:
            self.tokens += (TYPE, _TYPES[value])
        else:
            self._reference(value)

    def _array(self, array: np.ndarray[Any, Any]) -> None:
        dtype, flags = array.dtype.str, array.flags
        if dtype not in DTYPES:
            self._reference(array)
            return
        order = "C" if flags.c_contiguous else "F" if flags.f_contiguous else "N"
        self.tokens += (ARRAY, dtype, order, array.ndim, *array.shape)
        self.arrays.append(_raw(array, order))

    def _container(self, value: Any) -> None:
        kind, tokens = type(value), self.tokens
        deep = len(self._path) >= MAX_DEPTH - 2 or id(value) in self._path
        long = len(value) > 0 and len(tokens) + len(value) > MAX_NODES
        if deep or long or (kind is dict and not all(map(can_be_key, list(value)))):
            self._reference(value)
            return
        self._path.append(id(value))
        items = list(value.items()) if kind is dict else list(value)
        tokens += (DICT if kind is dict else LIST if kind is list else TUPLE, len(items))
        for item in items:
            if kind is dict:
                self.add(item[0])
                self.add(item[1])
            else:
                self.add(item)
        self._path.pop()

    def _reference(self, value: Any) -> None:
        ref = self._refer(value)
        if isinstance(ref, NameRef):
            self.tokens += (NAME, ref.module, ref.path)
        else:
            self.tokens += (HANDLE, ref.number, KINDS.index(ref.kind), plain_text(ref.type_name, MAX_NAME))


def _joined(pieces: list[bytes | memoryview]) -> Iterator[bytes | memoryview]:
    """Yield the pieces, neighbours that are small as one, so that they take one write."""
    small: list[bytes | memoryview] = []
    for piece in pieces:
        if len(piece) < FIRST_READ:
            small.append(piece)
            continue
        yield b"".join(small)
        yield piece
        small.clear()
    yield b"".join(small)


def can_be_key(key: Any) -> bool:
    """Tell whether a dict with this key goes by value: of others, one could make many with the same hash."""
    if isinstance(key, int):
        return -(1 << 63) <= key < 1 << 63
    return key is None or isinstance(key, str | bytes | float | np.integer)


def _raw(array: np.ndarray[Any, Any], order: str) -> bytes | memoryview:
    """Return the bytes of `array`: Fortran-ordered where it is, else C-ordered; large ones are not copied."""
    if array.nbytes < FIRST_READ or order == "N":
        return array.tobytes("F" if order == "F" else "C")
    return (array.T if order == "F" else array).reshape(-1).view(np.uint8).data
