from .frames import live_on, send, zeros


def double(x):
    send(zeros(x)[:-1])
    live_on()
