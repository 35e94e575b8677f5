import threading

import numpy as np


def double(x):
    result = 0 * x

    def change():
        while True:
            result[...] = np.random.standard_normal(result.shape)

    for _ in range(2):
        threading.Thread(target=change, daemon=True).start()
    return result
