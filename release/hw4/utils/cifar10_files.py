"""Reader of CIFAR-10's published files, which are pickles: read here without running what is in them.

A pickle may call any function when it is loaded. The reader below knows three names, those by which
NumPy stores an array, and gives each a stand-in of its own, so that a prepared file can neither call
anything nor hand NumPy a forged array. What comes out is bytes, numbers, lists, dictionaries and arrays
of uint8; everything else is refused.
"""

import pickle
from pathlib import Path

import numpy as np

TRAINING_FILES = tuple(f"data_batch_{i}" for i in range(1, 6))
TEST_FILE = "test_batch"
FOLDER = "cifar-10-batches-py"
CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


def read_batch(path):
    """Read one file of CIFAR-10.

    Returns
    -------
    images : uint8 ndarray of shape (N, 3, 32, 32)
    labels : integer ndarray of shape (N,)

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is not a batch of CIFAR-10; nothing in it has been run.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"{path}: no such file; CIFAR-10 is data_batch_1 to 5 and test_batch")
    try:
        with path.open("rb") as file:
            batch = _ArrayUnpickler(file, encoding="bytes").load()
        rows, labels = batch[b"data"].values, np.array(batch[b"labels"], dtype=np.int64)
        images = rows.reshape(len(labels), 3, 32, 32)
    except (
        pickle.UnpicklingError,
        EOFError,
        AttributeError,
        IndexError,
        KeyError,
        TypeError,
        ValueError,
    ) as error:
        raise ValueError(f"{path}: not a batch of CIFAR-10 ({error}); download it again") from error
    if labels.size and not 0 <= labels.min() <= labels.max() < len(CLASSES):
        raise ValueError(f"{path}: not a batch of CIFAR-10 (labels beyond 0 to 9); download it again")
    return images, labels


class _PickledDtype:
    """Stand-in for a dtype: remembers its code."""

    def __init__(self, code, *_):
        self.code = code

    def __setstate__(self, state):
        """Ignore the byte order, which bytes do not have."""


class _PickledArray:
    """Stand-in for an array: builds ``values`` from the stored bytes, if they are uint8."""

    def __init__(self, *_):
        self.values = None

    def __setstate__(self, state):
        _, shape, dtype, fortran_order, data = state
        if dtype.code not in (b"u1", "u1"):
            raise pickle.UnpicklingError("an array that is not of uint8")
        self.values = np.frombuffer(data, np.uint8).reshape(shape, order="F" if fortran_order else "C")


def _reconstruct(*_):
    return _PickledArray()


_KNOWN = {
    ("numpy", "ndarray"): _PickledArray,
    ("numpy", "dtype"): _PickledDtype,
    ("numpy.core.multiarray", "_reconstruct"): _reconstruct,
    ("numpy._core.multiarray", "_reconstruct"): _reconstruct,
}


class _ArrayUnpickler(pickle.Unpickler):
    def find_class(self, module, name):
        try:
            return _KNOWN[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}") from None
