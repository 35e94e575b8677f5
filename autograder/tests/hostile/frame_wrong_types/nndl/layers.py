from .frames import OK, frame, live_on, send


def double(x):
    send(frame([*OK, "a", "<f8", "C", True, None, "s", "3", "l", 0], bytes(24)))
    live_on()
