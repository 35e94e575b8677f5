import os
import time


def double(x):
    chunk, end = b"spam and eggs\n" * 80_000, time.monotonic() + 0.3
    for _ in range(1000):
        if time.monotonic() < end:
            os.write(1, chunk)
    return 2 * x
