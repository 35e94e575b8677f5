"""Reading hand-ins: where the package is found, and what is said where there is none."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from autograder.course import Assignment
from autograder.intake import HandIn, digest, read
from autograder.tests.sample_course import FC_NET, KNOWN, LAYERS, WHOLE, assignment, write, zipped
from autograder.types import Dialect, Submission


@pytest.fixture
def hw3(tmp_path: Path) -> Assignment:
    return assignment(tmp_path)


def read_at(path: Path, hw3: Assignment) -> Submission:
    return read(HandIn(student="alice", path=path), hw3, KNOWN)


def read_folder(tmp_path: Path, files: Mapping[str, bytes], hw3: Assignment, name: str = "alice") -> Submission:
    return read_at(write(tmp_path / name, files), hw3)


def under(prefix: str, files: Mapping[str, bytes] = WHOLE) -> dict[str, bytes]:
    return {f"{prefix}/{path}": data for path, data in files.items()}


def codes(submission: Submission) -> dict[str, str]:
    return {remark.code: remark.message for remark in submission.remarks}


@pytest.mark.parametrize("prefix", ["", "hw3/", "my work/über/code/"])
def test_package_is_found_at_any_depth(tmp_path: Path, hw3: Assignment, prefix: str) -> None:
    files = {prefix + path: data for path, data in WHOLE.items()}
    for submission in (
        read_folder(tmp_path, files, hw3),
        read_at(write(tmp_path, {"bob.zip": zipped(files)}) / "bob.zip", hw3),
    ):
        assert submission.problem == ""
        assert submission.files == WHOLE
        assert submission.remarks == ()


def test_same_work_has_the_same_digest_however_it_is_handed_in(tmp_path: Path, hw3: Assignment) -> None:
    folder = read_folder(tmp_path, under("deep", dict(reversed(WHOLE.items()))), hw3)
    archive = read_at(write(tmp_path, {"bob.zip": zipped(WHOLE)}) / "bob.zip", hw3)
    assert folder.sha256 == archive.sha256 == digest(WHOLE)
    assert digest({**WHOLE, "nndl/layers.py": b""}) != digest(WHOLE)


def test_names_and_contents_cannot_be_traded_in_a_digest() -> None:
    assert digest({"a": b"b", "c": b""}) != digest({"a": b"", "bc": b""})


def test_bytes_are_kept_as_they_are(tmp_path: Path, hw3: Assignment) -> None:
    odd = b"\xef\xbb\xbfx = 1\r\n\tif x:\r\n  pass\xff"
    submission = read_folder(tmp_path, {"nndl/layers.py": odd}, hw3)
    assert submission.files == {"nndl/layers.py": odd}


def test_only_sources_of_the_package_and_its_support_are_kept(tmp_path: Path, hw3: Assignment) -> None:
    extra = {
        "nndl/data.csv": b"1", "nndl/__pycache__/layers.cpython-311.pyc": b"1", "utils/solver.py": b"1",
        "nndl/.ipynb_checkpoints/layers-checkpoint.py": b"1", "nndl/._layers.py": b"1", "report.pdf": b"1",
        "__MACOSX/nndl/layers.py": b"1", "env/lib/site-packages/nndl/layers.py": b"1",
    }  # fmt: skip
    submission = read_folder(tmp_path, {**WHOLE, **extra}, hw3)
    assert submission.files == {**WHOLE, "utils/solver.py": b"1"}
    assert submission.remarks == ()


def test_most_complete_copy_is_taken_and_the_choice_explained(tmp_path: Path, hw3: Assignment) -> None:
    files = {"nndl/layers.py": b"old", **under("final version")}
    submission = read_folder(tmp_path, files, hw3)
    assert submission.files == WHOLE
    expected = "took final version/nndl (2 of 2 modules) because it is the most complete, not nndl (1 of 2 modules)"
    assert expected in codes(submission)["several_copies"]


def test_of_copies_with_the_same_modules_the_one_that_defines_most_is_taken(tmp_path: Path, hw3: Assignment) -> None:
    fewer = {**WHOLE, "nndl/layers.py": b"def nothing(): pass"}
    submission = read_folder(tmp_path, {**under("assignment1", fewer), **under("assignment2")}, hw3)
    assert submission.files == WHOLE
    assert (
        "took assignment2/nndl (2 of 2 modules) because it is the most complete" in codes(submission)["several_copies"]
    )


def test_of_equal_copies_the_one_nearest_to_the_top_is_taken(tmp_path: Path, hw3: Assignment) -> None:
    changed = {**WHOLE, "nndl/layers.py": WHOLE["nndl/layers.py"] + b"# other"}
    submission = read_folder(tmp_path, {**under("backup/a", changed), **under("b")}, hw3)
    assert submission.files == WHOLE
    assert "took b/nndl" in codes(submission)["several_copies"]
    assert "nearest to the top" in codes(submission)["several_copies"]


def test_copy_of_another_assignment_is_passed_over(tmp_path: Path, hw3: Assignment) -> None:
    changed = {**WHOLE, "nndl/layers.py": b"other"}
    submission = read_folder(tmp_path, {**under("hw4", changed), **under("x/hw3")}, hw3)
    assert submission.files == WHOLE
    assert "other is for another assignment" in codes(submission)["several_copies"]


@pytest.mark.parametrize("prefix", ["", "code/"])
def test_loose_modules_are_taken_as_the_package(tmp_path: Path, hw3: Assignment, prefix: str) -> None:
    submission = read_folder(tmp_path, {f"{prefix}layers.py": LAYERS, f"{prefix}fc_net.py": FC_NET}, hw3)
    assert submission.files == {"nndl/layers.py": LAYERS, "nndl/fc_net.py": FC_NET}
    assert "fc_net.py, layers.py taken as the package" in codes(submission)["loose_modules"]


@pytest.mark.parametrize("names", [("layers (1).py", "fc_net(2).py"), ("layers-1.py", "fc_net - Copy.py")])
def test_downloads_are_known_by_their_names_without_numbers(tmp_path, hw3: Assignment, names: tuple[str, str]) -> None:
    submission = read_folder(tmp_path, dict(zip(names, (LAYERS, FC_NET), strict=True)), hw3)
    assert submission.files == {"nndl/layers.py": LAYERS, "nndl/fc_net.py": FC_NET}


def test_download_does_not_replace_the_module_itself(tmp_path: Path, hw3: Assignment) -> None:
    submission = read_folder(tmp_path, {"layers.py": LAYERS, "layers (1).py": b"old"}, hw3)
    assert submission.files == {"nndl/layers.py": LAYERS, "nndl/layers (1).py": b"old"}


THEIRS = Dialect(
    title="Theirs", package="theirs", names={"nndl.layers": "theirs.layers", "nndl.fc_net": "theirs.classifiers.fc_net"}
)


@pytest.mark.parametrize("words", [b"from theirs.layers import *\n", b"from ..layers import *\n"])
@pytest.mark.parametrize("name", ["fc_net.py", "fc_net (1).py", "classifiers/fc_net.py"])
def test_loose_modules_are_of_the_package_that_they_speak_of(tmp_path, hw3: Assignment, name: str, words: bytes):
    path = write(tmp_path / "alice", {"layers.py": LAYERS, name: words + FC_NET})
    submission = read(HandIn(student="alice", path=path), hw3, KNOWN, dialects=[THEIRS])
    assert submission.files == {"theirs/layers.py": LAYERS, "theirs/classifiers/fc_net.py": words + FC_NET}


def test_loose_modules_that_do_not_say_are_the_courses_own(tmp_path: Path, hw3: Assignment) -> None:
    path = write(tmp_path / "alice", {"layers.py": LAYERS, "fc_net.py": FC_NET})
    files = read(HandIn(student="alice", path=path), hw3, KNOWN, dialects=[THEIRS]).files
    assert set(files) == {"nndl/layers.py", "nndl/fc_net.py"}


def test_zip_inside_a_zip_is_opened(tmp_path: Path, hw3: Assignment) -> None:
    write(tmp_path, {"bob.zip": zipped({"readme.txt": b"", "in/hw3.zip": zipped(WHOLE)})})
    submission = read_at(tmp_path / "bob.zip", hw3)
    assert submission.files == WHOLE
    assert "in/hw3.zip" in codes(submission)["nested_zip"]


def test_zips_are_not_opened_deeper_than_one_level(tmp_path: Path, hw3: Assignment) -> None:
    write(tmp_path, {"bob.zip": zipped({"1.zip": zipped({"2.zip": zipped(WHOLE)})})})
    assert "no package 'nndl' was found" in read_at(tmp_path / "bob.zip", hw3).problem


def test_lone_module_is_known_by_its_name_or_by_what_it_defines(tmp_path: Path, hw3: Assignment) -> None:
    write(tmp_path, {"fc_net.py": b"", "alice.py": LAYERS, "empty.py": b"x = 1"})
    assert read_at(tmp_path / "fc_net.py", hw3).files == {"nndl/fc_net.py": b""}
    assert read_at(tmp_path / "alice.py", hw3).files == {"nndl/layers.py": LAYERS}
    assert "no package 'nndl' was found" in read_at(tmp_path / "empty.py", hw3).problem


def test_notebook_alone_holds_no_package(tmp_path: Path, hw3: Assignment) -> None:
    write(tmp_path, {"alice.ipynb": b"{}"})
    assert read_at(tmp_path / "alice.ipynb", hw3).problem == (
        "no package 'nndl' was found, nor any of its modules (fc_net.py, layers.py); it holds alice.ipynb"
    )


def test_compiled_files_are_not_used_and_it_is_said(tmp_path: Path, hw3: Assignment) -> None:
    submission = read_folder(tmp_path, {**WHOLE, "nndl/im2col.so": b"", "nndl/x.pyc": b""}, hw3)
    assert submission.files == WHOLE
    assert codes(submission)["compiled"] == "compiled files are not used: nndl/im2col.so, nndl/x.pyc"


def test_package_of_compiled_files_only_is_a_problem(tmp_path: Path, hw3: Assignment) -> None:
    submission = read_folder(tmp_path, {"nndl/layers.pyc": b""}, hw3)
    assert "compiled files only (nndl/layers.pyc)" in submission.problem


def test_package_without_a_module_of_the_assignment_is_a_problem(tmp_path: Path, hw3: Assignment) -> None:
    submission = read_folder(tmp_path, {"nndl/softmax.py": b"", "nndl/svm.py": b""}, hw3, name="alice_hw4")
    assert submission.problem == (
        "the package nndl holds none of hw3's modules (fc_net.py, layers.py), only softmax.py, svm.py"
        "; from its name it is for hw4, not hw3"
    )


@pytest.mark.parametrize(("name", "files"), [("alice-hw4", WHOLE), ("alice", under("HW4 final"))])
def test_work_under_the_name_of_another_assignment_is_graded_with_a_remark(
    tmp_path: Path, hw3: Assignment, name: str, files: dict[str, bytes]
) -> None:
    submission = read_folder(tmp_path, files, hw3, name=name)
    assert submission.files == WHOLE
    assert "its name says hw4" in codes(submission)["other_assignment"]


def test_empty_folder_is_a_problem(tmp_path: Path, hw3: Assignment) -> None:
    assert read_folder(tmp_path, {}, hw3).problem == "there are no files in it"


def test_what_was_wrong_when_it_was_found_is_the_problem(tmp_path: Path, hw3: Assignment) -> None:
    hand_in = HandIn(student="alice", path=tmp_path, problem="it holds hw4")
    assert read(hand_in, hw3, KNOWN).problem == "it holds hw4"


def test_unreadable_folder_is_a_problem(tmp_path: Path, hw3: Assignment, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "alice", WHOLE)

    def refuse(*_: object, **__: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    assert read_at(tmp_path / "alice", hw3).problem == "it cannot be read: Permission denied"


def test_missing_hand_in_is_a_problem(tmp_path: Path, hw3: Assignment) -> None:
    assert "No such file" in read_at(tmp_path / "gone", hw3).problem
