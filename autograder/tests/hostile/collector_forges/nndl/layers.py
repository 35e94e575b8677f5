import gc

import numpy as np

from .frames import live_on, send, zeros


def collecting(phase, information):
    if phase == "start" and SEEN:
        x = SEEN.pop()
        send(zeros(x))
        live_on()


SEEN = []
gc.callbacks.append(collecting)
gc.set_threshold(1, 1, 1)


def double(x):
    SEEN.append(x)
    return [[] for _ in range(100)]
