import msgspec
import numpy


def double(x):
    return 2 * x
