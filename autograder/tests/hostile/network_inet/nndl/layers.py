import socket


def attempt(what, action):
    """Tell of an action that was not refused."""
    try:
        print("REACHED", what, repr(action())[:300])
    except (OSError, ImportError, AttributeError, KeyError, LookupError, ValueError):
        pass


def connect(kind, family, address):
    with socket.socket(family, kind) as end:
        end.settimeout(0.2)
        end.connect(address)
        return end.send(b"x")


def listen(kind, family, address):
    with socket.socket(family, kind) as end:
        end.bind(address)
        return end.getsockname()


for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "::1")):
        attempt((kind, host), lambda kind=kind, family=family, host=host: connect(kind, family, (host, 53)))
        attempt((kind, host), lambda kind=kind, family=family, host=host: listen(kind, family, (host, 0)))


def double(x):
    return 2 * x
