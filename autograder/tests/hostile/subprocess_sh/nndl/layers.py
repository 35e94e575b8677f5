import subprocess


def double(x):
    subprocess.run(["/bin/sh", "-c", "sleep 1000 & echo > /tmp/left-behind-by-sh"])
    return 2 * x
