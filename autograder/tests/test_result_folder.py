"""The folder of results: never half of a file, nothing lost, several runs side by side."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from autograder.errors import AutograderError, UsageError
from autograder.result_folder import ResultFolder, result_folder
from autograder.rows import SUMMARY, row, write_summary
from autograder.tests.test_results import make, ungraded


@pytest.mark.parametrize("student", ["../eve", ".hidden", "a/b"])
def test_result_is_never_written_elsewhere(tmp_path: Path, student: str) -> None:
    with pytest.raises(ValueError, match="is no name for a result file"):
        ResultFolder(path=tmp_path / "hw3").write(make(student))


def test_full_disk_leaves_the_old_result_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = ResultFolder(path=tmp_path).write(make()).read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(AutograderError, match=r"alice\.1\.json cannot be written: No space left") as caught:
        ResultFolder(path=tmp_path).write(make(message="new"))
    assert caught.value.exit_code == 3
    assert [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()] == [before]


def test_result_replaces_a_link_and_not_what_it_leads_to(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"mine")
    (tmp_path / "alice.json").symlink_to(other)
    ResultFolder(path=tmp_path).write(make())
    assert other.read_bytes() == b"mine"


def test_folder_is_made_and_stays_only_with_something_in_it(tmp_path: Path) -> None:
    with result_folder(tmp_path / "results", "hw3") as folder:
        assert folder.path.is_dir()
        assert not list(folder.path.iterdir())
    assert not list(tmp_path.iterdir())
    with result_folder(tmp_path / "results", "hw3") as folder:
        folder.write(make())
    assert (tmp_path / "results/hw3/alice.json").exists()


def test_folder_that_cannot_be_made_is_a_mistake_of_the_user(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    words = r"results cannot be written to .*Not a directory; give another with --output"
    with pytest.raises(UsageError, match=words), result_folder(tmp_path / "file", "hw3"):
        pass


def test_summary_has_a_line_for_each_student(tmp_path: Path) -> None:
    late = {"days": 2, "penalty": 5.125}
    unusable = make("carol", warnings=[{"code": "unusable", "message": "the zip is empty"}])
    rows = [make("bob", late=late), make("alice", **ungraded()), unusable, make("dan", **ungraded(manual=True))]
    text = write_summary(tmp_path, map(row, rows)).read_text(encoding="utf-8")
    assert text.splitlines() == [
        "student,score,max_score,bonus,late_days,penalty,final,status",
        "alice,41,50,1,0,0,,not graded",
        "bob,41,50,1,2,5.125,36.875,graded",
        "carol,41,50,1,0,0,42,unusable",
        "dan,41,50,1,0,0,42,by hand",
    ]


@pytest.mark.parametrize("start", "=+-@\t")
def test_no_cell_of_the_summary_is_a_formula(tmp_path: Path, start: str) -> None:
    path = write_summary(tmp_path, [row(make(f'{start}cmd|" /C calc"!A0,x'))])
    with path.open(encoding="utf-8", newline="") as file:
        _, cells = csv.reader(file)
    assert cells[0] == f'\'{start}cmd|" /C calc"!A0,x'
    assert len(cells) == 8


def test_result_that_says_the_same_is_left_as_it_is(tmp_path: Path) -> None:
    folder = ResultFolder(path=tmp_path)
    first = folder.write(make()).read_bytes()
    later = make(started="2027-01-01T00:00:00+00:00", seconds=5.0)
    assert folder.write(later).read_bytes() == first
    assert folder.write(later, always=True).read_bytes() != first
    assert [file.name for file in tmp_path.iterdir()] == ["alice.json"]


def test_result_that_is_replaced_is_kept_once(tmp_path: Path) -> None:
    folder = ResultFolder(path=tmp_path)
    first = folder.write(make()).read_bytes()
    second = folder.write(make(message="new")).read_bytes()
    (tmp_path / "alice.json").write_bytes(first)  # as if killed after keeping it
    folder.write(make(message="new"))
    folder.write(make(message="newer"))
    kept = {file.name: file.read_bytes() for file in (tmp_path / "earlier").iterdir()}
    assert kept == {"alice.1.json": first, "alice.2.json": second}


def test_first_run_in_a_folder_removes_what_a_killed_one_left(tmp_path: Path) -> None:
    left = [tmp_path / "hw3/.bob.json.0123abcd.part", tmp_path / "hw3/.outcomes/x/.y.0123abcd.part"]
    for path in left:
        path.parent.mkdir(parents=True, exist_ok=True)
    left[0].touch()
    with result_folder(tmp_path, "hw3") as first:
        left[1].touch()
        with result_folder(tmp_path, "hw3") as second:
            assert (first.shared, second.shared) == (False, True)
        assert [path.exists() for path in left] == [False, True]
    with result_folder(tmp_path, "hw3") as third:
        assert not third.shared
    assert not left[1].exists()


def test_summary_is_of_all_results_in_the_folder(tmp_path: Path) -> None:
    folder = ResultFolder(path=tmp_path)
    folder.write(make("bob"))
    folder.write(make("alice"))
    (tmp_path / "odd.json").write_text("{}")
    (problem,) = folder.summarise()
    assert "odd.json is no result of format 1" in problem
    assert [line.split(",")[0] for line in (tmp_path / SUMMARY).read_text().splitlines()] == ["student", "alice", "bob"]
