from .frames import live_on, send, zeros


import threading


def double(x):
    for _ in range(4):
        threading.Thread(target=send, args=(2 * zeros(x),), daemon=True).start()
    live_on()
