import ctypes

LIBC = ctypes.CDLL("librt.so.1")
MONOTONIC, NO_SIGNAL = 1, 1
EVENT = (ctypes.c_int * 16)(0, 0, 0, NO_SIGNAL)
MADE = 0
for _ in range(5000):
    MADE += LIBC.timer_create(MONOTONIC, EVENT, ctypes.byref(ctypes.c_void_p())) == 0


def double(x):
    if MADE > 1000:
        raise RuntimeError(f"{MADE} timers")
    return 2 * x
