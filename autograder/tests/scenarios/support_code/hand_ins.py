"""Make a class whose support code is missing, stale or in another place. Run in the folder of the scenario."""

from pathlib import Path

Path("solutions/utils/data.py").write_text("def twice(x):\n    return 2 * x\n")
given = "def four(x):\n    return 4 * x\n"
for place in ("solutions/nndl/given.py", "release/hw1/nndl/given.py"):
    Path(place).parent.mkdir(parents=True, exist_ok=True)
    Path(place).write_text(given)

LAYERS = "def double(x):\n    return 2 * x\n"
NET = "def quadruple(x):\n    return 4 * x\n"
BROKEN = "print 'stale'\nraise RuntimeError\n"
STUDENTS = {
    "by_new_name": {"nndl/layers": "from utils.data import twice\ndef double(x):\n    return twice(x)\n", "nndl/net": NET},
    "by_old_name": {"nndl/layers": "from cs231n.data import *\ndef double(x):\n    return twice(x)\n", "nndl/net": NET},
    "stale_copy": {
        "nndl/layers": "import utils.data as u\nimport cs231n.data as c\ndef double(x):\n    return u.twice(x) if u is c else 0\n",
        "nndl/net": NET,
        "utils/data": "def twice(x):\n    return 3 * x\n",
        "cs231n/data": BROKEN,
        "cs231n/__init__": "1 / 0\n",
    },
    "own_helper": {
        "nndl/layers": "from cs231n.mine import plus\nfrom helper import one\ndef double(x):\n    return plus(x, one * x)\n",
        "nndl/net": NET,
        "cs231n/mine": "def plus(a, b):\n    return a + b\n",
        "helper": "one = 1\n",
    },
    "without_what_is_given": {
        "nndl/layers": LAYERS,
        "nndl/net": "from .given import four\ndef quadruple(x):\n    return four(x)\n",
    },
    "own_copy_of_what_is_given": {
        "nndl/layers": LAYERS,
        "nndl/net": "from .given import four\ndef quadruple(x):\n    return four(x)\n",
        "nndl/given": "def four(x):\n    return 5 * x\n",
    },
    "like_the_library": {"nndl/layers": LAYERS, "nndl/net": NET, "numpy": BROKEN, "json": BROKEN, "utils/__init__": BROKEN},
}

for student, files in STUDENTS.items():
    for name, text in files.items():
        file = Path("submitted", student, f"{name}.py")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
