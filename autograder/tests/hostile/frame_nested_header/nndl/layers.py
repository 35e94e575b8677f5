import struct

from .frames import live_on, send


def double(x):
    send(struct.pack("<QI", 1 << 16, 1 << 16) + b"\x91" * (1 << 16))
    live_on()
