import os
import time


def leave():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for _ in range(100):
                time.sleep(0.1)
                for folder in ("/tmp", "/dev/shm", "."):
                    open(f"{folder}/left-behind-by-daemon", "w")
        os._exit(0)


try:
    leave()
except OSError:
    pass


def double(x):
    return 2 * x
