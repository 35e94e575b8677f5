class Wrong(BaseException):
    def __str__(self):
        raise self

    __repr__ = __str__


class Liar:
    def __getattr__(self, name):
        raise Wrong

    def __array__(self, *args, **kwargs):
        raise Wrong

    __len__ = __iter__ = __repr__ = __bool__ = __array__


def double(x):
    return Liar()
