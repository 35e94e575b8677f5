import numpy as np


def double(x):
    return np.zeros(x.shape, [("a", float), ("b", "O")])
