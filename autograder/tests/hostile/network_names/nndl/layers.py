import socket
import urllib.request


def attempt(what, action):
    """Tell of an action that was not refused."""
    try:
        print("REACHED", what, repr(action())[:300])
    except (OSError, ImportError, AttributeError, KeyError, LookupError, ValueError):
        pass


for name in ("example.org", "expected.attacker.example"):
    attempt(name, lambda name=name: socket.getaddrinfo(name, 443))
    attempt(name, lambda name=name: socket.gethostbyname(name))
attempt("url", lambda: urllib.request.urlopen("http://192.0.2.1/", timeout=0.3))


def double(x):
    return 2 * x
