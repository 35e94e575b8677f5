import os

import numpy
import worker


def attempt(what, action):
    """Tell of an action that was not refused."""
    try:
        print("REACHED", what, repr(action())[:300])
    except (OSError, ImportError, AttributeError, KeyError, LookupError, ValueError):
        pass


def write(path):
    with open(path, "ab") as file:
        file.write(b"x")
    return path


BESIDE = [os.path.dirname(module.__file__) for module in (numpy, worker, os)]
for folder in ("/", "/tmp", "/etc", "/root", "/home", "/var/tmp", "/dev", "/dev/shm", "/usr/lib", *BESIDE):
    if folder != os.environ["HOME"]:
        attempt(folder, lambda folder=folder: write(os.path.join(folder, "REACHED.txt")))
        attempt(folder, lambda folder=folder: os.mkdir(os.path.join(folder, "REACHED")))
        attempt(folder, lambda folder=folder: os.symlink("/etc", os.path.join(folder, "REACHED")))
for module in (numpy, worker, os):
    attempt(module.__file__, lambda path=module.__file__: write(path))
    attempt(module.__file__, lambda path=module.__file__: os.unlink(path))
    attempt(module.__file__, lambda path=module.__file__: os.chmod(path, 0o777))


def double(x):
    return 2 * x
