import time

from .frames import live_on, send, zeros


def double(x):
    for byte in zeros(x):
        send(bytes([byte]))
        time.sleep(0.1)
    live_on()
