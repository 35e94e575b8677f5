import os

WRITTEN = []
for folder in ("/tmp", "/dev/shm", "/var/tmp", "/run", "/dev", "/", "/root", "/home", "/run/lock", os.path.dirname(os.__file__)):
    try:
        with open(f"{folder}/left-behind-by-files", "w") as file:
            file.write("x" * 1000)
        WRITTEN.append(folder)
    except OSError:
        pass


def double(x):
    if WRITTEN:
        raise RuntimeError(f"written to {WRITTEN}")
    return 2 * x
