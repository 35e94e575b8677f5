from __future__ import annotations

import os

import pytest

from autograder.sandbox import StudentFault, watching
from autograder.tests.sandboxes import LEVELS, files, name, opened
from autograder.types import Limits, Verdict

WRITER = files(
    code="""
    import os

    def write(count, size):
        for number in range(count):
            with open(f"file-{number}", "wb") as file:
                file.write(bytes(size))
    """
)


def test_little_is_not_too_much(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").write_bytes(bytes(1 << 20))
    assert watching.excess([str(tmp_path)], os.getpid()) == ""


def test_many_files_are_too_much(tmp_path):
    for number in range(watching.MAX_FILES + 1):
        (tmp_path / str(number)).touch()
    assert watching.excess([str(tmp_path)], os.getpid()) == "wrote more than 2,000 files"


def test_large_files_are_too_much_together_also_when_they_are_deleted(tmp_path, monkeypatch):
    monkeypatch.setattr(watching, "MAX_MB", 1)
    with (tmp_path / "kept").open("wb") as kept, (tmp_path / "deleted").open("wb") as deleted:
        for file in (kept, deleted):
            file.write(bytes(600 << 10))
            file.flush()
        os.unlink(deleted.name)  # noqa: PTH108
        assert watching.excess([str(tmp_path)], os.getpid()) == "wrote more than 1 MB"
    assert watching.excess([str(tmp_path)], os.getpid()) == ""


def test_links_are_counted_and_not_followed(tmp_path):
    (tmp_path / "link").symlink_to("/")
    assert watching.excess([str(tmp_path)], os.getpid()) == ""


def test_what_cannot_be_looked_into_is_too_much(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for _ in range(30):
        os.mkdir("d" * 200)  # noqa: PTH102
        os.chdir("d" * 200)
    assert "cannot be looked into (File name too long)" in watching.excess([str(tmp_path)], os.getpid())


def test_a_process_that_has_ended_is_no_excess(tmp_path):
    assert watching.excess([str(tmp_path)], 1 << 30) == ""
    assert watching.excess([str(tmp_path / "removed")], os.getpid()) == ""


@pytest.mark.parametrize("level", [level for level in LEVELS if level != "bwrap"])
def test_a_sandbox_that_has_written_too_much_in_a_check_does_not_live_to_the_next(level, monkeypatch):
    with opened(level, WRITER, Limits()) as session:
        write = name(session, "nndl.code.write")
        write(10, 100)
        session.output()
        first = session._sandbox
        monkeypatch.setattr(watching, "MAX_FILES", 8)
        session.output()
        assert (first is None, session._sandbox) == (False, None)


@pytest.mark.parametrize("level", [level for level in LEVELS if level not in ("bwrap", "none")])
def test_root_without_rights_over_others_looks_as_the_accounts_owner(level, monkeypatch):
    """As in a container: the kernel shows a process's files to its own account, and the grader becomes that."""
    seen = []

    def refused_at_first(descriptors, real=watching._nameless):
        seen.append(os.geteuid())
        if len(seen) == 1:
            raise PermissionError
        return real(descriptors)

    with opened(level, WRITER, Limits()) as session:
        name(session, "nndl.code.write")(1, 1)
        monkeypatch.setattr(watching, "_nameless", refused_at_first)
        pid = session._sandbox._process.pid
        owner = os.stat(f"/proc/{pid}").st_uid  # noqa: PTH116
        assert watching._deleted(pid) == 0
    assert seen == [os.getuid(), owner]
    assert os.geteuid() == os.getuid()


@pytest.mark.parametrize("level", [level for level in LEVELS if level != "bwrap"])
def test_writing_too_much_is_blocked_while_it_happens(level):
    with opened(level, WRITER, Limits()) as session:
        with pytest.raises(StudentFault, match="wrote more than 2,000 files") as caught:
            name(session, "nndl.code.write")(1 << 30, 0)
        assert caught.value.verdict is Verdict.BLOCKED
