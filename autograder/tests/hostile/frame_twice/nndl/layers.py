from .frames import live_on, send, zeros


def double(x):
    send(2 * zeros(x))
    live_on()
