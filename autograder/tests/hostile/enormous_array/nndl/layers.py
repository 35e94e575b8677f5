import numpy as np


def double(x):
    return np.broadcast_to(np.zeros(1), (1 << 40,))
