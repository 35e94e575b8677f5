import struct

from .frames import live_on, send


def double(x):
    send(struct.pack("<QI", 3, 3) + b"\x91\xa1\xff")
    live_on()
