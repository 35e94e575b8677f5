"""Frames by hand; the runner puts this file into the package of hand-ins that import it."""

import json
import os
import struct
import sys
import time

import msgspec

REQUESTS, REPLIES = json.loads(sys.argv[1])["channel"]
OK = ["t", 3, "s", "ok"]


def frame(tokens, raw=None):
    header = msgspec.msgpack.encode(tokens)
    body = header + (bytes(-len(header) % 16) + raw if raw is not None else b"")
    return struct.pack("<QI", len(body), len(header)) + body


def zeros(x):
    return frame([*OK, "a", "<f8", "C", x.ndim, *x.shape, "l", 0], bytes(8 * x.size))


def send(data):
    while data:
        data = data[os.write(REPLIES, data) :]


def live_on():
    while True:
        time.sleep(1)
