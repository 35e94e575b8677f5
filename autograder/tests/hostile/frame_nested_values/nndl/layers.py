from .frames import OK, frame, live_on, send


def double(x):
    send(frame(OK + ["l", 1] * 100_000 + [None, "l", 0]))
    live_on()
