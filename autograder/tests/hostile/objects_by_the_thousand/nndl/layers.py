class Thing:
    pass


def double(x):
    return [Thing() for _ in range(10_000)]
