from .frames import OK, frame, live_on, send


def double(x):
    send(frame([*OK, 0.0, "l", 3, "l", 2, 99, "s", "x", "l", 2, -1, None, "s", "x"]))
    live_on()
