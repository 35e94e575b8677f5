import os


class Liar:
    def __reduce__(self):
        return os.system, ("echo REACHED; touch /tmp/REACHED",)

    __reduce_ex__ = __getstate__ = __copy__ = __deepcopy__ = lambda self, *_: self.__reduce__()


def double(x):
    return Liar()
