"""The seccomp filter, run by a small interpreter of its instructions; what it does is in test_isolation."""

from __future__ import annotations

import errno
import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.sandbox import launch
from autograder.worker import confine, seccomp

OWN_PID = 4321
X86, ARM = "x86_64", "aarch64"
ARCHITECTURES = {X86: 0xC000003E, ARM: 0xC00000B7}
ALLOWED = 0
CALLS = {
    X86: {
        "read": 0, "write": 1, "mmap": 9, "openat": 257, "futex": 202, "exit_group": 231, "execve": 59,
        "socketpair": 53, "socket": 41, "connect": 42, "ptrace": 101, "process_vm_readv": 310, "mount": 165,
        "unshare": 272, "setns": 308, "bpf": 321, "io_uring_setup": 425, "memfd_create": 319, "shmget": 29,
        "keyctl": 250, "userfaultfd": 323, "fork": 57, "vfork": 58, "clone": 56, "clone3": 435, "setsid": 112,
        "kill": 62, "tkill": 200, "tgkill": 234, "chmod": 90, "fchmodat": 268, "utimensat": 280, "truncate": 76,
        "prctl": 157, "fcntl": 72, "ioctl": 16, "prlimit64": 302, "sched_setaffinity": 203, "pidfd_open": 434,
        "shmctl": 31, "semop": 65, "msgrcv": 70, "mq_unlink": 241, "io_setup": 206, "sync": 162, "statmount": 457,
        "file_setattr": 469, "listns": 470,
    },
    ARM: {
        "read": 63, "write": 64, "mmap": 222, "openat": 56, "futex": 98, "exit_group": 94, "execve": 221,
        "socketpair": 199, "socket": 198, "connect": 203, "ptrace": 117, "process_vm_readv": 270, "mount": 40,
        "unshare": 97, "setns": 268, "bpf": 280, "io_uring_setup": 425, "memfd_create": 279, "shmget": 194,
        "keyctl": 219, "userfaultfd": 282, "clone": 220, "clone3": 435, "setsid": 157, "kill": 129,
        "tkill": 130, "tgkill": 131, "fchmodat": 53, "utimensat": 88, "truncate": 45, "prctl": 167, "fcntl": 25,
        "ioctl": 29, "prlimit64": 261, "sched_setaffinity": 122, "pidfd_open": 434,
        "shmctl": 195, "semop": 193, "msgrcv": 188, "mq_unlink": 181, "io_setup": 0, "sync": 81, "statmount": 457,
        "file_setattr": 469, "listns": 470,
    },
}  # fmt: skip
THREAD, NEW_USER, SIGNAL_OF_A_CHILD = 0x00010000, 0x10000000, 17


def instructions(machine):
    program = seccomp.filter_program(machine, own_pid=OWN_PID)
    return list(struct.iter_unpack("<HBBI", program))


def verdict(machine, call, *arguments, architecture=None):
    """Return the error that the filter gives for a call, or ALLOWED."""
    number = CALLS[machine][call] if isinstance(call, str) else call
    padded = [argument & (1 << 64) - 1 for argument in (*arguments, *[0] * 6)][:6]
    data = struct.pack("<IIQ6Q", number, architecture or ARCHITECTURES[machine], 0, *padded)
    code = instructions(machine)
    position, word = 0, 0
    while True:
        operation, if_true, if_false, operand = code[position]
        position += 1
        if operation == 0x06:  # return
            assert operand >> 16 in (0x7FFF, 0x0005), "neither allowed nor an error"
            return operand & 0xFFFF
        if operation == 0x20:  # load
            (word,) = struct.unpack_from("<I", data, operand)
        else:
            tests = {0x15: word == operand, 0x35: word >= operand, 0x45: bool(word & operand)}
            position += if_true if tests[operation] else if_false


machines = pytest.mark.parametrize("machine", [X86, ARM])


@machines
@pytest.mark.parametrize("call", ["read", "write", "mmap", "openat", "futex", "exit_group"])
def test_ordinary_calls_are_allowed(machine, call):
    assert verdict(machine, call, 1, 2, 3) == ALLOWED


BEYOND = (
    "socket connect ptrace process_vm_readv mount unshare setns bpf io_uring_setup memfd_create shmget keyctl "
    "userfaultfd pidfd_open shmctl semop msgrcv mq_unlink io_setup sync statmount file_setattr listns"
)


@machines
@pytest.mark.parametrize("call", BEYOND.split())
def test_what_reaches_beyond_the_process_is_refused(machine, call):
    assert verdict(machine, call) == errno.EPERM


@pytest.mark.parametrize(
    ("machine", "call"),
    [
        (X86, call)
        for call in ("fork", "vfork", "execve", "setsid", "tkill", "chmod", "fchmodat", "utimensat", "truncate")
    ]
    + [(ARM, call) for call in ("execve", "setsid", "tkill", "fchmodat", "utimensat", "truncate")],
)
def test_other_processes_and_changes_of_files_are_refused(machine, call):
    assert verdict(machine, call) == errno.EPERM


@machines
def test_threads_may_be_started_and_processes_may_not(machine):
    assert verdict(machine, "clone", THREAD) == ALLOWED
    assert verdict(machine, "clone", SIGNAL_OF_A_CHILD) == errno.EPERM


@machines
def test_a_pair_of_sockets_can_be_sent_to_nobody_else(machine):
    unix, tipc, stream, datagrams, raw, packets, close_on_exec = 1, 30, 1, 2, 3, 5, 0o2000000
    assert {verdict(machine, "socketpair", unix, kind) for kind in (stream, packets, stream | close_on_exec)} == {
        ALLOWED
    }
    assert verdict(machine, "socketpair", tipc, stream) == errno.EPERM
    for kind in (datagrams, raw, datagrams | close_on_exec):
        assert verdict(machine, "socketpair", unix, kind) == errno.EPERM


@machines
def test_calls_that_nobody_has_looked_at_are_not_there(machine):
    assert {verdict(machine, number) for number in (472, 600, (1 << 30) - 1)} == {errno.ENOSYS}


@machines
def test_no_namespace_is_made_and_libc_is_told_to_use_a_call_that_can_be_looked_into(machine):
    assert verdict(machine, "clone", THREAD | NEW_USER) == errno.EPERM
    assert verdict(machine, "clone3") == errno.ENOSYS


@machines
@pytest.mark.parametrize("call", ["kill", "tgkill"])
@pytest.mark.parametrize("target", [1, 0, -1, -OWN_PID, OWN_PID + 1])
def test_only_the_process_itself_may_be_signalled(machine, call, target):
    assert verdict(machine, call, OWN_PID) == ALLOWED
    assert verdict(machine, call, target) == errno.EPERM


@machines
@pytest.mark.parametrize("call", ["prlimit64", "sched_setaffinity"])
def test_limits_and_scheduling_of_others_are_refused(machine, call):
    assert verdict(machine, call, 0) == ALLOWED
    assert verdict(machine, call, 99) == errno.EPERM


@machines
@pytest.mark.parametrize(
    ("call", "arguments"),
    [("prctl", (1, 0)), ("prctl", (62, 1)), ("fcntl", (3, 8, 99)), ("fcntl", (3, 1024, 1)), ("ioctl", (3, 0x8901))],
)
def test_the_process_can_neither_outlive_the_grader_nor_hold_it_up_nor_have_it_signalled(machine, call, arguments):
    assert verdict(machine, call, *arguments) == errno.EPERM
    harmless = (arguments[0] + 50, arguments[1] + 100)
    assert verdict(machine, call, *harmless) == ALLOWED


@machines
def test_calls_of_another_architecture_are_refused(machine):
    i386 = 0x40000003
    assert verdict(machine, "read", architecture=i386) == errno.EPERM


def test_calls_of_x32_are_refused():
    assert verdict(X86, 0x40000000 | CALLS[X86]["read"]) == errno.EPERM


@machines
def test_every_jump_stays_in_the_program(machine):
    code = instructions(machine)
    assert len(code) <= 4096
    for position, (operation, if_true, if_false, _) in enumerate(code):
        if operation not in (0x06, 0x20):
            assert position + 1 + max(if_true, if_false) < len(code)


def test_what_the_kernel_refuses_ends_the_worker_before_it_receives_anything(tmp_path):
    with pytest.raises(FileNotFoundError):
        confine._allow(os.open(tmp_path, os.O_RDONLY), str(tmp_path / "nowhere"), 1)


def test_a_path_is_open_to_all_if_every_folder_above_it_is(tmp_path):
    (tmp_path / "in").mkdir()
    assert not confine.open_to_all(str(tmp_path / "in"))  # pytest's own folder is for its user only
    assert confine.open_to_all("/usr/lib")


def test_what_has_other_threads_cannot_be_shut_in():
    code = """
import os, threading
from unittest import mock
from autograder.worker import confine

def tried():
    try:
        confine._refuse_threads()
        return "alone"
    except OSError as error:
        return str(error)

no_proc = mock.patch("pathlib.Path.iterdir", side_effect=FileNotFoundError)
print(tried())
with no_proc:
    print(tried())
threading.Thread(target=threading.Event().wait, daemon=True).start()
print(tried())
with no_proc:
    print(tried())
os._exit(0)
"""
    done = subprocess.run([sys.executable, "-uc", code], capture_output=True, text=True, check=True)
    first, second, *others = done.stdout.splitlines()
    assert (first, second) == ("alone", "alone")
    assert ["has started threads" in words for words in others] == [True, True]


def test_an_ordinary_account_has_room_for_its_own_threads_and_some_more():
    own = len(list(Path("/proc/self/task").iterdir()))
    assert launch._threads(Path(f"/proc/{os.getpid()}")) == own
    assert launch._threads(Path("/proc/999999999")) == 0
    assert launch._counted_too("bwrap") == 0
    assert (launch._counted_too("landlock") >= 2048 + own) == (os.geteuid() != 0)
