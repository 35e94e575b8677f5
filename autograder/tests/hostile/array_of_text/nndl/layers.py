import numpy as np


def double(x):
    text = (2 * x).astype("U32")
    return text if x.ndim == 1 else text.astype("S32")
