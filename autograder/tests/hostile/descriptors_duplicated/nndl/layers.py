import os

from .frames import REPLIES, live_on, zeros


def double(x):
    last = REPLIES
    try:
        while True:
            last = os.dup(last)
    except OSError:
        pass
    os.write(last, zeros(x))
    live_on()
