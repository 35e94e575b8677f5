import os

from .frames import REPLIES, REQUESTS, live_on


def double(x):
    nowhere = os.open("/dev/null", os.O_RDWR)
    os.dup2(nowhere, REPLIES)
    os.dup2(nowhere, REQUESTS)
    live_on()
