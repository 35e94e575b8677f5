import os

IMPROVED = []
for what in (
    lambda: os.nice(-5),
    lambda: os.setpriority(os.PRIO_USER, os.getuid(), 19),
    lambda: os.sched_setaffinity(os.getppid() or 1, {0}),
    lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50)),
    lambda: os.sched_setscheduler(1, os.SCHED_IDLE, os.sched_param(0)),
):
    try:
        what()
        IMPROVED.append(what.__code__.co_firstlineno)
    except OSError:
        pass


def double(x):
    if IMPROVED:
        raise RuntimeError(f"lines {IMPROVED} did something")
    return 2 * x
