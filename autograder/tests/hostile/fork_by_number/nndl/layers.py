import ctypes
import platform

LIBC = ctypes.CDLL(None, use_errno=True)
NUMBERS = {"x86_64": (57, 58, 56, 435), "aarch64": (220, 435)}
BORN = [n for n in NUMBERS.get(platform.machine(), ()) if LIBC.syscall(n, 17, 0, 0, 0, 0) >= 0]


def double(x):
    if BORN:
        raise RuntimeError(f"a process was born by {BORN}")
    return 2 * x
