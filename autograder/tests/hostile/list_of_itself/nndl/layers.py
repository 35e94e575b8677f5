import numpy as np


def double(x):
    out = [x]
    table = {"out": out}
    table["table"] = table
    held = np.empty(2, object)
    held[:] = [out, held]
    out += [out, table, held]
    return out
