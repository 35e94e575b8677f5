"""Weights in .npz files: read without pickle, whatever they claim to be, and put into the student's model."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from autograder.accuracy.weights import Weights
from autograder.checks import CheckFailure
from autograder.tests.accuracy_course import write_course
from autograder.tests.command_line import read_results, run


def savez(**arrays: Any) -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def archived(content: bytes, name: str = "W.npy") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def npy(shape: tuple[int, ...], data: bytes, descr: str = "<f4") -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array_header_1_0(buffer, {"descr": descr, "fortran_order": False, "shape": shape})
    return buffer.getvalue() + data


def model() -> SimpleNamespace:
    return SimpleNamespace(params={"W": np.zeros((2, 3)), "b": np.zeros(3)})


def put(data: bytes) -> SimpleNamespace:
    given = model()
    Weights({"best.npz": data}).put("best.npz", given)
    return given


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", ["<f4", ">f8", "<f2", "<i4"])
def test_weights_of_every_number_type_and_order_arrive(dtype: str, order: Any) -> None:
    w = np.array(np.arange(6).reshape(2, 3), dtype, order=order)
    given = put(savez(W=w, b=np.ones(3)))
    assert given.params["W"].tolist() == w.tolist()
    assert given.params["W"].dtype.isnative


FITS = {"W": np.zeros((2, 3)), "b": np.zeros(3)}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (savez(**FITS, c=np.zeros(1)), "it has c, which the model has not"),
        (savez(W=FITS["W"]), "it lacks b"),
        (savez(W=np.zeros((3, 2)), b=FITS["b"]), r"W in best.npz has shape \(3, 2\), the model's has \(2, 3\)"),
        (savez(W=np.full((2, 3), np.nan), b=FITS["b"]), "W in best.npz has values that are not finite"),
        (savez(W=np.array([print] * 6, object)), "W in best.npz holds objects, numbers were expected"),
        (savez(W=np.array(["a"])), "W in best.npz holds <U1, numbers were expected"),
        (archived(npy((50_000, 50_000), b"")), "more than the 256 MB that are read"),
        (archived(npy((10**9,) * 3, b"")), "more than the 256 MB that are read"),
        (archived(npy((0, 10**18), b"")), "more than the 256 MB that are read"),
        (archived(npy((-5,), b"1234")), "impossible shape"),
        (archived(npy((2, 3), b"1234")), "is cut short"),
        (archived(npy((1,), b"\0" * 100_000)), "is cut short"),
        (archived(b"\x80\x04."), "not a file of np.savez, or damaged"),
        (archived(npy((2, 3), b"", "|O")), "holds objects"),
        (archived(b"\x93NUMPY\x01\x00\xff\xff" + b"(" * 65535), "not a file of np.savez, or damaged"),
        (savez(**FITS)[:-30], "not a file of np.savez, or damaged"),
        (b"", "not a file of np.savez, or damaged"),
        (archived(b"")[-22:].replace(b"\1\0\1\0", b"\0\0\0\0"), "damaged|no arrays"),
        (savez(**{f"W{i}": np.zeros(1) for i in range(501)}), "more than 500 arrays"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(CheckFailure, match=words):
        put(data)


def test_a_file_that_was_not_handed_in_is_asked_for() -> None:
    with pytest.raises(
        CheckFailure, match=r"best.npz was not handed in, or is too large to be read: save it with np.savez"
    ):
        Weights({}).put("best.npz", model())


GIVEN = """
import pytest
from nndl.net import Net

pytestmark = pytest.mark.question("accuracy")


def test_given(measure, weights):
    model = Net()
    weights.put("best.npz", model)
    measure.given("val_accuracy", model.loss)


@pytest.mark.question("bonus")
def test_bonus():
    pass
"""


def test_handed_in_weights_are_measured_in_the_submissions_own_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CIFAR10_DIR", raising=False)
    write_course(tmp_path, suite=GIVEN)
    for student, shape in {"fits": (3072, 10), "turned": (10, 3072)}.items():
        folder = tmp_path / "in" / student
        (folder / "deep").mkdir(parents=True)
        (folder / "deep" / "best.npz").write_bytes(savez(W=np.full(shape, 0.5, np.float32)))
        run(f"cp -r solutions/nndl {folder}", tmp_path)
    assert run("autograder grade hw1 in --isolation none", tmp_path).returncode == 0
    found = read_results(tmp_path / "results" / "hw1")
    checks = {student: result["questions"][0]["checks"][0] for student, result in found.items()}
    assert checks["turned"]["message"] == "W in best.npz has shape (10, 3072), the model's has (3072, 10)"
    (measured,) = checks["fits"]["measurements"]
    assert (checks["fits"]["verdict"], measured["images"], measured["seeds"]) == ("passed", 200, [])
    assert measured["estimate"] < 0.25
