from .frames import OK, frame, live_on, send


def double(x):
    send(frame([*OK, "d", 2, "s", "a", 1, "s", "a", 2, "l", 0]))
    live_on()
