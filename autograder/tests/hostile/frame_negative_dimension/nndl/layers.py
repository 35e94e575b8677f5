from .frames import OK, frame, live_on, send


def double(x):
    send(frame([*OK, "a", "<f8", "C", 2, -3, -1, "l", 0], bytes(24)))
    live_on()
