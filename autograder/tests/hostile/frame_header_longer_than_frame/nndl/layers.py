import struct

from .frames import live_on, send


def double(x):
    send(struct.pack("<QI", 10, 1 << 20) + bytes(10))
    live_on()
