import sys


def refuse(event, arguments):
    raise RuntimeError(event)


sys.addaudithook(refuse)


def double(x):
    return 0 * x
