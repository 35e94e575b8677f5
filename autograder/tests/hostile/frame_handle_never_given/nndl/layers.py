from .frames import OK, frame, live_on, send


def double(x):
    send(frame([*OK, "h", 987_654_321, 0, "ndarray", "l", 0]))
    live_on()
