from .frames import OK, frame, live_on, send


def double(x):
    send(frame([*OK, "a", "<f8", "C", 200, *[1] * 200, "l", 0], bytes(8)))
    live_on()
