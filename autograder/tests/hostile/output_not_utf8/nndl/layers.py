import os


def double(x):
    os.write(1, bytes(range(256)) * 100)
    return 2 * x
