import sys
import types

for word in [name for name in sys.modules if name.partition(".")[0] in ("worker", "numpy", "msgspec", "nndl")]:
    if word not in ("nndl", __name__):
        sys.modules[word] = types.ModuleType(word)


def double(x):
    return 0 * x
