import cs231n
import utils


def double(x):
    return 0 * x
