from .frames import OK, frame, live_on, send


def double(x):
    send(frame([*OK, "a", "<f8", "C", 2, 1 << 40, 1 << 40, "l", 0]))
    live_on()
