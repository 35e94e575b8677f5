import struct

from .frames import live_on, send


def double(x):
    send(struct.pack("<QI", 500 << 20, 100) + bytes(100))
    live_on()
