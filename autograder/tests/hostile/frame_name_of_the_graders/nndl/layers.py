from .frames import OK, frame, live_on, send


def double(x):
    send(frame([*OK, "n", "reference.nndl.layers", "double", "l", 0]))
    live_on()
