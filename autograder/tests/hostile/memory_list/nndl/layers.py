import mmap

import numpy as np


def double(x):
    rows = [0.0] * 1_000_000
    while True:
        rows = rows * 16
