import os
import pickle


class Bomb:
    def __reduce__(self):
        return os.system, ("echo REACHED",)


def double(x):
    return pickle.dumps(Bomb())
