"""The data of the assignments: generated shapes, and CIFAR-10 read without running what is in its files."""

from __future__ import annotations

import os
import pickle
import struct

import numpy as np
import pytest
from utils import cifar10_files, data_utils, shapes10


def test_shapes_are_ten_classes_of_pictures_that_depend_on_the_seed_alone():
    images, labels = shapes10.make_shapes10(600, seed=3)
    assert (images.shape, images.dtype) == ((600, 32, 32, 3), np.uint8)
    assert set(labels) == set(range(len(shapes10.CLASSES)))
    again, _ = shapes10.make_shapes10(600, seed=3)
    other, _ = shapes10.make_shapes10(600, seed=4)
    assert (images == again).all()
    assert (images != other).any()


class Python2Pickler(pickle._Pickler):
    """Writes bytes as the strings of Python 2, which CIFAR-10's files hold."""

    dispatch = pickle._Pickler.dispatch | {
        bytes: lambda self, data: self.write(pickle.BINSTRING + struct.pack("<i", len(data)) + data)
    }


def write_batch(path, images, labels):
    with path.open("wb") as file:
        Python2Pickler(file, protocol=2).dump({b"data": images.reshape(len(images), -1), b"labels": labels})


@pytest.fixture
def cifar10(tmp_path, monkeypatch):
    """Lay out a CIFAR-10 of four pictures in each file and return its folder."""
    folder = tmp_path / "cifar-10-batches-py"
    folder.mkdir()
    for number, name in enumerate((*cifar10_files.TRAINING_FILES, cifar10_files.TEST_FILE)):
        write_batch(folder / name, np.full((4, 3, 32, 32), 10 * number, np.uint8), [number, 1, 2, 9])
    monkeypatch.setenv("CIFAR10_DIR", str(tmp_path))
    return folder


def test_cifar10_is_read_from_its_published_layout(cifar10):
    x_train, y_train, x_test, y_test = data_utils.load_CIFAR10(cifar10)
    assert (x_train.shape, x_test.shape) == ((20, 32, 32, 3), (4, 32, 32, 3))
    assert list(y_train[:8]) == [0, 1, 2, 9, 1, 1, 2, 9]
    assert (x_train[4:8] == 10).all()
    assert (x_test == 50).all()
    assert y_test[0] == 5


def test_data_are_split_in_order_and_centred_on_the_training_part(cifar10):
    data = data_utils.get_CIFAR10_data(num_training=8, num_validation=4, num_test=2)
    assert data["X_train"].shape == (8, 3, 32, 32)
    assert [np.unique(data[part]).tolist() for part in ("X_train", "X_val", "X_test")] == [
        [-5, 5],
        [15],
        [45],
    ]
    assert (data["mean_image"] == 5).all()
    assert data["class_names"][0] == "airplane"


def test_more_pictures_than_there_are_is_an_error(cifar10):
    with pytest.raises(ValueError, match=r"21 images wanted, but data_batch_1, .* hold 20"):
        data_utils.get_CIFAR10_data(num_training=20, num_validation=1)


def test_a_missing_file_is_named(cifar10):
    (cifar10 / "data_batch_3").unlink()
    with pytest.raises(FileNotFoundError, match="data_batch_3: no such file"):
        data_utils.load_CIFAR10(cifar10)


class Malicious:
    def __init__(self, function, *arguments):
        self.reduced = (function, arguments)

    def __reduce__(self):
        return self.reduced


def test_a_pickle_that_calls_something_is_refused_and_not_run(cifar10, tmp_path):
    malicious = Malicious(os.mkdir, str(tmp_path / "owned"))
    (cifar10 / "test_batch").write_bytes(pickle.dumps(malicious, protocol=2))
    with pytest.raises(ValueError, match=r"test_batch: not a batch of CIFAR-10 \(it asks for .*mkdir\)"):
        cifar10_files.read_batch(cifar10 / "test_batch")
    assert not (tmp_path / "owned").exists()


def test_an_array_of_anything_but_bytes_is_refused(cifar10):
    write_batch(cifar10 / "test_batch", np.zeros((4, 3072)), [0, 1, 2, 3])
    with pytest.raises(ValueError, match="an array that is not of uint8"):
        cifar10_files.read_batch(cifar10 / "test_batch")


@pytest.mark.parametrize(("labels", "words"), [([0, 1], "reshape"), ([0, 1, 2, 10], "labels beyond 0 to 9")])
def test_a_batch_with_wrong_labels_is_refused(cifar10, labels, words):
    write_batch(cifar10 / "test_batch", np.zeros((4, 3072), np.uint8), labels)
    with pytest.raises(ValueError, match=words):
        cifar10_files.read_batch(cifar10 / "test_batch")


def test_without_cifar10_one_line_says_that_shapes_are_used(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CIFAR10_DIR", raising=False)
    data = data_utils.get_CIFAR10_data(num_training=50, num_validation=20, num_test=10)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    assert "CIFAR-10 not found" in lines[0]
    assert "50 generated pictures of shapes" in lines[0]
    assert [len(data[f"X_{part}"]) for part in ("train", "val", "test")] == [50, 20, 10]


def test_cifar10_is_found_in_datasets_above_the_current_folder(cifar10, tmp_path, monkeypatch):
    monkeypatch.delenv("CIFAR10_DIR")
    (tmp_path / "deep" / "down").mkdir(parents=True)
    (tmp_path / "datasets").mkdir()
    moved = cifar10.rename(tmp_path / "datasets" / cifar10.name)
    monkeypatch.chdir(tmp_path / "deep" / "down")
    assert data_utils.find_CIFAR10() == moved
