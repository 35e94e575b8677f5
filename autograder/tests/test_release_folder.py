"""Writing a release whole or not at all, and comparing a folder with one."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from autograder.errors import UsageError
from autograder.release.folder import folder_differences, replace_folder

FILES = {"conftest.py": b"1\n", "nndl/layers.py": b"a\nb\n"}


def contents(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_a_folder_is_replaced_as_a_whole(tmp_path: Path) -> None:
    target = tmp_path / "new" / "hw3"
    assert replace_folder(target, {**FILES, "old.py": b""}) == [
        target / "conftest.py",
        target / "nndl/layers.py",
        target / "old.py",
    ]
    replace_folder(target, FILES)
    assert contents(target.parent) == {f"hw3/{path}": raw for path, raw in FILES.items()}


def test_nothing_changes_when_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "hw3"
    replace_folder(target, FILES)
    rename, calls = Path.rename, []

    def fail_second(self: Path, other: Path) -> Path:
        calls.append(self.name)
        if len(calls) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        return rename(self, other)

    monkeypatch.setattr(Path, "rename", fail_second)
    with pytest.raises(UsageError, match="cannot be written: No space left on device; choose another --output"):
        replace_folder(target, {"conftest.py": b"2\n"})
    assert calls == ["hw3", "new", "old"]
    assert contents(tmp_path) == {f"hw3/{path}": raw for path, raw in FILES.items()}


def test_links_are_neither_followed_nor_replaced(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "conftest.py").write_text("mine")
    (tmp_path / "hw3").symlink_to("elsewhere")
    with pytest.raises(UsageError, match="is a link, which is not followed"):
        replace_folder(tmp_path / "hw3", FILES)
    assert contents(tmp_path / "elsewhere") == {"conftest.py": b"mine"}


def test_what_links_inside_a_release_point_to_is_left_alone(tmp_path: Path) -> None:
    replace_folder(tmp_path / "hw3", FILES)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file").touch()
    (tmp_path / "hw3" / "link").symlink_to(tmp_path / "mine")
    replace_folder(tmp_path / "hw3", FILES)
    assert contents(tmp_path / "mine") == {"file": b""}
    assert contents(tmp_path / "hw3") == FILES


def test_a_file_or_somebody_elses_folder_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "hw3").write_text("mine")
    with pytest.raises(UsageError, match="is a file; remove it"):
        replace_folder(tmp_path / "hw3", FILES)
    (tmp_path / "hw4").mkdir()
    (tmp_path / "hw4" / "thesis.txt").write_text("mine")
    with pytest.raises(UsageError, match=r"holds files but no conftest.py, so it is no release; move it away"):
        replace_folder(tmp_path / "hw4", FILES)
    assert (tmp_path / "hw4" / "thesis.txt").read_text() == "mine"


def test_an_output_that_cannot_be_a_folder_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match=r"hw3 cannot be written: .*; choose another --output"):
        replace_folder(tmp_path / "file" / "hw3", FILES)


def test_every_difference_is_one_line(tmp_path: Path) -> None:
    replace_folder(tmp_path / "hw3", FILES)
    assert folder_differences(tmp_path / "hw3", FILES) == []
    (tmp_path / "hw3" / "nndl" / "layers.py").write_bytes(b"a\nc\n")
    (tmp_path / "hw3" / "extra").touch()
    (tmp_path / "hw3" / "__pycache__").mkdir()
    (tmp_path / "hw3" / "__pycache__" / "x.pyc").touch()
    (tmp_path / "hw3" / "link").symlink_to("extra")
    assert folder_differences(tmp_path / "hw3", {**FILES, "b": b"", "link": b""}) == [
        "b: missing",
        "extra: is not part of the release",
        "link: is a link instead of a file",
        "nndl/layers.py: differs from line 2 on",
    ]


def test_a_release_that_is_not_there_misses_every_file(tmp_path: Path) -> None:
    assert folder_differences(tmp_path / "hw3", FILES) == ["conftest.py: missing", "nndl/layers.py: missing"]


@pytest.mark.parametrize(("found", "line"), [(b"a\nb", 2), (b"a\nb\nc", 3), (b"", 1), (b"a\r\nb\n", 1)])
def test_the_first_line_that_differs_is_named(tmp_path: Path, found: bytes, line: int) -> None:
    replace_folder(tmp_path / "hw3", {**FILES, "file": found})
    wanted = {**FILES, "file": b"a\nb\n"}
    assert folder_differences(tmp_path / "hw3", wanted) == [f"file: differs from line {line} on"]
