import os

from .frames import REPLIES, REQUESTS, live_on


def double(x):
    os.close(REPLIES)
    os.close(REQUESTS)
    live_on()
