import os

from .frames import REQUESTS


def double(x):
    print("REACHED", os.read(REQUESTS, 1 << 16))
    return 2 * x
