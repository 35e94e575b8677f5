from .frames import live_on, send


def double(x):
    send(bytes(12))
    live_on()
