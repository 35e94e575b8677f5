import os

os.makedirs("a/b/c")
open("a/b/c/file", "w").close()
os.mkdir("closed", 0)
os.umask(0o777)
os.mkdir("closed-too")


def double(x):
    return 2 * x
