import ctypes
import os
import platform

libc = ctypes.CDLL(None, use_errno=True)


def call(name, x86_64, aarch64, *arguments):
    number = x86_64 if platform.machine() == "x86_64" else aarch64
    result = libc.syscall(number, *[each if isinstance(each, bytes) else ctypes.c_long(each) for each in arguments])
    if result >= 0:
        print("REACHED", name, result)


call("memfd_create", 319, 279, b"REACHED", 0)
call("memfd_secret", 447, 447, 0)
call("userfaultfd", 323, 282, 1)
call("io_uring_setup", 425, 425, 1, bytes(120))
call("bpf", 321, 280, 0, bytes(128), 128)
call("perf_event_open", 298, 241, bytes(128), 0, -1, -1, 0)
call("add_key", 248, 217, b"user", b"REACHED", b"x", 1, -4)
call("keyctl", 250, 219, 0, -3, 1)
call("shmget", 29, 194, 0, 4096, 0o1600)
call("msgget", 68, 186, 0, 0o1600)
call("personality", 135, 92, 0x0040000)
call("landlock_create_ruleset by handle", 304, 265, -100, bytes(16), 0)
call("fanotify_init", 300, 262, 0, 0)
call("init_module", 175, 105, bytes(8), 8, bytes(1))


def double(x):
    return 2 * x
