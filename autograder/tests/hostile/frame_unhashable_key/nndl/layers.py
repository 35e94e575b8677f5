from .frames import OK, frame, live_on, send


def double(x):
    send(frame([*OK, "d", 1, "l", 0, 1, "l", 0]))
    live_on()
