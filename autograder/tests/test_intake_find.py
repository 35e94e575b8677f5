"""Recognising what the paths on a command line are."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from autograder.course import Assignment
from autograder.errors import UsageError
from autograder.intake import Found, find
from autograder.tests.sample_course import KNOWN, LAYERS, WHOLE, assignment, write, zipped
from autograder.text import file_name


@pytest.fixture
def hw3(tmp_path: Path) -> Assignment:
    return assignment(tmp_path)


def hand_in(prefix: str) -> dict[str, bytes]:
    return {f"{prefix}/{path}": data for path, data in WHOLE.items()}


def found_at(hw3: Assignment, *paths: Path) -> Found:
    return find(paths, hw3, dict.fromkeys(KNOWN, hw3))


def students(found: Found) -> dict[str, str]:
    return {hand_in.student: hand_in.path.name for hand_in in found.hand_ins}


@pytest.mark.parametrize("top", ["nndl/layers.py", "layers.py", "fc_nets.ipynb"])
def test_folder_with_the_work_directly_in_it_is_one_hand_in(tmp_path: Path, hw3: Assignment, top: str) -> None:
    folder = write(tmp_path / "alice", {top: b"", "old/nndl/layers.py": b"", "other/nndl/layers.py": b""})
    found = found_at(hw3, folder)
    assert students(found) == {"alice": "alice"}
    assert found.notes == (f"{folder}: one hand-in",)


def test_folder_of_folders_zips_and_files_is_a_class(tmp_path: Path, hw3: Assignment) -> None:
    files = {**hand_in("alice"), "bob.zip": zipped(WHOLE), "carol.py": LAYERS, "dan.tar.gz": b"", "notes.txt": b""}
    folder = write(tmp_path / "class", files)
    (folder / "erin").mkdir()
    (folder / ".git").mkdir()
    found = found_at(hw3, folder)
    assert students(found) == {
        "alice": "alice", "bob": "bob.zip", "carol": "carol.py", "dan": "dan.tar.gz", "erin": "erin",
    }  # fmt: skip
    note = "a class of 5: 2 folders and 3 files, each one student's (ignored: notes.txt)"
    assert found.notes == (f"{folder}: {note}",)


def test_class_may_be_of_one(tmp_path: Path, hw3: Assignment) -> None:
    assert students(found_at(hw3, write(tmp_path / "class", hand_in("alice/work")))) == {"alice": "alice"}


def test_folder_with_its_work_in_a_part_of_it_is_one_hand_in(tmp_path: Path, hw3: Assignment) -> None:
    folder = write(tmp_path / "alice", {**hand_in("code"), "data/x.csv": b"", "report.pdf": b""})
    assert students(found_at(hw3, folder)) == {"alice": "alice"}


@pytest.mark.parametrize("beside", ["train.py", "plots.ipynb", "data/x.npy"])
def test_parts_of_one_students_work_are_not_students(tmp_path: Path, hw3: Assignment, beside: str) -> None:
    folder = write(tmp_path / "alice", {**hand_in("my work"), beside: b""})
    assert students(found_at(hw3, folder)) == {"alice": "alice"}


def test_folder_with_nothing_but_the_zip_of_the_assignment_is_one_hand_in(tmp_path: Path, hw3: Assignment) -> None:
    folder = write(tmp_path / "alice", {"hw3.zip": zipped(WHOLE)})
    assert students(found_at(hw3, folder)) == {"alice": "alice"}


def test_class_stays_a_class_with_a_student_of_an_odd_name(tmp_path: Path, hw3: Assignment) -> None:
    folder = write(tmp_path / "class", {**hand_in("alice"), **hand_in("project"), **hand_in("bob")})
    assert list(students(found_at(hw3, folder))) == ["alice", "bob", "project"]


@pytest.mark.parametrize("files", [("alice.py", "bob.ipynb"), ("alice.zip",), ("alice.zip", "bob.zip", "README")])
def test_folder_of_files_is_a_class(tmp_path: Path, hw3: Assignment, files: tuple[str, ...]) -> None:
    folder = write(tmp_path / "class", dict.fromkeys(files, b""))
    names = sorted(Path(name).stem for name in files if "." in name)
    assert list(students(found_at(hw3, folder))) == names


def test_folder_with_files_and_one_working_folder_is_one_hand_in(tmp_path: Path, hw3: Assignment) -> None:
    folder = write(tmp_path / "alice", {**hand_in("anything"), "report.pdf": b""})
    assert students(found_at(hw3, folder)) == {"alice": "alice"}


def test_tree_of_nbgrader_is_recognised(tmp_path: Path, hw3: Assignment) -> None:
    stamp = {"alice/hw3/timestamp.txt": b"2026-10-26 10:00:00.5 UTC\n"}
    folder = write(tmp_path / "submitted", {**hand_in("alice/hw3"), **stamp, **hand_in("bob/hw3")})
    found = found_at(hw3, folder)
    assert students(found) == {"alice": "hw3", "bob": "hw3"}
    assert found.hand_ins[0].submitted_at == "2026-10-26T10:00:00.500000+00:00"
    assert found.hand_ins[1].submitted_at is None


def test_student_who_handed_in_another_assignment_is_told(tmp_path: Path, hw3: Assignment) -> None:
    folder = write(tmp_path / "submitted", {**hand_in("alice/hw3"), **hand_in("dave/hw4")})
    _, dave = found_at(hw3, folder).hand_ins
    assert dave.problem == "it holds hw4, but nothing for hw3"


def test_student_whose_folder_has_the_number_of_another_course_is_graded(tmp_path: Path, hw3: Assignment) -> None:
    hw4 = hw3.model_copy(update={"name": "hw4", "holes": ["nndl.optim.adam"], "carried": []})
    folder = write(tmp_path / "submitted", {**hand_in("alice/hw4"), **hand_in("bob/hw4"), "bob/hw3/report.txt": b""})
    hand_ins = find([folder], hw3, {"hw3": hw3, "hw4": hw4}).hand_ins
    assert [(each.path.name, each.problem) for each in hand_ins] == [("alice", ""), ("bob", "")]


def test_folder_of_an_assignment_in_capitals_is_no_student(tmp_path: Path, hw3: Assignment) -> None:
    assert students(found_at(hw3, write(tmp_path / "alice", hand_in("HW3/code")))) == {"alice": "alice"}


@pytest.mark.parametrize("path", ["submitted/alice", "submitted/alice/hw3", "submitted/alice/hw3/nndl"])
def test_student_is_named_by_the_folder_that_is_theirs(tmp_path: Path, hw3: Assignment, path: str) -> None:
    write(tmp_path / "submitted", hand_in("alice/hw3"))
    (one,) = found_at(hw3, tmp_path / path).hand_ins
    assert one.student == "alice"


@pytest.mark.parametrize("name", ["alice.zip", "alice.ZIP", "alice.py", "alice/layers.py", "alice/hw3.zip"])
def test_file_is_one_hand_in(tmp_path: Path, hw3: Assignment, name: str) -> None:
    write(tmp_path, {name: b""})
    assert list(students(found_at(hw3, tmp_path / name))) == ["alice"]


def test_students_of_one_name_are_told_apart(tmp_path: Path, hw3: Assignment) -> None:
    folder = write(tmp_path / "class", {**hand_in("alice"), **hand_in("Alice"), "alice.zip": zipped(WHOLE)})
    found = found_at(hw3, folder)
    assert [hand_in.student for hand_in in found.hand_ins] == ["Alice", "alice-2", "alice-3"]
    (remark,) = found.hand_ins[2].remarks
    assert remark.message == "Alice is also called alice, so this one is alice-3"


def test_path_that_is_given_twice_is_one_hand_in(tmp_path: Path, hw3: Assignment) -> None:
    folder = write(tmp_path / "class", {**hand_in("alice"), **hand_in("bob")})
    found = found_at(hw3, folder, folder / "alice", folder / "bob/../alice")
    assert students(found) == {"alice": "alice", "bob": "bob"}


def test_class_member_that_is_a_link_is_kept_for_its_result(tmp_path: Path, hw3: Assignment) -> None:
    folder = write(tmp_path / "class", {**hand_in("alice"), **hand_in("bob")})
    (folder / "eve").symlink_to(folder / "alice")
    assert students(found_at(hw3, folder))["eve"] == "eve"


def test_link_that_the_user_gives_is_followed(tmp_path: Path, hw3: Assignment) -> None:
    (tmp_path / "link").symlink_to(write(tmp_path / "alice", WHOLE))
    assert students(found_at(hw3, tmp_path / "link")) == {"alice": "alice"}


def test_unreadable_folder_of_one_student_harms_nobody_else(
    tmp_path: Path, hw3: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "class", {**hand_in("alice"), **hand_in("bob")})
    scandir = os.scandir

    def refuse(path: str | Path) -> object:
        if Path(path).name == "bob":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert students(found_at(hw3, folder)) == {"alice": "alice", "bob": "bob"}
    with pytest.raises(UsageError, match="bob cannot be read: Permission denied"):
        found_at(hw3, folder / "bob")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: None, "does not exist"),
        (lambda path: path.mkdir(), "is empty"),
        (os.mkfifo, "neither a folder nor a file"),
    ],
)
def test_path_with_nothing_to_grade_is_a_mistake_of_the_user(
    tmp_path: Path, hw3: Assignment, make: object, words: str
) -> None:
    make(tmp_path / "x")  # type: ignore[operator]
    with pytest.raises(UsageError, match=words):
        found_at(hw3, tmp_path / "x")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Doe, Jane", "Doe,_Jane"), ("a/b\\c:d", "a_b_c_d"), ("..", "student"), ("", "student"),
        ("=cmd|x", "cmd_x"), ("\x1b[31mred\n", "[31mred"), ("José", "José"), ("Jose\u0301", "José"),
        ("李雷", "李雷"), ("\u202exe", "xe"), ("\udcff", "student"), ("-rf", "rf"),
    ],
)  # fmt: skip
def test_names_of_students_are_made_good_for_files(name: str, expected: str) -> None:
    assert file_name(name) == expected


def test_long_names_are_cut_between_characters() -> None:
    assert file_name("é" * 300) == "é" * 50


def test_names_from_disk_become_names_of_files(tmp_path: Path, hw3: Assignment) -> None:
    odd: Iterable[bytes] = (b"\x1b[2J", b"\xff\xfe", b"ali ce")
    for name in odd:
        write(Path(os.fsdecode(os.fsencode(tmp_path) + b"/class/" + name)), WHOLE)
    found = found_at(hw3, tmp_path / "class")
    assert sorted(students(found)) == ["[2J", "ali_ce", "student"]
