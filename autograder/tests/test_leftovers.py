"""What remains of a sandbox: no process, no file, no descriptor."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from autograder import scratch
from autograder.sandbox import Sandbox
from autograder.tests.sandboxes import LEVELS, files, name, opened
from autograder.types import Limits

SUBMISSION = files(
    code='''
import os, signal

def attempt(code):
    """Return what an expression gives, or the name of what it raises."""
    try:
        return str(eval(code, globals()))
    except BaseException as error:
        return type(error).__name__ + ": " + str(error)

def nest(depth):
    for _ in range(depth):
        os.mkdir("d")
        os.chdir("d")
    os.open("file", os.O_CREAT)
'''
)


def descriptors():
    return sorted(Path("/proc/self/fd").iterdir())


def below(pid: int) -> set[int]:
    """Return the ids of all processes that `pid` and its descendants have started."""
    children = {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}
    return children.union(*map(below, children))


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def folder():
    """Give a folder that every account may pass through, as pytest's own is not."""
    with tempfile.TemporaryDirectory(prefix="autograder-test-") as path:
        Path(path).chmod(0o711)
        yield Path(path)


def wait_until(condition, seconds=5.0):
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert condition()


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    "code", ["nest(1500)", "os.mkdir('closed', 0)", "(os.mkdir('d'), os.mkdir('d/e'), os.open('d/e/f', 64))", "1"]
)
def test_no_file_remains(level, code, folder, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    with opened(level, SUBMISSION) as session:
        assert "Error" not in name(session, "nndl.code.attempt")(code)
        assert len(list(folder.iterdir())) == (level != "bwrap")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("level", LEVELS)
def test_no_process_remains(level):
    with opened(level, SUBMISSION) as session:
        name(session, "nndl.code.attempt")("os.fork() or signal.pause()")
        first = session._sandbox._process.pid
        started = {first} | below(first)
        assert len(started) == {"bwrap": 3, "landlock": 1, "account": 1, "none": 2}[level]
    wait_until(lambda: not any(map(alive, started)))


@pytest.mark.parametrize("level", LEVELS)
def test_a_worker_outlives_the_thread_that_starts_it(level):
    with ThreadPoolExecutor(1) as pool:
        sandbox = pool.submit(Sandbox, level, Limits()).result()
    sandbox.await_ready()
    time.sleep(0.1)
    assert sandbox._process.poll() is None
    sandbox.kill()


def test_what_an_account_has_left_where_everybody_may_write_is_removed(tmp_path, monkeypatch):
    monkeypatch.setattr(scratch, "_OPEN", (str(tmp_path / "open"), "/nowhere"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "open"))
    (tmp_path / "open" / "folder").mkdir(parents=True)
    (tmp_path / "open" / "file").touch()
    (tmp_path / "open" / "link").symlink_to(tmp_path)
    (tmp_path / "own").mkdir()
    mine = scratch.Scratch(str(tmp_path / "own"), os.geteuid(), open=True)
    assert len(mine.written()) == 4
    scratch.Scratch(str(tmp_path / "own"), os.geteuid() + 1, open=True).remove()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["open"]
    assert len(list((tmp_path / "open").iterdir())) == 3
    mine.remove()
    assert list((tmp_path / "open").iterdir()) == []


@pytest.mark.parametrize("level", LEVELS)
def test_a_worker_ends_with_the_grader(level, folder):
    code = (
        "import time; from autograder.sandbox import Sandbox; from autograder.types import Limits\n"
        f"sandbox = Sandbox({level!r}, Limits()); sandbox.await_ready(); print('ready', flush=True); time.sleep(60)"
    )
    environment = {**os.environ, "TMPDIR": str(folder)}
    grader = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=environment)
    assert grader.stdout.readline() == b"ready\n"
    started = below(grader.pid)
    assert started
    grader.kill()
    grader.wait()
    grader.stdout.close()
    wait_until(lambda: not any(map(alive, started)))


def test_no_descriptor_remains():
    before = descriptors()
    for level in LEVELS:
        with opened(level, SUBMISSION) as session:
            name(session, "nndl.code.attempt")("1")
    assert descriptors() == before


def test_a_folder_of_links_is_removed_without_what_they_point_to(tmp_path):
    kept, folder = tmp_path / "kept", tmp_path / "scratch"
    (kept / "inside").mkdir(parents=True)
    (folder / "deep").mkdir(parents=True)
    (folder / "link").symlink_to(kept)
    (folder / "deep" / "link").symlink_to(kept / "inside")
    scratch.remove(str(folder))
    scratch.remove(str(folder))  # gone already
    assert not folder.exists()
    assert (kept / "inside").is_dir()
