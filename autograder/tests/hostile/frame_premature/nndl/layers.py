from .frames import live_on, send, zeros


def double(x):
    send(zeros(x))
    live_on()
