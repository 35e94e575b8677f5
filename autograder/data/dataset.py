"""Images for training and for measuring, on the trusted side: the labels of what is measured on never leave it.

Where CIFAR-10 is, it is used, else shapes10, of which any number of new pictures can be drawn. Both are given
in the form that students' `get_CIFAR10_data` gives them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from autograder.data import published
from autograder.data.cache import Cache
from autograder.data.support import drawn_by, support
from autograder.errors import UsageError

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Images:
    """Images (N, 3, 32, 32), float32 with the mean training image subtracted, and their labels (N,)."""

    X: Array
    y: Array

    def __len__(self) -> int:
        return len(self.y)


class Source(Protocol):
    """A set of uint8 images (N, 3, 32, 32) with labels (N,)."""

    name: str
    students_training: int  # how many of them students train on

    def training(self, count: int) -> tuple[Array, Array]:
        """Return the first `count` training images."""
        ...

    def unseen(self, count: int, seed: list[int]) -> tuple[Array, Array]:
        """Return `count` images that are not for training, chosen by `seed`."""
        ...


class Shapes10:
    """Pictures drawn from a seed by the course's ``utils.shapes10``."""

    name = "shapes10"

    def __init__(self, solutions: Path, cache: Cache) -> None:
        self._module = support(solutions, "shapes10")
        data_utils = support(solutions, "data_utils")
        self.students_training: int = data_utils.FALLBACK_TRAINING
        self._training_seed: int = data_utils.FALLBACK_SEED
        self._cache = cache.of(self.name, drawn_by(solutions))

    def training(self, count: int) -> tuple[Array, Array]:
        """Return the `count` pictures that students train on; kept in the cache."""
        return self._cache.arrays(f"training-{count}", lambda: self._draw(count, self._training_seed))

    def unseen(self, count: int, seed: list[int]) -> tuple[Array, Array]:
        """Return new pictures."""
        return self._draw(count, seed)

    def _draw(self, count: int, seed: int | list[int]) -> tuple[Array, Array]:
        images, labels = self._module.make_shapes10(count, seed)
        return np.ascontiguousarray(images.transpose(0, 3, 1, 2)), labels


class Cifar10:
    """CIFAR-10's published files, read by the course's ``utils.cifar10_files``."""

    name = "cifar10"
    students_training = 49_000

    def __init__(self, folder: Path, solutions: Path) -> None:
        self._folder = folder
        self._reader = support(solutions, "cifar10_files")

    def training(self, count: int) -> tuple[Array, Array]:
        """Return the first `count` training images."""
        return self._read(published.NEEDED[:5], count)

    def unseen(self, count: int, seed: list[int]) -> tuple[Array, Array]:
        """Return images of the test set in a random order: there are 10,000, and no others."""
        images, labels = self._read(published.NEEDED[5:], None)
        if count > len(labels):
            raise UsageError(f"{self._folder}: {count} test images wanted, CIFAR-10 has {len(labels)}")
        chosen = np.random.default_rng(seed).permutation(len(labels))[:count]
        return images[chosen], labels[chosen]

    def _read(self, names: tuple[str, ...], count: int | None) -> tuple[Array, Array]:
        images, labels, have = list[Array](), list[Array](), 0
        for name in names:
            if count is not None and have >= count:
                break
            batch = self._batch(name)
            images.append(batch[0])
            labels.append(batch[1])
            have += len(batch[1])
        if count is not None and have < count:
            raise UsageError(f"{self._folder}: {count} images wanted, {', '.join(names)} hold {have}")
        return np.concatenate(images)[:count], np.concatenate(labels)[:count]

    def _batch(self, name: str) -> tuple[Array, Array]:
        try:
            images, labels = self._reader.read_batch(self._folder / name)
        except (OSError, ValueError) as error:
            raise UsageError(str(error)) from error
        return images, labels


def source(root: Path, solutions: Path) -> Source:
    """Return CIFAR-10 where it is found from the course's folder, else shapes10."""
    folder = published.find(root)
    return Cifar10(folder, solutions) if folder else shapes10(root, solutions)


def shapes10(root: Path, solutions: Path) -> Shapes10:
    """Return shapes10, with the cache of the course in `root`."""
    return Shapes10(solutions, Cache(root))


class Dataset:
    """What a suite's fixture `dataset` is: data for training, and images that nobody has trained on.

    The same seed gives the same images; two calls of `unseen` give different ones.
    """

    def __init__(self, source: Source, seed: int) -> None:
        self.name = source.name
        self._source, self._seed = source, seed
        self._calls = 0
        self._mean: Any = None

    def training(self, num_training: int, num_validation: int = 1000) -> dict[str, Array]:
        """Return ``X_train, y_train, X_val, y_val`` as `get_CIFAR10_data` does for these numbers.

        All of it may be handed to student code. From now on `unseen` subtracts the same mean image.
        """
        X, y = self._source.training(num_training + num_validation)
        self._mean = mean = X[:num_training].mean(axis=0, dtype=np.float64).astype(np.float32)
        X = X.astype(np.float32) - mean
        return {
            "X_train": X[:num_training],
            "y_train": y[:num_training],
            "X_val": X[num_training:],
            "y_val": y[num_training:],
        }

    def unseen(self, count: int) -> Images:
        """Return `count` images to measure on; hand over `X` and keep `y`.

        Where nothing was trained here, the mean image is that of `get_CIFAR10_data()` as students call it.
        """
        if self._mean is None:
            self.training(self._source.students_training)
        self._calls += 1
        X, y = self._source.unseen(count, [self._seed, self._calls])
        return Images(X.astype(np.float32) - self._mean, y)
