"""The levels of isolation: which is taken, and what student code can do on each, tried from inside."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import pytest

from autograder import scratch
from autograder.errors import AutograderError, UsageError
from autograder.sandbox import Sandbox, StudentFault, choose, isolation, levels
from autograder.tests.sandboxes import LEVELS, SHUT_IN, files, name, opened
from autograder.types import Limits

ATTEMPTS = '''
import ctypes, os, resource, signal, socket, sys, threading
import numpy

libc = ctypes.CDLL(None, use_errno=True)

def system_call(number, *arguments):
    if libc.syscall(number, *map(ctypes.c_long, arguments)) < 0:
        raise OSError(ctypes.get_errno(), "")

def attempt(code):
    """Return what an expression gives, or the name of what it raises."""
    try:
        return str(eval(code, globals()))
    except BaseException as error:
        return type(error).__name__ + ": " + str(error)

def fork():
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    return os.waitpid(pid, 0)[1]

def prctl(*arguments):
    if libc.prctl(*arguments) < 0:
        raise OSError(ctypes.get_errno(), "")

def write(path, count):
    with open(path, "wb") as file:
        for _ in range(count):
            file.write(bytes(1 << 20))

def start_thread():
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()

def nest(depth):
    for _ in range(depth):
        os.mkdir("d")
        os.chdir("d")
    os.open("file", os.O_CREAT)
'''
SUBMISSION = files(code=ATTEMPTS)
SECRETS = [Path(__file__).parents[2] / folder for folder in ("tests", "solutions", "results", "course.yaml")]


@pytest.fixture(scope="module", params=SHUT_IN)
def inside(request):
    """Evaluate an expression in a sandbox, which is kept from test to test."""
    with opened(request.param, SUBMISSION, Limits(memory_mb=200, processes=8)) as session:
        attempt = name(session, "nndl.code.attempt")
        attempt.level = request.param
        yield attempt


# ---- what is refused, and what is not ------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        "socket.socket()",
        "socket.socket(socket.AF_UNIX)",
        "socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)",
        "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
        "socket.getaddrinfo('example.org', 80)",
        "os.memfd_create('x')",
        "libc.ptrace(16, os.getppid(), 0, 0) and system_call(101, 16, os.getppid())",
        "system_call(310, os.getppid(), 0, 0, 0, 0, 0)",
        "system_call(272, 0x10000000)",
        "os.kill(os.getppid(), 0)" if os.geteuid() == 0 else "os.kill(os.getpid() + 1, 0)",
        "os.kill(-1, 0)",
        "os.setuid(0)",
        "os.setgroups([])",
        "os.nice(-5)",
        "prctl(1, 0)",
        "resource.setrlimit(resource.RLIMIT_AS, (1 << 40, 1 << 40))",
        "resource.prlimit(os.getppid(), resource.RLIMIT_AS)",
        "os.sched_setaffinity(os.getppid(), {0})",
        "bytearray(3 << 30)",
        "os.listdir('/proc')",
        "os.listdir('/sys')",
        "os.listdir('/var/tmp')",
        "open('/etc/passwd').read()",
        "open('/proc/self/environ').read()",
        "open('/proc/1/mem', 'rb+')",
        "open('/dev/shm/x', 'w')",
        "open('/dev/x', 'w')",
        "open(os.__file__, 'a')",
        "open(numpy.__file__, 'a')",
        "os.chmod(os.__file__, 0)",
        "os.utime(numpy.__file__)",
        "os.truncate(numpy.__file__, 0)",
        "os.symlink(os.__file__, '/link')",
        "os.link(os.__file__, 'link')",
        "os.rename(os.__file__, 'stolen')",
        "os.chroot('/')",
        "__import__('subprocess').run(['/bin/true'])",
    ],
)
def test_it_is_refused(inside, code):
    assert inside(code).split(":")[0] in {
        "PermissionError",
        "FileNotFoundError",
        "OSError",
        "ValueError",
        "MemoryError",
        "ProcessLookupError",
        "gaierror",
    }


@pytest.mark.parametrize(
    ("code", "result"),
    [
        ("write('small', 1)", "None"),
        ("os.mkdir('folder')", "None"),
        ("os.rename('folder', 'other')", "None"),
        ("os.getcwd() == os.environ['HOME'] == os.environ['TMPDIR']", "True"),
        ("write('/dev/null', 1)", "None"),
        ("len(open('/dev/urandom', 'rb').read(8))", "8"),
        ("start_thread()", "None"),
        ("[one.fileno() > 2 for one in socket.socketpair()]", "[True, True]"),
        ("os.kill(os.getpid(), 0)", "None"),
        ("numpy.random.default_rng(1).random(3).shape", "(3,)"),
        ("numpy.linalg.inv(numpy.eye(2)).tolist()", "[[1.0, 0.0], [0.0, 1.0]]"),
        ("len(numpy.fft.fft(numpy.ones(4)))", "4"),
        ("__import__('decimal').Decimal(1) + 1", "2"),
        ("__import__('breakpointhook' and 'pdb').set_trace()", "None"),
        ("breakpoint()", "None"),
    ],
)
def test_ordinary_things_work(inside, code, result):
    assert inside(code) == result


def test_nothing_is_open_but_the_channel_and_the_output(inside):
    listed = "[fd for fd in range(256) if attempt(f'os.fstat({fd})')[:7] != 'OSError']"
    channel = "__import__('json').loads(sys.argv[1])['channel']"
    assert inside(listed) == inside(f"sorted([0, 1, 2, *{channel}])")


def test_environment_and_arguments_hold_nothing_of_the_grader(inside, monkeypatch):
    told = inside("sorted(os.environ)") + inside("sys.argv")
    for word in ("PATH'", "USER", "PYTEST", "seed", "tests", "solutions", "course"):
        assert word not in told


def test_no_module_of_the_grader_is_loaded(inside):
    assert inside("[m for m in sys.modules if m.split('.')[0] in ('autograder', 'pytest', 'pydantic')]") == "[]"


@pytest.mark.parametrize("secret", SECRETS, ids=lambda path: path.name)
def test_the_courses_files_cannot_be_read(inside, secret):
    for code in (f"open({str(secret)!r}).read()", f"os.listdir({str(secret)!r})"):
        assert inside(code).split(":")[0] in ("PermissionError", "FileNotFoundError", "NotADirectoryError")


def test_a_sandbox_is_one_process(inside):
    assert inside("fork()") == "PermissionError: [Errno 1] Operation not permitted"


def test_as_root_every_sandbox_has_an_account_of_its_own(inside):
    if os.geteuid() != 0:
        assert inside("os.getuid()") == str(os.geteuid())
        return
    with opened(inside.level, SUBMISSION) as other:
        accounts = {inside("os.getuid()"), name(other, "nndl.code.attempt")("os.getuid()")}
    assert len(accounts) == 2
    assert all(int(account) > 65535 for account in accounts)


def test_the_bottom_level_limits_memory_only():
    with opened("none", SUBMISSION) as session:
        attempt = name(session, "nndl.code.attempt")
        assert attempt("bytearray(3 << 30)").startswith("MemoryError")
        assert attempt("socket.socket().close()") == "None"


@pytest.mark.parametrize("level", LEVELS)
def test_a_file_that_is_too_large_is_refused(level):
    with opened(level, SUBMISSION) as session, suppress(StudentFault):
        told = name(session, "nndl.code.attempt")("write('large', 65)")
        assert told.startswith("OSError: [Errno 27] File too large")


def descriptors():
    return sorted(Path("/proc/self/fd").iterdir())


# ---- what remains --------------------------------------------------------------------------------


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
        assert len(started) == {"bwrap": 3, "landlock": 1, "none": 2}[level]
    wait_until(lambda: not any(map(alive, started)))


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


# ---- choosing ------------------------------------------------------------------------------------


@pytest.fixture
def tried(monkeypatch):
    """Say which levels shall work, without trying."""

    def set_up(**reasons):
        monkeypatch.setattr(
            isolation, "_examined", lambda name: isolation.Level(name, not reasons.get(name), reasons.get(name, ""))
        )

    return set_up


def test_auto_takes_the_best_that_works(tried):
    tried()
    assert choose("auto") == "bwrap"
    tried(bwrap="no")
    assert choose("auto") == "landlock"


def test_auto_never_falls_to_none_and_says_why_nothing_works(tried):
    tried(bwrap="not installed", landlock="old kernel")
    with pytest.raises(UsageError) as caught:
        choose("auto")
    assert str(caught.value) == (
        "no isolation works here (bwrap: not installed; landlock: old kernel): see `autograder doctor`, "
        "or ask for --isolation none if you trust every submission"
    )


def test_a_level_by_name_is_taken_or_refused_with_its_reason(tried):
    tried(landlock="old kernel")
    assert choose("bwrap") == "bwrap"
    assert choose("none") == "none"
    with pytest.raises(UsageError, match="isolation landlock does not work here: old kernel"):
        choose("landlock")


def test_an_unknown_level_is_refused_with_the_nearest():
    with pytest.raises(UsageError, match=r"unknown isolation 'bwarp' \(did you mean 'bwrap'\?\): use auto, bwrap, "):
        choose("bwarp")


def test_every_level_is_listed_best_first():
    found = levels()
    assert [level.name for level in found] == ["bwrap", "landlock", "none"]
    assert all(level.reason for level in found)
    assert found[-1].works


@pytest.fixture
def fresh():
    isolation._examined.cache_clear()
    yield
    isolation._examined.cache_clear()


@pytest.mark.usefixtures("fresh")
def test_bubblewrap_that_is_not_installed_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert levels()[0] == isolation.Level("bwrap", False, "bubblewrap is not installed (apt install bubblewrap)")


@pytest.mark.usefixtures("fresh")
def test_bubblewrap_that_cannot_start_says_what_it_said(monkeypatch, tmp_path):
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda _: str(fake))
    reason = levels()[0].reason
    assert "No permissions to create new namespace" in reason
    assert "user namespaces may be switched off on this machine" in reason


@pytest.mark.usefixtures("fresh")
def test_a_kernel_without_landlock_and_an_unknown_machine_say_so(monkeypatch):
    monkeypatch.setattr(isolation.confine, "landlock_version", lambda: 0)
    assert "the kernel offers no Landlock (Linux 5.13 or newer" in levels()[1].reason
    isolation._examined.cache_clear()
    monkeypatch.setattr(isolation.seccomp, "available", lambda: False)
    assert levels()[1].reason == "the seccomp filter knows x86_64 and aarch64 only"


@pytest.mark.parametrize("level", SHUT_IN)
def test_a_level_is_tried_by_really_shutting_a_process_in(level, monkeypatch):
    monkeypatch.setattr(isolation, "runtime_paths", lambda: ["/nowhere"])
    assert isolation._trial(level).startswith("a process cannot be shut in (")


def test_a_sandbox_that_cannot_be_started_leaves_nothing(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(isolation, "INTERPRETER", Path("/nowhere/python"))
    before = descriptors()
    with pytest.raises(AutograderError, match=r"cannot start a sandbox \(none\): .*No such file"):
        Sandbox("none", Limits())
    assert descriptors() == before
    assert list(tmp_path.iterdir()) == []


def test_a_sandbox_that_does_not_get_ready_says_its_last_words(monkeypatch):
    monkeypatch.setattr(isolation, "_import_path", lambda: [])
    sandbox = Sandbox("none", Limits())
    with pytest.raises(AutograderError, match="a sandbox did not start: ModuleNotFoundError: No module named"):
        sandbox.await_ready()
    sandbox.kill()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root takes another account")
@pytest.mark.parametrize("level", SHUT_IN)
def test_a_runtime_that_only_root_may_enter_can_be_used(level, monkeypatch, tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    (closed / "module.py").write_text("x = 5\n")
    for function in ("_import_path", "runtime_paths"):
        paths = [*getattr(isolation, function)(), str(closed)]
        monkeypatch.setattr(isolation, function, lambda paths=paths: paths)
    with opened(level, SUBMISSION) as session:
        assert name(session, "nndl.code.attempt")("__import__('module').x") == "5"
