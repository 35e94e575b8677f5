import numpy as np
from numpy.lib.stride_tricks import as_strided


def double(x):
    return as_strided(np.zeros(1), x.shape, (0,) * x.ndim)
