class Worse(Exception):
    def __str__(self):
        return "the sandbox forbids this " * (4 << 20)


def double(x):
    error = None
    for _ in range(2000):
        try:
            raise Worse from error
        except Worse as raised:
            error = raised
    raise error
