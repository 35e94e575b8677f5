"""Downloads of other systems, built here to their published formats, as folders and as the zips that they come in."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from autograder.course import Assignment
from autograder.errors import UsageError
from autograder.intake import Choice, Found, find, read, read_roster
from autograder.intake.commits import committed_at
from autograder.tests.sample_course import FC_NET, KNOWN, LAYERS, WHOLE, assignment, write, zipped

GIT = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null", "PATH": "/usr/bin:/bin"}
AUTHOR = ("-c", "user.name=A", "-c", "user.email=a@x.edu")


@pytest.fixture
def hw3(tmp_path: Path) -> Assignment:
    return assignment(tmp_path)


def found_at(hw3: Assignment, *paths: Path, choice: str = "latest", roster: str = "") -> Found:
    table = None
    if roster:
        file = paths[0].parent / "roster.csv"
        file.write_text(roster, encoding="utf-8")
        table = read_roster(file)
    return find(paths, hw3, dict.fromkeys(KNOWN, hw3), roster=table, choice=Choice.parse(choice))


def graded(hw3: Assignment, found: Found) -> dict[str, set[str] | str]:
    """Return what each student's hand-in is read as: the names of its files, or what is wrong."""
    read_as = {hand_in.student: read(hand_in, hw3, KNOWN) for hand_in in found.hand_ins}
    return {student: submission.problem or set(submission.files) for student, submission in read_as.items()}


def as_given(tmp_path: Path, files: dict[str, bytes], form: str) -> Path:
    """Return a download as a folder, or as the zip that it came in."""
    if form == "folder":
        return write(tmp_path / "download", files)
    path = tmp_path / "download.zip"
    path.write_bytes(zipped(files))
    return path


def below(folder: str, files: dict[str, bytes] = WHOLE) -> dict[str, bytes]:
    return {f"{folder}/{name}": data for name, data in files.items()}


both = pytest.mark.parametrize("form", ["folder", "zip"])

CANVAS = {
    "doejane_1201_88001_hw3.zip": zipped(WHOLE),
    "lamwei_LATE_1202_88002_layers.py": LAYERS,
    "lamwei_LATE_1202_88003_fc_net-1.py": FC_NET,
    "lamwei_LATE_1202_88004_run_1_2_notes.pdf": b"%PDF",
    "müllerzoë_1203_text.html": b"<p>see my mail</p>",
    "anon_Ab3x_88005_hw3-2.zip": zipped(WHOLE),
}


@both
def test_canvas(tmp_path: Path, hw3: Assignment, form: str) -> None:
    found = found_at(hw3, as_given(tmp_path, CANVAS, form))
    assert found.notes[0].endswith("from Canvas: 4 hand-ins")
    assert {(h.student, h.system, h.id, h.marked_late) for h in found.hand_ins} == {
        ("anon_Ab3x", "Canvas", "Ab3x", False), ("doejane", "Canvas", "1201", False),
        ("lamwei", "Canvas", "1202", True), ("müllerzoë", "Canvas", "1203", False),
    }  # fmt: skip
    assert graded(hw3, found) == {
        "anon_Ab3x": set(WHOLE),
        "doejane": set(WHOLE),
        "lamwei": {"nndl/layers.py", "nndl/fc_net.py"},
        "müllerzoë": "only a text or a link was handed in, no file: hand in a folder, a zip, or .py files",
    }


def test_last_upload_of_a_file_counts_on_canvas(tmp_path: Path, hw3: Assignment) -> None:
    files = {
        "a_1_9_layers-1.py": LAYERS + b"# new",
        "a_1_10_layers-2.py": LAYERS + b"# newest",
        "a_1_8_layers.py": LAYERS,
    }
    (one,) = found_at(hw3, write(tmp_path / "download", files)).hand_ins
    assert read(one, hw3).files == {"nndl/layers.py": LAYERS + b"# newest"}


def test_student_whose_name_looks_like_anothers_number_is_somebody_else(tmp_path: Path, hw3: Assignment) -> None:
    files = {"ann_7_100_layers.py": LAYERS, "eve_7_101_5_99_layers.py": b"# not ann's"}
    found = found_at(hw3, write(tmp_path / "download", files))
    assert [(h.student, h.id, len(h.entries)) for h in found.hand_ins] == [("ann", "7", 1), ("eve", "7", 1)]


def test_file_of_a_download_that_is_a_link_is_not_read(tmp_path: Path, hw3: Assignment) -> None:
    folder = write(tmp_path / "download", {"ann_1_2_layers.py": LAYERS})
    (folder / "eve_3_4_layers.py").symlink_to(tmp_path / "course of the tests/tests/hw3/test_layers.py")
    assert graded(hw3, found_at(hw3, folder))["eve"].startswith("there are no files in it, only links")  # type: ignore[union-attr]


@both
@pytest.mark.parametrize("end", ["", "_"])
def test_moodle_with_folders(tmp_path: Path, hw3: Assignment, form: str, end: str) -> None:
    files = {
        **below(f"Jane Doe_5501_assignsubmission_file{end}/work"),
        f"Team A-Wei Lam_5502_assignsubmission_file{end}/hw3.zip": zipped(WHOLE),
        f"Participant_5503_assignsubmission_file{end}/layers.py": LAYERS,
        f"Ann Lee_5504_assignsubmission_onlinetext{end}/onlinetext.html": b"sorry",
        f"Group 7_61_assignsubmission_file{end}/layers.py": LAYERS,
    }
    found = found_at(hw3, as_given(tmp_path, files, form))
    assert found.notes[0].endswith("from Moodle: 5 hand-ins")
    read_as = graded(hw3, found)
    assert read_as["Jane_Doe"] == read_as["Team_A-Wei_Lam"] == set(WHOLE)
    assert read_as["Participant_5503"] == read_as["Group_7"] == {"nndl/layers.py"}
    assert "only a text" in read_as["Ann_Lee"]


@both
def test_moodle_without_folders(tmp_path: Path, hw3: Assignment, form: str) -> None:
    files = {
        "Jane Doe_5501_assignsubmission_file_layers.py": LAYERS,
        "Jane Doe_5501_assignsubmission_file_fc_net.py": FC_NET,
        "Jane Doe_5509_assignsubmission_file_hw3.zip": zipped(WHOLE),
    }
    found = found_at(hw3, as_given(tmp_path, files, form))
    assert graded(hw3, found) == {"Jane_Doe": {"nndl/layers.py", "nndl/fc_net.py"}, "Jane_Doe_5509": set(WHOLE)}


GRADESCOPE = """\
---
submission_101:
  :submitters:
  - :name: Jane Doe
    :sid: '900100'
    :email: jane@x.edu
  - :name: Wei Lam
    :sid: '900200'
    :email: wei@x.edu
  :created_at: !ruby/object:ActiveSupport::TimeWithZone 2026-10-27 06:58:00.123456789 Z
  :score: 12
submission_102:
  :submitters: []
  :created_at: 2026-10-25 10:00:00 -0700
"""


@both
@pytest.mark.parametrize("top", ["", "assignment_4_export/"])
def test_gradescope_export(tmp_path: Path, hw3: Assignment, form: str, top: str) -> None:
    metadata = {"submission_metadata.yml": GRADESCOPE.encode(), **below("submission_101"), **below("submission_102")}
    files = {top + name: data for name, data in metadata.items()}
    path = as_given(tmp_path, files, form)
    found = found_at(hw3, path / top if form == "folder" else path)
    assert [(h.student, h.id, h.email, (h.submitted_at or "")[:23]) for h in found.hand_ins] == [
        ("Jane_Doe", "900100", "jane@x.edu", "2026-10-27T06:58:00.123"),
        ("Wei_Lam", "900200", "wei@x.edu", "2026-10-27T06:58:00.123"),
        ("submission_102", "", "", "2026-10-25T10:00:00-07:"),
    ]
    assert all(files == set(WHOLE) for files in graded(hw3, found).values())


def test_submission_beside_gradescopes_metadata(tmp_path: Path, hw3: Assignment) -> None:
    metadata = (
        b'{"id": 5, "created_at": "2026-10-26T23:59:01.5-07:00", "users": [{"name": "Jane", "email": "j@x.edu"}]}'
    )
    found = found_at(hw3, write(tmp_path / "autograder", {"submission_metadata.json": metadata, **below("submission")}))
    assert [(h.student, h.submitted_at) for h in found.hand_ins] == [("Jane", "2026-10-26T23:59:01.500000-07:00")]
    assert graded(hw3, found) == {"Jane": set(WHOLE)}


# mappings that take in two others, as those do: 2 ** 60 keys
DOUBLING = "\n".join(
    ["a0: &a0 {x: 1}", *(f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}" for n in range(1, 60))]
).encode()


@pytest.mark.parametrize("text", [b"- 1", b"a: [", b"\xff", b"[" * 100_000, DOUBLING])
def test_metadata_that_is_none_is_one_line(tmp_path: Path, hw3: Assignment, text: bytes) -> None:
    folder = write(tmp_path / "export", {"submission_metadata.yml": text, **below("submission_1")})
    with pytest.raises(UsageError, match=r"submission_metadata.yml (cannot be read|holds no submissions)"):
        found_at(hw3, folder)


def git(folder: Path, *arguments: str, when: str = "2026-10-26T23:00:00 -0700") -> str:
    environment = {**GIT, "GIT_COMMITTER_DATE": when, "GIT_AUTHOR_DATE": "2001-01-01T00:00:00 +0000"}
    command = ["git", "-C", str(folder), *AUTHOR, *arguments]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.strip()


def repository(folder: Path, commits: int = 1) -> Path:
    write(folder, WHOLE)
    git(folder, "init", "-q")
    git(folder, "add", ".")
    for number in range(commits):
        when = f"2026-10-26T22:{number:02}:30 -0700"
        git(folder, "commit", "-q", "--allow-empty", "-m", f"step {number} " + "of a long way " * 40, when=when)
    return folder


def test_github_classroom(tmp_path: Path, hw3: Assignment) -> None:
    for user in ("ann-lee", "ann-bob"):
        repository(tmp_path / f"layers-submissions/layers-{user}")
    found = found_at(hw3, tmp_path / "layers-submissions")
    assert found.notes[0].endswith("from GitHub Classroom: 2 hand-ins")
    assert [(h.student, h.submitted_at) for h in found.hand_ins] == [
        ("ann-bob", "2026-10-26T22:00:30-07:00"), ("ann-lee", "2026-10-26T22:00:30-07:00"),
    ]  # fmt: skip
    assert graded(hw3, found)["ann-lee"] == set(WHOLE)


def test_time_of_a_commit_is_found_in_packs_and_differences(tmp_path: Path) -> None:
    folder = repository(tmp_path / "clone", commits=30)
    git(folder, "repack", "-adfq", "--depth=20", "--window=40")
    git(folder, "pack-refs", "--all")
    commits = git(folder, "log", "--format=%H %cI").splitlines()
    kinds = git(folder, "cat-file", "--batch-check=%(objectname) %(deltabase)", "--batch-all-objects")
    assert any(not line.endswith("0" * 40) for line in kinds.splitlines() if line[:40] in str(commits)), "no difference"
    for line in commits:
        sha, expected = line.split()
        (folder / ".git/HEAD").write_text(sha + "\n")
        assert committed_at(folder) == expected


@pytest.mark.parametrize(
    ("file", "data"),
    [
        ("HEAD", b"ref: refs/heads/../../../../../etc/passwd\n"), ("HEAD", b"ref: refs/heads/none"), ("HEAD", b""),
        ("HEAD", b"a" * 5000), ("refs/heads/main", b"0" * 40), ("refs/heads/main", b"\xff"),
    ],
)  # fmt: skip
def test_odd_repository_has_no_time(tmp_path: Path, file: str, data: bytes) -> None:
    folder = write(
        tmp_path / "x", {".git/HEAD": b"ref: refs/heads/main\n", ".git/objects/pack/a.idx": b"\xfftOc\0\0\0\2"}
    )
    write(folder / ".git", {file: data})
    assert committed_at(folder) is None


def test_repository_whose_files_are_links_has_no_time(tmp_path: Path) -> None:
    folder = repository(tmp_path / "clone")
    assert committed_at(folder)
    (folder / ".git/objects").rename(tmp_path / "objects")
    (folder / ".git/objects").symlink_to(tmp_path / "objects")
    assert committed_at(folder) is None


def test_nbgraders_exchange(tmp_path: Path, hw3: Assignment) -> None:
    inbound = {
        **below("ann+hw3+2026-10-25 10:00:00.000001 UTC+ab12", {"layers.py": b"# old"}),
        **below("ann+hw3+2026-10-26 10:00:00.000001 UTC+cd34"),
        **below("ann+hw4+2026-10-27 10:00:00.000001 UTC+ef56"),
    }
    folder = write(tmp_path / "inbound", inbound)
    (one,) = found_at(hw3, folder).hand_ins
    assert (one.student, one.submitted_at) == ("ann", "2026-10-26T10:00:00.000001+00:00")
    assert [remark.message for remark in one.remarks] == ["the latest of 2 attempts was graded"]
    (early,) = found_at(hw3, folder, choice="2026-10-26T00:00:00Z").hand_ins
    assert early.path.name.startswith("ann+hw3+2026-10-25")
    (none,) = found_at(hw3, folder, choice="2026-10-01T00:00:00Z").hand_ins
    assert none.problem.startswith("nothing is known to be handed in until 2026-10-01 00:00:00+00:00: the first was")
    assert [h.key for h in found_at(hw3, folder, choice="best").hand_ins] == ["ann+1", "ann+2"]


def test_two_downloads_hold_attempts_of_one_student(tmp_path: Path, hw3: Assignment) -> None:
    monday = write(tmp_path / "monday", {"ann_7_100_hw3.zip": b""})
    friday = write(tmp_path / "friday", {"ann_7_200_hw3.zip": zipped(WHOLE)})
    assert graded(hw3, found_at(hw3, monday, friday)) == {"ann": set(WHOLE)}


def test_choice_that_is_none_is_one_line() -> None:
    with pytest.raises(UsageError, match="neither latest, best nor a time"):
        Choice.parse("2026-10-01")


ROSTERS = {
    "canvas": "Student,ID,SIS User ID,SIS Login ID,Section,HW3 (1)\n    Points Possible,,,,,50\n"
    '"Doe, Jane",1201,900,jane,L1,\n"Lam, Wei",1202,901,wei,L1,\n',
    "own": "student;name;id\njane;Jane Doe;1201\nwei;Wei Lam;1202\n",
    "names": "login,First Name,Last_Name\njane,Jane,Doe\nwei,Wei,Lam\n",
}


@pytest.mark.parametrize("roster", ROSTERS)
def test_roster_joins_downloads_to_students(tmp_path: Path, hw3: Assignment, roster: str) -> None:
    folder = write(tmp_path / "download", {"doejane_1201_1_hw3.zip": b"", "eve_9_2_hw3.zip": b""})
    found = found_at(hw3, folder, roster=ROSTERS[roster])
    assert [(h.student, h.enrolled) for h in found.hand_ins] == [("jane", True), ("eve", False)]
    assert found.notes[1:] == (
        "roster.csv: 1 of 2 hand-ins are of its students", "not on roster.csv: eve", "nothing handed in by wei",
    )  # fmt: skip


def test_account_comes_before_a_name_that_somebody_chose(tmp_path: Path, hw3: Assignment) -> None:
    folder = write(tmp_path / "download", {"doejane_1201_1_hw3.zip": b"", "doejane_9_2_hw3.zip": b""})
    found = found_at(hw3, folder, roster=ROSTERS["own"])
    assert [(h.student, h.id) for h in found.hand_ins] == [("jane", "1201"), ("doejane", "9")]
    assert found.hand_ins[1].remarks[0].message == "on roster.csv, jane may be meant, or somebody else"


def test_name_that_two_claim_is_nobodys(tmp_path: Path, hw3: Assignment) -> None:
    folder = write(tmp_path / "download", {"doejane_8_1_hw3.zip": b"", "doejane_9_2_hw3.zip": b""})
    assert not any(h.enrolled for h in found_at(hw3, folder, roster=ROSTERS["own"]).hand_ins)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "has no students"), ("a,b\n1,2\n", "has no students"), ("name,name\n", "two columns have the same name"),
        ("login\njane\nJane\n", ":3: Jane is also on line 2"), ("login\n\x00\udcff", "is not UTF-8"),
    ],
)  # fmt: skip
def test_roster_that_is_none_is_one_line(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(UsageError, match=words):
        read_roster(path)
