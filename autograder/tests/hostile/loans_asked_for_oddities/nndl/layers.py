import numpy as np


def double(x):
    return 0 * x
