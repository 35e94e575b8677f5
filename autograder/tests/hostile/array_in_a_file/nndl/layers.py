import os

import numpy as np


def double(x):
    out = np.memmap("file", float, "w+", shape=x.shape)
    os.close(os.open("file", os.O_WRONLY | os.O_TRUNC))
    return out
