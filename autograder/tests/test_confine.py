"""The seccomp filter, run by a small interpreter of its instructions; what it does is in test_isolation."""

from __future__ import annotations

import errno
import os
import struct

import pytest

from autograder.worker import confine

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
    },
    ARM: {
        "read": 63, "write": 64, "mmap": 222, "openat": 56, "futex": 98, "exit_group": 94, "execve": 221,
        "socketpair": 199, "socket": 198, "connect": 203, "ptrace": 117, "process_vm_readv": 270, "mount": 40,
        "unshare": 97, "setns": 268, "bpf": 280, "io_uring_setup": 425, "memfd_create": 279, "shmget": 194,
        "keyctl": 219, "userfaultfd": 282, "clone": 220, "clone3": 435, "setsid": 157, "kill": 129,
        "tkill": 130, "tgkill": 131, "fchmodat": 53, "utimensat": 88, "truncate": 45, "prctl": 167, "fcntl": 25,
        "ioctl": 29, "prlimit64": 261, "sched_setaffinity": 122, "pidfd_open": 434,
    },
}  # fmt: skip
THREAD, NEW_USER, SIGNAL_OF_A_CHILD = 0x00010000, 0x10000000, 17


def instructions(machine, new_processes):
    program = confine.filter_program(machine, new_processes=new_processes, own_pid=OWN_PID)
    return list(struct.iter_unpack("<HBBI", program))


def verdict(machine, call, *arguments, new_processes=False, architecture=None):
    """Return the error that the filter gives for a call, or ALLOWED."""
    number = CALLS[machine][call] if isinstance(call, str) else call
    padded = [argument & (1 << 64) - 1 for argument in (*arguments, *[0] * 6)][:6]
    data = struct.pack("<IIQ6Q", number, architecture or ARCHITECTURES[machine], 0, *padded)
    code = instructions(machine, new_processes)
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
processes = pytest.mark.parametrize("new_processes", [True, False])


@machines
@processes
@pytest.mark.parametrize("call", ["read", "write", "mmap", "openat", "futex", "exit_group", "socketpair"])
def test_ordinary_calls_are_allowed(machine, new_processes, call):
    assert verdict(machine, call, 1, 2, 3, new_processes=new_processes) == ALLOWED


BEYOND = (
    "socket connect ptrace process_vm_readv mount unshare setns bpf io_uring_setup memfd_create shmget keyctl "
    "userfaultfd pidfd_open"
)


@machines
@processes
@pytest.mark.parametrize("call", BEYOND.split())
def test_what_reaches_beyond_the_process_is_refused(machine, new_processes, call):
    assert verdict(machine, call, new_processes=new_processes) == errno.EPERM


@pytest.mark.parametrize(
    ("machine", "call"),
    [
        (X86, call)
        for call in ("fork", "vfork", "execve", "setsid", "tkill", "chmod", "fchmodat", "utimensat", "truncate")
    ]
    + [(ARM, call) for call in ("execve", "setsid", "tkill", "fchmodat", "utimensat", "truncate")],
)
def test_what_namespaces_hold_is_refused_only_where_there_are_none(machine, call):
    assert verdict(machine, call) == errno.EPERM
    assert verdict(machine, call, new_processes=True) == ALLOWED


@machines
def test_threads_may_be_started_and_processes_only_where_they_end_with_the_sandbox(machine):
    assert verdict(machine, "clone", THREAD) == ALLOWED
    assert verdict(machine, "clone", SIGNAL_OF_A_CHILD) == errno.EPERM
    assert verdict(machine, "clone", SIGNAL_OF_A_CHILD, new_processes=True) == ALLOWED


@machines
@processes
def test_no_namespace_is_made_and_libc_is_told_to_use_a_call_that_can_be_looked_into(machine, new_processes):
    assert verdict(machine, "clone", THREAD | NEW_USER, new_processes=new_processes) == errno.EPERM
    assert verdict(machine, "clone3", new_processes=new_processes) == errno.ENOSYS


@machines
@pytest.mark.parametrize("call", ["kill", "tgkill"])
@pytest.mark.parametrize("target", [1, 0, -1, -OWN_PID, OWN_PID + 1])
def test_only_the_process_itself_may_be_signalled(machine, call, target):
    assert verdict(machine, call, OWN_PID) == ALLOWED
    assert verdict(machine, call, target) == errno.EPERM
    assert verdict(machine, call, target, new_processes=True) == ALLOWED


@machines
@processes
@pytest.mark.parametrize("call", ["prlimit64", "sched_setaffinity"])
def test_limits_and_scheduling_of_others_are_refused(machine, new_processes, call):
    assert verdict(machine, call, 0, new_processes=new_processes) == ALLOWED
    assert verdict(machine, call, 99, new_processes=new_processes) == errno.EPERM


@machines
@processes
@pytest.mark.parametrize(("call", "arguments"), [("prctl", (1, 0)), ("fcntl", (3, 8, 99)), ("ioctl", (3, 0x8901))])
def test_the_process_can_neither_outlive_the_grader_nor_have_it_signalled(machine, new_processes, call, arguments):
    assert verdict(machine, call, *arguments, new_processes=new_processes) == errno.EPERM
    harmless = (arguments[0] + 50, arguments[1] + 100)
    assert verdict(machine, call, *harmless, new_processes=new_processes) == ALLOWED


@machines
def test_calls_of_another_architecture_are_refused(machine):
    i386 = 0x40000003
    assert verdict(machine, "read", architecture=i386) == errno.EPERM


def test_calls_of_x32_are_refused():
    assert verdict(X86, 0x40000000 | CALLS[X86]["read"]) == errno.EPERM


@machines
@processes
def test_every_jump_stays_in_the_program(machine, new_processes):
    code = instructions(machine, new_processes)
    assert len(code) <= 4096
    for position, (operation, if_true, if_false, _) in enumerate(code):
        if operation not in (0x06, 0x20):
            assert position + 1 + max(if_true, if_false) < len(code)


def test_what_the_kernel_refuses_ends_the_worker_before_it_receives_anything(tmp_path):
    with pytest.raises(FileNotFoundError):
        confine._allow(os.open(tmp_path, os.O_RDONLY), str(tmp_path / "nowhere"), 1)


def test_a_path_is_open_to_all_if_every_folder_above_it_is(tmp_path):
    (tmp_path / "in").mkdir()
    assert not confine._open_to_all(str(tmp_path / "in"))  # pytest's own folder is for its user only
    assert confine._open_to_all("/usr/lib")
