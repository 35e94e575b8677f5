import os
import sys
from pathlib import Path


def attempt(what, action):
    """Tell of an action that was not refused."""
    try:
        print("REACHED", what, repr(action())[:300])
    except (OSError, ImportError, AttributeError, KeyError, LookupError, ValueError):
        pass


RUNTIME = [Path(path) for path in (*sys.path, f"{sys.base_prefix}/lib", sys.executable, os.environ["HOME"])]
RUNTIME += [Path("/etc/localtime"), Path("/etc/ld.so.cache")]
LEADING = {folder for path in RUNTIME for folder in (path, *path.parents)}  # to what Python needs, and to nothing else


def listed(folder):
    names = set(Path(folder).iterdir()) - LEADING
    if not names:
        raise LookupError
    return names


for path in ("~", "~root", "/root", "/home", "/etc", "/var", "/run", "/tmp", "/srv", "/mnt"):
    folder = os.path.expanduser(path)
    if folder not in (os.environ["HOME"], os.environ["TMPDIR"]):
        attempt(path, lambda folder=folder: listed(folder))
for path in ("/etc/shadow", "/root/.ssh/id_rsa", "/root/.bash_history", "/etc/hostname", "/var/log/syslog"):
    attempt(path, lambda path=path: open(path, "rb").read())


def double(x):
    return 2 * x
