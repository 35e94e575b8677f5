import numpy as np


def double(x):
    return np.broadcast_to(np.float64(0), x.shape) if x.ndim == 1 else np.empty((0, 1 << 62), np.int8)
