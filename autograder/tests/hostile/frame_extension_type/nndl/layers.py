import struct

from .frames import live_on, send


def double(x):
    send(struct.pack("<QI", 5, 5) + b"\x91\xc7\x01\x05A")
    live_on()
