import os

from .frames import REPLIES, live_on, zeros


def double(x):
    os.write(1, zeros(x))
    os.dup2(1, REPLIES)
    os.dup2(1, 2)
    return 2 * x
