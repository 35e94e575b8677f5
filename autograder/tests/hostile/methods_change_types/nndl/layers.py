import itertools

import numpy as np


class Double:
    results = itertools.cycle([None, "2", {"x": 2}, np.float32, [[1], 2], lambda: 2, 2j, True])

    def __call__(self, x):
        Double.__call__ = lambda self, x: next(self.results)
        return {1, 2, 3}


double = Double()
