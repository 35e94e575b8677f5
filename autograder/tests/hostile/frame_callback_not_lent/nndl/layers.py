from .frames import frame, live_on, send


def double(x):
    send(frame(["t", 4, "s", "callback", "s", "nndl.layers.double", "l", 1, 1.0, "d", 0]))
    live_on()
