"""What student code can do on each level of isolation, tried from inside."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pytest

from autograder.errors import UsageError
from autograder.sandbox import StudentFault, launch, refuse_exposed
from autograder.tests.sandboxes import LEVELS, SHUT_IN, files, name, opened
from autograder.types import Limits
from autograder.worker import confine

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


def refused(told):
    """Tell whether an attempt told of an exception that the sandbox makes."""
    return told.split(":")[0] in {
        "PermissionError",
        "FileNotFoundError",
        "OSError",
        "ValueError",
        "MemoryError",
        "ProcessLookupError",
        "gaierror",
    }


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
        "open(f'/proc/{os.getppid()}/environ').read()" if os.geteuid() == 0 else "open('/proc/self/environ').read()",
        "open('/proc/1/mem', 'rb+')",
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
    assert refused(inside(code))


@pytest.mark.parametrize(
    "code",
    [
        "os.listdir('/proc')",
        "os.listdir('/sys')",
        "os.listdir('/var/tmp')",
        "open('/etc/passwd').read()",
        "open('/dev/shm/x', 'w')",
    ],
)
def test_places_of_the_system_are_closed_where_more_than_an_account_keeps_them_so(inside, code):
    assert refused(inside(code)) == (inside.level != "account")


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
    for path in (str(launch.WORKER), *launch.runtime_paths()):  # which it has to know
        told = told.replace(path, "")
    for word in ("PATH'", "USER", "PYTEST", "seed", "tests", "solutions", "course"):
        assert word not in told


def test_no_module_of_the_grader_is_loaded(inside):
    assert inside("[m for m in sys.modules if m.split('.')[0] in ('autograder', 'pytest', 'pydantic')]") == "[]"


@pytest.mark.parametrize("secret", SECRETS, ids=lambda path: path.name)
def test_the_courses_files_cannot_be_read(inside, secret):
    if inside.level == "account" and secret.exists() and confine.open_to_all(str(secret)):
        with pytest.raises(UsageError, match="every account here can read"):
            refuse_exposed("account", [secret])
        return
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
