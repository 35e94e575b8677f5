import os
import sys
from pathlib import Path

import worker


def attempt(what, action):
    """Tell of an action that was not refused."""
    try:
        print("REACHED", what, repr(action())[:300])
    except (OSError, ImportError, AttributeError, KeyError, LookupError, ValueError):
        pass


HERE = Path(os.environ["HOME"]).resolve()
SEEN = [Path(path) for path in ("/dev", "/etc", "/lib", "/lib64", "/usr", worker.__file__, *sys.path)]
ROOTS = {folder for path in SEEN for folder in (path, *path.parents)} | {HERE}  # they lead to installed packages


def listed(folder):
    names = set(folder.iterdir()) - ROOTS
    if not names:
        raise LookupError
    return names


for folder in (HERE.parent, HERE.parent.parent, Path("/tmp"), Path("/dev/shm"), Path("/var/tmp")):
    if folder != HERE:
        attempt(folder, lambda folder=folder: listed(folder))
for name in ("neighbours_read", "numpy_patched", "submitted", "results"):
    for folder in (Path.cwd(), HERE, HERE.parent, Path("/")):
        attempt(name, lambda path=folder / name: list(path.iterdir()))


def double(x):
    return 2 * x
