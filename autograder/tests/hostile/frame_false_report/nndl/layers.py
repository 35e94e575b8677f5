from .frames import frame, live_on, send


def double(x):
    send(frame(["t", 2, "s", "raised", "l", 1, 7]))
    live_on()
