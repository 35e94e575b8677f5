import numpy as np


def double(x):
    return np.frombuffer(b"\xff" * 16 * x.size, np.longdouble).reshape(x.shape)
