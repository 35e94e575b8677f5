import itertools
import os

FILES = []


def double(x):
    for number in itertools.count():
        FILES.append(open(f"gone-{number}", "wb"))
        os.unlink(f"gone-{number}")
        FILES[-1].write(bytes(20 << 20))
