class Anything:
    def __call__(self, x):
        return 0 * x

    def __getattr__(self, name):
        return self


def __getattr__(name):
    return Anything()
