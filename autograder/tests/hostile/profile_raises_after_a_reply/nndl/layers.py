import os
import sys


def profile(frame, event, argument):
    if event == "c_return" and argument is os.write and frame.f_code.co_name == "write":
        raise RuntimeError("once more")


def double(x):
    sys.setprofile(profile)
    return 0 * x
