import subprocess
import sys


def double(x):
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"], start_new_session=True)
    return 2 * x
