import ctypes

LIBC = ctypes.CDLL(None)
SET_PDEATHSIG, SET_NO_NEW_PRIVS, SET_SECCOMP = 1, 38, 22
DONE = [call for call in ((SET_PDEATHSIG, 0), (SET_NO_NEW_PRIVS, 0), (SET_SECCOMP, 0)) if LIBC.prctl(*call, 0, 0, 0) == 0]


def double(x):
    if DONE:
        raise RuntimeError(f"prctl {DONE} worked")
    return 2 * x
