"""The filter of system calls that a confined worker runs behind.

It allows by default and refuses, with EPERM, the calls that reach beyond the process: other processes and
programs, sockets, tracing, foreign memory, signals to others, namespaces, mounts, kernel facilities, what is shared by
a number and no resource limit counts, and changes of files that Landlock does not cover. Calls that are newer than
this list are not there.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct

from . import kernel

_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER_AT, _ARCH_AT, _ARGUMENT_AT = 0, 4, 16

# name -> (x86_64, aarch64); None where an architecture lacks the call
_BEYOND = {
    "socket": (41, 198), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201),
    "accept": (43, 202), "accept4": (288, 242),
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "process_madvise": (440, 440), "kcmp": (312, 272), "pidfd_getfd": (438, 438),
    "pidfd_open": (434, 434), "pidfd_send_signal": (424, 424),
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431),
    "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    "unshare": (272, 97), "setns": (308, 268),
    "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218),
    "memfd_create": (319, 279), "memfd_secret": (447, 447),
    "shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195), "mq_open": (240, 180), "mq_unlink": (241, 181),
    "semget": (64, 190), "semop": (65, 193), "semtimedop": (220, 192), "semctl": (66, 191),
    "msgget": (68, 186), "msgsnd": (69, 189), "msgrcv": (70, 188), "msgctl": (71, 187),
    "statmount": (457, 457), "listmount": (458, 458), "open_tree_attr": (467, 467), "listns": (470, 470),
    "io_setup": (206, 0), "sync": (162, 81), "syncfs": (306, 267), "process_mrelease": (448, 448),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "reboot": (169, 142),
    "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89), "quotactl": (179, 60), "quotactl_fd": (443, 443),
    "personality": (135, 92), "syslog": (103, 116), "sethostname": (170, 161), "setdomainname": (171, 162),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "adjtimex": (159, 171),
    "fanotify_init": (300, 262), "ioperm": (173, None), "iopl": (172, None), "modify_ldt": (154, None),
    "uselib": (134, None), "vhangup": (153, 58), "setpriority": (141, 140), "ioprio_set": (251, 30),
    "inotify_init": (253, None), "inotify_init1": (294, 26),
}  # fmt: skip
# Landlock lets these be, and without a mount namespace the files may be the grader's own
_FILE_CALLS = {
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452),
    "chown": (92, None), "lchown": (94, None), "fchown": (93, 55), "fchownat": (260, 54),
    "utime": (132, None), "utimes": (235, None), "futimesat": (261, None), "utimensat": (280, 88),
    "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7), "setxattrat": (463, 463),
    "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16), "removexattrat": (466, 466),
    "truncate": (76, 45), "file_setattr": (469, 469),
}  # fmt: skip
_PROCESS_CALLS = {
    "fork": (57, None),
    "vfork": (58, None),
    "execve": (59, 221),
    "execveat": (322, 281),
    "setsid": (112, 157),
    "setpgid": (109, 154),
    "tkill": (200, 130),
}
_CLONE, _CLONE3 = (56, 220), (435, 435)
_CLONE_THREAD, _CLONE_NEW = 0x00010000, 0x7E020080  # every CLONE_NEW* flag
_SIGNAL_CALLS = {
    "kill": (62, 129),
    "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
}
_ON_ANY_PROCESS = {  # with 0 as first argument they mean the caller, else possibly the grader, whose account it may be
    "prlimit64": (302, 261), "sched_setaffinity": (203, 122), "sched_setscheduler": (144, 119),
    "sched_setparam": (142, 118), "sched_setattr": (314, 274), "move_pages": (279, 239), "migrate_pages": (256, 238),
}  # fmt: skip
_NEWEST = 471  # of the calls that were looked at, on both architectures
_SOCKETPAIR, _UNIX, _DATAGRAMS = (53, 199), 1, 2  # the bit of SOCK_DGRAM and SOCK_RAW, which can be sent to any address
_PRCTL, _FCNTL, _IOCTL = (157, 167), (72, 25), (16, 29)
_REFUSED_COMMANDS = (
    (_PRCTL, 0, kernel.PR_SET_PDEATHSIG),  # it would outlive the grader
    (_PRCTL, 0, kernel.PR_SET_DUMPABLE),  # the grader looks at which files it holds open
    (_PRCTL, 0, kernel.PR_SCHED_CORE),  # nobody else could use the other half of its processor core
    *((_FCNTL, 1, command) for command in (1024, 1026)),  # leases and notifications, which writers have to wait for
    *((_FCNTL, 1, 8), (_FCNTL, 1, 15), (_IOCTL, 1, 0x8901), (_IOCTL, 1, 0x8902)),  # whom SIGIO goes to
)
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}


def available() -> bool:
    """Tell whether this machine's system calls are known to the filter."""
    return platform.machine() in _MACHINES


def install() -> None:
    """Put the filter on this process, for good."""
    code = filter_program(platform.machine(), own_pid=os.getpid())
    program = ctypes.create_string_buffer(code)
    head = struct.pack("@HP", len(code) // 8, ctypes.addressof(program))
    filter_mode = 2
    kernel.prctl(kernel.PR_SET_SECCOMP, filter_mode, ctypes.cast(ctypes.create_string_buffer(head), ctypes.c_void_p))


def filter_program(machine: str, *, own_pid: int) -> bytes:
    """Return the filter as BPF instructions of 8 bytes each.

    Every test is a block that either returns or falls through to the next, so no jump is longer than
    its own block.
    """
    column, arch = _MACHINES[machine]
    code = [_op(_LOAD, _ARCH_AT), _op(_EQUAL, arch, 1, 0), _REFUSE, _op(_LOAD, _NUMBER_AT)]
    if machine == "x86_64":
        x32_bit = 0x40000000
        code += [_op(_AT_LEAST, x32_bit, 0, 1), _REFUSE]
    for number in (numbers[column] for numbers in (_BEYOND | _FILE_CALLS | _PROCESS_CALLS).values()):
        if number is not None:
            code += [_op(_EQUAL, number, 0, 1), _REFUSE]
    code += [_op(_AT_LEAST, _NEWEST + 1, 0, 1), _op(_RETURN, _ERRNO | errno.ENOSYS)]
    # clone3 keeps its flags in memory, out of a filter's sight; told that it is absent, libc falls back to clone
    code += [_op(_EQUAL, _CLONE3[column], 0, 1), _op(_RETURN, _ERRNO | errno.ENOSYS)]
    for numbers, position, test, operand, refuse_if in _argument_rules(own_pid):
        code += _argument_test(numbers[column], position, test, operand, refuse_if=refuse_if)
    return b"".join([*code, _op(_RETURN, _ALLOW)])


_Rule = tuple[tuple[int, int], int, int, int, bool]


def _argument_rules(own_pid: int) -> list[_Rule]:
    """Return (call, which argument, test, operand, whether passing the test is what refuses it)."""
    rules: list[_Rule] = [(_CLONE, 0, _ANY_BIT, _CLONE_NEW, True)]
    rules += [(_SOCKETPAIR, 0, _EQUAL, _UNIX, False), (_SOCKETPAIR, 1, _ANY_BIT, _DATAGRAMS, True)]
    rules += [(numbers, 0, _EQUAL, 0, False) for numbers in _ON_ANY_PROCESS.values()]
    rules += [(numbers, position, _EQUAL, command, True) for numbers, position, command in _REFUSED_COMMANDS]
    rules.append((_CLONE, 0, _ANY_BIT, _CLONE_THREAD, False))
    rules += [(numbers, 0, _EQUAL, own_pid, False) for numbers in _SIGNAL_CALLS.values()]
    return rules


def _argument_test(number: int, position: int, test: int, operand: int, *, refuse_if: bool) -> list[bytes]:
    """Refuse call `number` if (or unless) an argument passes the test; then go on with the number loaded."""
    to_refuse, to_go_on = (0, 1) if refuse_if else (1, 0)
    return [
        _op(_EQUAL, number, 0, 4),
        _op(_LOAD, _ARGUMENT_AT + 8 * position),
        _op(test, operand, to_refuse, to_go_on),
        _REFUSE,
        _op(_LOAD, _NUMBER_AT),
    ]


def _op(code: int, operand: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("<HBBI", code, if_true, if_false, operand)


_REFUSE = _op(_RETURN, _ERRNO | errno.EPERM)
