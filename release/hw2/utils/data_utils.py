"""Data sets, loaded and prepared for training."""

import os
from pathlib import Path

import numpy as np

from . import cifar10_files
from .shapes10 import CLASSES as SHAPES
from .shapes10 import make_shapes10

# The generated data set is as large as a first network needs, so that nobody waits for it.
FALLBACK_TRAINING = 9000
# Of those for training. The last 1000 are then as hard as such pictures are on average.
FALLBACK_SEED = 6


def get_CIFAR10_data(num_training=49000, num_validation=1000, num_test=1000, subtract_mean=True):
    """Load CIFAR-10 in the three parts that a training run needs.

    The folder ``cifar-10-batches-py`` is looked for in the environment variable ``CIFAR10_DIR`` (the
    folder itself or the one that holds it), then in ``datasets`` beside or above the current
    directory. Where it is in none of them, generated pictures of ten shapes stand in, at most
    9000 for training, and a line is printed that says so.

    Parameters
    ----------
    num_training, num_validation : int
        The first images of the training set are for training, the next for validation.
    num_test : int
        The first images of the test set.
    subtract_mean : bool
        Whether to subtract the mean training image, so that every pixel is centred around 0.

    Returns
    -------
    dict
        ``X_train``, ``X_val``, ``X_test``: float32 arrays of shape (N, 3, 32, 32), pixels 0 to 255 before
        the mean is subtracted; ``y_train``, ``y_val``, ``y_test``: integer arrays of shape (N,), 0 to 9;
        ``mean_image``: (3, 32, 32), zeros where it was not subtracted; ``class_names``: (10,).
    """
    folder = find_CIFAR10()
    if folder is None:
        num_training = min(num_training, FALLBACK_TRAINING)
        print(
            f"CIFAR-10 not found (in {os.environ.get('CIFAR10_DIR') or 'CIFAR10_DIR'} or datasets/): "
            f"using {num_training} generated pictures of shapes for training instead"
        )
        training = _make_shapes(num_training + num_validation, seed=FALLBACK_SEED)
        test = _make_shapes(num_test, seed=1)
        names = SHAPES
    else:
        training = _read(folder, cifar10_files.TRAINING_FILES, num_training + num_validation)
        test = _read(folder, [cifar10_files.TEST_FILE], num_test)
        names = cifar10_files.CLASSES

    X, y = training
    mean_image = np.zeros(X.shape[1:], X.dtype)
    if subtract_mean:
        # In float64, because float32 loses digits in a sum of so many numbers.
        mean_image += X[:num_training].mean(axis=0, dtype=np.float64)
    X -= mean_image
    return {
        "X_train": X[:num_training],
        "y_train": y[:num_training],
        "X_val": X[num_training:],
        "y_val": y[num_training:],
        "X_test": test[0] - mean_image,
        "y_test": test[1],
        "mean_image": mean_image,
        "class_names": np.array(names),
    }


def find_CIFAR10():
    """Return the path of the folder ``cifar-10-batches-py``, or None where there is none."""
    candidates = []
    if os.environ.get("CIFAR10_DIR"):
        named = Path(os.environ["CIFAR10_DIR"])
        candidates += [named, named / cifar10_files.FOLDER]
    here = Path.cwd()
    candidates += [base / "datasets" / cifar10_files.FOLDER for base in (here, *here.parents)]
    for folder in candidates:
        # Unlike is_file, access says no, and raises nothing, where a folder may not be looked into.
        if os.access(folder / cifar10_files.TEST_FILE, os.R_OK):
            return folder
    return None


def load_CIFAR10(root):
    """Read all of CIFAR-10 from its published files.

    Parameters
    ----------
    root : str or Path
        The folder ``cifar-10-batches-py``.

    Returns
    -------
    X_train, y_train : ndarrays of shapes (50000, 32, 32, 3) and (50000,)
    X_test, y_test : ndarrays of shapes (10000, 32, 32, 3) and (10000,)
        Images are float32, channels last, 0 to 255; labels are integers, 0 to 9.

    Raises
    ------
    FileNotFoundError, ValueError
        If a file is missing, or is not one of CIFAR-10. Nothing stored in a file is ever run.
    """
    X_train, y_train = _read(root, cifar10_files.TRAINING_FILES)
    X_test, y_test = _read(root, [cifar10_files.TEST_FILE])
    return X_train.transpose(0, 2, 3, 1), y_train, X_test.transpose(0, 2, 3, 1), y_test


def _read(folder, names, count=None):
    """Return the first `count` images (N, 3, 32, 32) as float32, and labels, of some of CIFAR-10's files."""
    batches = []
    found = 0
    for name in names:
        if count is not None and found >= count:
            break
        batches.append(cifar10_files.read_batch(Path(folder) / name))
        found += len(batches[-1][1])
    if count is not None and found < count:
        raise ValueError(f"{folder}: {count} images wanted, but {', '.join(names)} hold {found}")
    images = np.concatenate([images for images, _ in batches])[:count]
    labels = np.concatenate([labels for _, labels in batches])[:count]
    return images.astype(np.float32), labels


def _make_shapes(count, seed):
    images, labels = make_shapes10(count, seed)
    return images.transpose(0, 3, 1, 2).astype(np.float32, order="C"), labels
