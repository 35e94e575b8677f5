from .frames import OK, frame, live_on, send


def double(x):
    send(frame([*OK, "i", "0x" + "f" * 1_000_000, "l", 0]))
    live_on()
