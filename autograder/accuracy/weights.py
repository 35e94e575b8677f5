"""Weights that were handed in, ``.npz``: read without pickle, bounded, and held against the model that they are for.

NumPy's own reader believes what a file says of itself; here every size is looked at before anything is unpacked.
"""

from __future__ import annotations

import io
import math
import struct
import tokenize
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from autograder.accuracy.handed_in import MISSING, NotHandedIn
from autograder.checks import CheckFailure
from autograder.text import one_line

Array = npt.NDArray[Any]

_MOST_BYTES = 256 << 20  # of all arrays together, unpacked
_MOST_ARRAYS = 500
_HEADER_BYTES = 4096
# What `zipfile` and NumPy's reader of headers raise for damaged files, as fuzzing has shown.
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError,
    tokenize.TokenError, SyntaxError, TypeError, KeyError, IndexError, OverflowError, struct.error, MemoryError,
)  # fmt: skip


class Weights:
    """What a suite's fixture `weights` is: the files of weights that came with a submission."""

    def __init__(self, extras: Mapping[str, bytes]) -> None:
        self._extras = extras

    def read(self, name: str) -> dict[str, Array]:
        """Return the arrays of the file `name`, by their names.

        Raises
        ------
        CheckFailure
            When it was not handed in, or holds anything but finite numbers.
        """
        data = self._extras.get(name)
        if data is None:
            raise NotHandedIn(f"{name} {MISSING}: save it with np.savez('{name}', **model.params)")
        return read_npz(data, name)

    def put(self, name: str, model: Any) -> None:
        """Give `model` the arrays of the file `name`; they need the names and shapes of its ``params``.

        Raises
        ------
        CheckFailure
            When they are not what the model has.
        """
        arrays = self.read(name)
        wanted = {key: np.shape(model.params[key]) for key in model.params}
        check_shapes(arrays, wanted, name)
        for key, array in arrays.items():
            model.params[key] = array


def check_shapes(arrays: Mapping[str, Array], wanted: Mapping[str, tuple[int, ...]], name: str) -> None:
    """Fail unless `arrays` have exactly the names and shapes in `wanted`."""
    missing, unknown = sorted(wanted.keys() - arrays.keys()), sorted(arrays.keys() - wanted.keys())
    if missing or unknown:
        parts = [f"lacks {', '.join(missing)}"] * bool(missing)
        parts += [f"has {', '.join(one_line(key, 40) for key in unknown)}, which the model has not"] * bool(unknown)
        raise CheckFailure(f"{name} does not fit the model: it {' and '.join(parts)}")
    for key, shape in wanted.items():
        if arrays[key].shape != shape:
            raise CheckFailure(f"{key} in {name} has shape {arrays[key].shape}, the model's has {shape}")


def read_npz(data: bytes, name: str) -> dict[str, Array]:
    """Return the arrays of an .npz file by name; CheckFailure says what is wrong with it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            if len(infos) > _MOST_ARRAYS:
                raise CheckFailure(f"{name} holds more than {_MOST_ARRAYS} arrays")
            room, arrays = _MOST_BYTES, dict[str, Array]()
            for info in infos:
                array = _array(archive, info, room, name)
                room -= array.nbytes
                arrays[info.filename.removesuffix(".npy")] = array
    except _DAMAGE as error:
        raise CheckFailure(f"{name} is not a file of np.savez, or damaged ({one_line(str(error), 80)})") from error
    if not arrays:
        raise CheckFailure(f"{name} holds no arrays")
    return arrays


def _array(archive: zipfile.ZipFile, info: zipfile.ZipInfo, room: int, name: str) -> Array:
    shown = f"{one_line(info.filename.removesuffix('.npy'), 40)} in {name}"
    with archive.open(info) as stream:
        version = np.lib.format.read_magic(stream)
        read_header = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
        if version not in read_header:
            raise CheckFailure(f"{shown} has an unusual format; save it with np.savez")
        shape, fortran, dtype = read_header[version](stream, max_header_size=_HEADER_BYTES)
        if dtype.hasobject or dtype.kind not in "iuf":
            raise CheckFailure(f"{shown} holds {'objects' if dtype.hasobject else dtype}, numbers were expected")
        size = math.prod(shape) * dtype.itemsize
        if min(shape, default=0) < 0:  # read() takes a negative number for all there is
            raise CheckFailure(f"{shown} has the impossible shape {shape}")
        if math.prod(n or 1 for n in shape) * dtype.itemsize > room:
            raise CheckFailure(f"{shown} has shape {shape}: more than the {_MOST_BYTES >> 20} MB that are read")
        content = stream.read(size + 1)
    if len(content) != size:
        raise CheckFailure(f"{shown} is cut short: its shape is {shape}, but it has {len(content)} bytes")
    array = np.frombuffer(content, dtype).reshape(shape, order="F" if fortran else "C")
    if not np.isfinite(array).all():
        raise CheckFailure(f"{shown} has values that are not finite")
    return array.astype(dtype.newbyteorder("="))
