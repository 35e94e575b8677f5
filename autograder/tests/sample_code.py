"""A submission that does a bit of everything, for tests of sessions."""

from __future__ import annotations

import pytest

from autograder.sandbox import StudentFault
from autograder.tests.sandboxes import files

CODE = """
import os, signal, sys, threading, time
import numpy as np

calls = []

def echo(*args, **kwargs):
    return (*args, kwargs)

def kinds(*args):
    return [type(arg).__module__ + "." + type(arg).__name__ for arg in args]

def order(x):
    return x.flags.c_contiguous, x.flags.f_contiguous, x.strides

def scale(x, by=2):
    x *= by

def change(config, rows):
    config["t"] = config.get("t", 0) + 1
    config["v"][...] = 5
    config["new"] = {"w": np.ones(2)}
    rows.append(3)
    rows[0] = "first"

def look(x, config, rows):
    return float(x.sum()) + len(config) + len(rows)

def grow(x, rows):
    x.shape = (3, 1)
    x += 1
    rows.clear()

class Starter:
    def loss(self, x):
        return 0.0, np.zeros_like(x)

    def train(self):
        pass


class Net:
    kind = "net"

    def __init__(self, n=3):
        self.params = {"W1": np.zeros((n, n)), "b1": np.zeros(n)}
        self.layers = [1, 2]
        self.n = n

    def loss(self, x, y=None):
        return float((x @ self.params["W1"]).sum()), {"W1": x}

    def me(self):
        return self

    def __getitem__(self, key):
        return key * 2

class Odd(np.ndarray):
    pass

def odd():
    return np.arange(3.0).view(Odd)

def tensor():
    class Tensor:
        def detach(self):
            return np.arange(4.0)
    return Tensor()

def numbers():
    return (number for number in range(3))

def closure():
    kept = np.arange(3.0)
    return lambda by: kept * by

def hole():
    raise NotImplementedError("hole")

def fail(x):
    return deeper(x)

def deeper(x):
    raise ValueError("no good: \\x1b[31m" + "x" * 3000)

class Lying(Exception):
    def __str__(self):
        raise RuntimeError

def lie():
    raise Lying

def nothing():
    pass

def leave():
    sys.exit(3)

def exit_hard(code):
    os._exit(code)

def kill_itself(number):
    os.kill(os.getpid(), number)
    time.sleep(1)

def spin():
    while True:
        try:
            time.sleep(0.01)
        except BaseException:
            pass

def bomb():
    return len(bytearray(2 << 30))

def forbidden():
    import socket
    socket.socket()

def out(text, times=1, stream="stdout"):
    for _ in range(times):
        print(text, file=getattr(sys, stream))

def raw_out(data):
    os.write(1, data)

def later(text):
    threading.Timer(0.2, print, [text]).start()

def close_output():
    os.close(1)
    os.close(2)
    return 1

def slow():
    time.sleep(0.5)
    return 1

def draw():
    return np.random.rand()

def words():
    return list({"a", "b", "c", "d", "e", "f"})

def huge():
    return np.zeros((1 << 28,), np.uint8)

def big_text():
    return "x" * (20 << 20)

def deep():
    value = []
    for _ in range(100):
        value = [value]
    return value

def reply_fd():
    return [fd for fd in range(3, 20) if os.path.exists(f"/dev/fd/{fd}")]

VALUE = 5
"""
SUBMISSION = files(
    code=CODE,
    broken="def f(:\n    pass\n",
    loop="open('ran', 'a').write('x')\nwhile True: pass\n",
    leaves="import os\nos._exit(4)\n",
    stops="raise SystemExit\n",
    needs="import nowhere_to_be_found\n",
    shows="from utils.data import f\nfrom cs231n.data import f as g\n",
)
SUPPORT = {"utils/__init__.py": b"", "utils/data.py": b"def f():\n    return 'support'\n"}


def fault_of(function, *args):
    with pytest.raises(StudentFault) as caught:
        function(*args)
    return caught.value.verdict, caught.value.message
