import itertools

import numpy as np

ARRAYS = itertools.cycle([np.zeros(3), np.array([{}]), np.zeros((0, 5)), np.array("text")])


class Liar:
    def __array__(self, dtype=None, copy=None):
        return next(ARRAYS)


def double(x):
    return Liar()
