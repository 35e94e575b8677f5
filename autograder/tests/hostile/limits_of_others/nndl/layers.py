import resource

CHANGED = []
for number in [*range(1, 3), *range(100, 40000, 7)]:
    try:
        resource.prlimit(number, resource.RLIMIT_NOFILE, (1, 1))
        CHANGED.append(number)
    except (OSError, ValueError):
        pass


def double(x):
    if CHANGED:
        raise RuntimeError(f"changed {CHANGED}")
    return 2 * x
