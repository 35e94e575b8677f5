import os
import sys


def double(x):
    os.execv(sys.executable, [sys.executable, "-c", "import time; time.sleep(1000)"])
