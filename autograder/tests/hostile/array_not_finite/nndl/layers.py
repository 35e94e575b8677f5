import numpy as np


def double(x):
    return np.full(x.shape, np.nan if x.ndim == 1 else np.inf)
