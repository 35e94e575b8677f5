import resource

RAISED = []
for name in (n for n in dir(resource) if n.startswith("RLIMIT_")):
    number = getattr(resource, name)
    hard = resource.getrlimit(number)[1]
    if hard == resource.RLIM_INFINITY:
        continue
    for wanted in (hard + 1, resource.RLIM_INFINITY):
        try:
            resource.setrlimit(number, (hard, wanted))
            RAISED.append(name)
        except (OSError, ValueError):
            pass


def double(x):
    if RAISED:
        raise RuntimeError(f"raised {RAISED}")
    return 2 * x
