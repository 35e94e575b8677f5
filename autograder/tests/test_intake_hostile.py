"""Hand-ins made to do harm: each is read within bounds, and gets one sentence."""

from __future__ import annotations

import os
import random
import struct
import tracemalloc
import warnings
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.course import Assignment
from autograder.intake import BOUNDS, Bounds, HandIn, read
from autograder.tests.sample_course import KNOWN, LAYERS, WHOLE, assignment, write, zipped
from autograder.types import Submission

SECRET = b"the hidden suite"


@pytest.fixture(scope="module")
def hw3(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    return assignment(tmp_path_factory.mktemp("course"))


def read_at(path: Path, hw3: Assignment, bounds: Bounds = BOUNDS) -> Submission:
    return read(HandIn(student="eve", path=path), hw3, KNOWN, bounds)


def read_zip(tmp_path: Path, data: bytes, hw3: Assignment, bounds: Bounds = BOUNDS) -> Submission:
    path = tmp_path / "eve.zip"
    path.write_bytes(data)
    return read_at(path, hw3, bounds)


def with_entry(tmp_path: Path, info: zipfile.ZipInfo, data: bytes = b"x") -> bytes:
    path = tmp_path / "made.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in WHOLE.items():
            archive.writestr(name, content)
        archive.writestr(info, data)
    return path.read_bytes()


@pytest.mark.parametrize(
    "name", ["../nndl/layers.py", "a/../../x.py", "/etc/passwd", "C:\\nndl\\layers.py", "..\\x.py", "\\x.py"]
)
def test_entry_that_leads_out_of_the_zip_is_a_problem(tmp_path: Path, hw3: Assignment, name: str) -> None:
    problem = read_zip(tmp_path, with_entry(tmp_path, zipfile.ZipInfo(name)), hw3).problem
    assert "an entry that leads out of it" in problem
    assert problem.isprintable()


def test_backslashes_of_windows_programs_are_understood(tmp_path: Path, hw3: Assignment) -> None:
    files = {path.replace("/", "\\"): data for path, data in WHOLE.items()}
    assert read_zip(tmp_path, zipped(files), hw3).files == WHOLE


def test_symbolic_link_in_a_zip_is_not_a_file(tmp_path: Path, hw3: Assignment) -> None:
    link = zipfile.ZipInfo("nndl/optim.py")
    link.external_attr = 0o120777 << 16
    submission = read_zip(tmp_path, with_entry(tmp_path, link, b"/etc/passwd"), hw3)
    assert submission.files == WHOLE
    assert [remark.message for remark in submission.remarks] == ["links are not followed: nndl/optim.py"]


def test_last_of_two_entries_of_one_name_counts(tmp_path: Path, hw3: Assignment) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile's own, about the duplicate
        data = with_entry(tmp_path, zipfile.ZipInfo("nndl/layers.py"), LAYERS + b"# again")
    submission = read_zip(tmp_path, data, hw3)
    assert submission.files["nndl/layers.py"] == LAYERS + b"# again"
    assert "nndl/layers.py more than once" in submission.remarks[0].message


def test_encrypted_zip_is_a_problem(tmp_path: Path, hw3: Assignment) -> None:
    data = bytearray(zipped(WHOLE))
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        position = data.find(signature)
        while position >= 0:
            data[position + offset] |= 1
            position = data.find(signature, position + 4)
    assert "encrypted" in read_zip(tmp_path, bytes(data), hw3).problem


def test_truncated_zip_is_a_problem(tmp_path: Path, hw3: Assignment) -> None:
    data = zipped(WHOLE)
    for length in (4, len(data) // 2, len(data) - 1):
        assert "damaged or not complete" in read_zip(tmp_path, data[:length], hw3).problem


def test_damaged_file_in_a_zip_is_a_problem(tmp_path: Path, hw3: Assignment) -> None:
    data = zipped(WHOLE)
    start = data.index(b"nndl/layers.py") + len("nndl/layers.py")
    damaged = data[:start] + b"\xff" * 10 + data[start + 10 :]
    assert read_zip(tmp_path, damaged, hw3).problem == "the zip is damaged: nndl/layers.py cannot be unpacked"


def test_unusual_compression_is_a_problem(tmp_path: Path, hw3: Assignment) -> None:
    lzma = zipfile.ZipInfo("nndl/optim.py")
    lzma.compress_type = zipfile.ZIP_LZMA
    assert "compressed in an unusual way" in read_zip(tmp_path, with_entry(tmp_path, lzma), hw3).problem


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "the file is empty"),
        (zipped({}), "the zip is empty"),
        (b"Rar!\x1a\x07", "a rar archive; hand in a folder or a zip"),
        (b"\x1f\x8b\x08", "a gzip or tar.gz archive"),
        (b"\0" * 257 + b"ustar", "a tar archive"),
        (b"%PDF-1.7", "a PDF document"),
        (b"hello", "damaged or not complete"),
    ],
)
def test_file_that_is_no_good_zip_is_a_problem(tmp_path: Path, hw3: Assignment, data: bytes, words: str) -> None:
    assert words in read_zip(tmp_path, data, hw3).problem


def test_bomb_is_unpacked_no_further_than_the_limit(tmp_path: Path, hw3: Assignment) -> None:
    data = zipped({"nndl/layers.py": b"0" * (300 << 20)})
    tracemalloc.start()
    try:
        problem = read_zip(tmp_path, data, hw3).problem
        assert tracemalloc.get_traced_memory()[1] < 30 << 20
    finally:
        tracemalloc.stop()
    assert problem == "nndl/layers.py is larger than the 1 MB that are read"


def test_bomb_that_lies_about_its_size_is_unpacked_no_further(tmp_path: Path, hw3: Assignment) -> None:
    data = zipped({"nndl/layers.py": b"0" * (4 << 20)})
    lying = data.replace(struct.pack("<L", 4 << 20), struct.pack("<L", 10))
    submission = read_zip(tmp_path, lying, hw3)
    assert sum(map(len, submission.files.values())) <= 10


def test_package_is_bounded_as_a_whole(tmp_path: Path, hw3: Assignment) -> None:
    many = {f"nndl/{number}.py": b"" for number in range(501)}
    large = {f"nndl/{number}.py": b"0" * (1 << 20) for number in range(9)}
    assert "holds more than 500 files" in read_zip(tmp_path, zipped(WHOLE | many), hw3).problem
    assert "is larger than 8 MB" in read_zip(tmp_path, zipped(WHOLE | large), hw3).problem


def test_more_entries_than_any_hand_in_has_are_refused(tmp_path: Path, hw3: Assignment) -> None:
    path = tmp_path / "eve.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(60_000):
            archive.writestr(f"{number}", b"")
    assert "more than 50000 files" in read_at(path, hw3).problem


def test_enormous_table_of_contents_is_not_read(tmp_path: Path, hw3: Assignment) -> None:
    bounds = replace(BOUNDS, directory_bytes=100)
    assert "table of contents is larger" in read_zip(tmp_path, zipped(WHOLE), hw3, bounds).problem


def test_enormous_file_is_not_read(tmp_path: Path, hw3: Assignment) -> None:
    bounds = replace(BOUNDS, archive_bytes=1 << 20)
    path = tmp_path / "eve.zip"
    with path.open("wb") as file:
        file.truncate(2 << 20)
    assert read_at(path, hw3, bounds).problem == "the file is larger than 1 MB"


def test_path_without_end_is_a_problem(tmp_path: Path, hw3: Assignment) -> None:
    data = zipped({"a/" * 30_000: b""})
    assert "an entry whose path is 60000 characters long" in read_zip(tmp_path, data, hw3).problem


def test_names_with_odd_characters_harm_nothing(tmp_path: Path, hw3: Assignment) -> None:
    odd = {"nndl/la\nyers.py": b"", "nndl/\x1b[31m.py": b"", "nndl/\u202e.py": b"", "nndl/x\0y.py": b""}
    submission = read_zip(tmp_path, zipped({**WHOLE, **odd}), hw3)
    assert submission.files.items() >= WHOLE.items()
    assert all(path.isprintable() for path in submission.files)
    only = read_zip(tmp_path, zipped({"\x1b[31mred": b""}), hw3)
    assert "it holds \\x1b[31mred" in only.problem
    assert read_zip(tmp_path, zipped({" \n": b""}), hw3).problem.endswith("it holds ' \\n'")


@pytest.mark.parametrize("name", [f"nndl/{'é' * 130}.py", "nndl/layers.py/optim.py", f"nndl/{'x' * 300}/optim.py"])
def test_file_that_no_disk_can_hold_is_left_out(tmp_path: Path, hw3: Assignment, name: str) -> None:
    assert read_zip(tmp_path, zipped({**WHOLE, name: b""}), hw3).files == WHOLE


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), edits=st.integers(1, 8))
def test_no_damage_to_a_zip_raises(tmp_path: Path, hw3: Assignment, seed: int, edits: int) -> None:
    source = random.Random(seed)
    data = bytearray(zipped({**WHOLE, "x/in.zip": zipped(WHOLE)}))
    for _ in range(edits):
        where = source.randrange(len(data))
        data[where : where + source.choice((0, 1, 1, 4))] = source.randbytes(source.choice((0, 1, 1, 4)))
    submission = read_zip(tmp_path, bytes(data), hw3)
    assert bool(submission.files) != bool(submission.problem)
    assert submission.problem.isprintable()


def test_links_in_a_folder_are_not_followed(tmp_path: Path, hw3: Assignment) -> None:
    secret = tmp_path / "secret.py"
    secret.write_bytes(SECRET)
    folder = write(tmp_path / "eve", WHOLE)
    (folder / "nndl/soft.py").symlink_to(secret)
    (folder / "nndl/hard.py").hardlink_to(secret)
    (folder / "nndl/loop").symlink_to(folder)
    submission = read_at(folder, hw3)
    assert submission.files == WHOLE
    expected = "links are not followed: nndl/hard.py, nndl/loop, nndl/soft.py"
    assert [remark.message for remark in submission.remarks] == [expected]


def test_package_that_is_a_link_is_a_problem(tmp_path: Path, hw3: Assignment) -> None:
    write(tmp_path / "solutions", WHOLE)
    folder = write(tmp_path / "eve", {"readme.txt": b""})
    (folder / "nndl").symlink_to(tmp_path / "solutions/nndl")
    assert "nndl is a link, and links are not followed" in read_at(folder, hw3).problem


@pytest.mark.parametrize("name", ["eve", "eve.zip", "eve.py"])
def test_hand_in_that_is_a_link_is_a_problem(tmp_path: Path, hw3: Assignment, name: str) -> None:
    (tmp_path / name).symlink_to(write(tmp_path / "other", WHOLE))
    assert "symbolic link" in read_at(tmp_path / name, hw3).problem


def test_pipes_are_not_opened(tmp_path: Path, hw3: Assignment) -> None:
    folder = write(tmp_path / "eve", WHOLE)
    os.mkfifo(folder / "nndl/optim.py")
    os.mkfifo(tmp_path / "eve.zip")
    assert read_at(folder, hw3).files == WHOLE
    assert read_at(tmp_path / "eve.zip", hw3).problem == "eve.zip is not an ordinary file"


def test_file_that_becomes_a_link_while_it_is_read_is_not_followed(tmp_path: Path, hw3: Assignment) -> None:
    from autograder.intake.bounds import Unusable
    from autograder.intake.tree import open_folder

    folder = write(tmp_path / "eve", WHOLE)
    with open_folder(folder, BOUNDS) as tree:
        (folder / "nndl/layers.py").unlink()
        (folder / "nndl/layers.py").symlink_to("/etc/passwd")
        with pytest.raises(Unusable, match="symbolic link"):
            tree.read("nndl/layers.py", 100)
        (folder / "nndl").rename(folder / "moved")
        (folder / "nndl").symlink_to("/etc")
        with pytest.raises(OSError, match="nndl"):
            tree.read("nndl/passwd", 10_000)


def test_folder_is_bounded_in_entries_and_depth(tmp_path: Path, hw3: Assignment) -> None:
    folder = write(tmp_path / "eve", WHOLE)
    assert "more than 3 files" in read_at(folder, hw3, replace(BOUNDS, entries=3)).problem
    deep = write(tmp_path / "deep", {f"{'a/' * 40}nndl/layers.py": b""})
    assert read_at(deep, hw3).problem == "there are no files in it"


def test_large_module_in_a_folder_is_a_problem(tmp_path: Path, hw3: Assignment) -> None:
    folder = write(tmp_path / "eve", {"nndl/layers.py": b"#" * ((1 << 20) + 1)})
    assert read_at(folder, hw3).problem == "nndl/layers.py is larger than the 1 MB that are read"


def test_names_that_are_no_text_harm_nothing(tmp_path: Path, hw3: Assignment) -> None:
    folder = write(tmp_path / "eve", WHOLE)
    Path(os.fsdecode(os.fsencode(folder / "nndl") + b"/\xff\xfe.py")).write_bytes(b"")
    assert read_at(folder, hw3).files == WHOLE


def test_folder_that_may_not_be_read_is_a_problem(tmp_path: Path, hw3: Assignment, monkeypatch) -> None:
    folder = write(tmp_path / "eve", WHOLE)

    def refuse(*_: object, **__: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)  # as root one may read everything
    assert read_at(folder, hw3).problem == "it cannot be read: Permission denied"
