import sys


def double(x):
    sys.stdout.write("\x1b[2J\x1b[31mred\x1b]0;title\x07\x9b5n\x08\r\x00")
    return 2 * x
