from .frames import OK, frame, live_on, send


def double(x):
    send(frame([*OK, "a", "<f8", "C", 3, 1 << 47, 1 << 47, 0, "l", 0], b""))
    live_on()
