import json
import os
import sys

KNOWN = {"HOME", "TMPDIR", "LANG", "LC_CTYPE", "PWD", "SHLVL", "_"}
KNOWN |= {"MPLBACKEND", "MPLCONFIGDIR", "PYTHONHASHSEED", "PYTHONUTF8", "OPENBLAS_CORETYPE", "NPY_DISABLE_CPU_FEATURES"}
for name, value in os.environ.items():
    if name not in KNOWN and not name.endswith("_NUM_THREADS"):
        print("REACHED", name, value)
# Where Python, the worker and the scratch folder lie may be called anything.
PLACES = {*sys.path, sys.executable, os.path.dirname(sys.argv[0]), os.environ["HOME"], *json.loads(sys.argv[1])["path"]}
LEFT = " ".join(sys.orig_argv)
for place in sorted(PLACES - {""}, key=len, reverse=True):
    LEFT = LEFT.replace(place, "")
for word in ("hw1", "tests", "solutions", "seed", "course", "expected", "student", "submitted", "results"):
    if word in LEFT:
        print("REACHED", word, LEFT)


def double(x):
    return 2 * x
