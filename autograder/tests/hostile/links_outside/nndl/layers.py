import os
import sys

import worker


def attempt(what, action):
    """Tell of an action that was not refused."""
    try:
        print("REACHED", what, repr(action())[:300])
    except (OSError, ImportError, AttributeError, KeyError, LookupError, ValueError):
        pass


def through(make, target):
    make(target, "link")
    try:
        with open("link", "r+b") as file:
            return file.read(100)
    finally:
        os.unlink("link")


for target in ("/etc/passwd", "/proc/self/environ", "/proc/1/root/etc/shadow", sys.executable, worker.__file__):
    attempt(target, lambda target=target: through(os.symlink, target))
    attempt(target, lambda target=target: through(os.link, target))


def double(x):
    return 2 * x
