FILES = []


def double(x):
    while True:
        FILES.append(open("/dev/null"))
