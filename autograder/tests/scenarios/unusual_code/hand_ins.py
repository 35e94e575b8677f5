"""Make a class whose code is unusual in ways that must not cost it a point. Run in the folder of the scenario."""

from pathlib import Path

LAYERS = "def double(x):\n    return x + x\n"
NET = "from .layers import *\n\ndef quadruple(x):\n    return double(double(x))\n"
IMPORTS = """\
from __future__ import print_function, division
from builtins import range
from builtins import object
from past.builtins import xrange
from future import standard_library
standard_library.install_aliases()
from six.moves import cPickle as pickle, xrange
import pdb, ipdb, tqdm
import matplotlib
matplotlib.use("TkAgg")
import matplotlib.pyplot as plt
from mpl_toolkits.mplot3d import Axes3D
from scipy.misc import imread, imresize
from imageio import imread as read
import scipy.signal as sig
import torch, torch.nn as nn
import torch.nn.functional as F
import cv2, h5py
from google.colab import drive
drive.mount("/content/drive", force_remount=True)
plt.rcParams["figure.figsize"] = (10.0, 8.0)
%s
class Net(nn.Module):
    def __init__(self):
        super().__init__()

@torch.no_grad()
def evaluate(model):
    return model
"""
STUDENTS = {
    "imports": {"layers": IMPORTS % "" + LAYERS, "net": NET},
    "plots": {
        "layers": "import matplotlib.pyplot as plt\ndef double(x):\n    fig, ax = plt.subplots(1)\n"
        "    ax.plot(x)\n    plt.imshow(x[0])\n    plt.show()\n    return 2 * x\n",
        "net": NET,
    },
    "most_frequent": {
        "layers": "import numpy as np\nfrom scipy import stats\n"
        "def double(x):\n    return x * np.ravel(stats.mode([1, 2, 2])[0])[0]\n",
        "net": NET,
    },
    "numbers_as_objects": {
        "layers": "import numpy as np\ndef double(x):\n    return (2 * np.asarray(x)).astype(object)\n",
        "net": "def quadruple(x):\n    return 4 * x\n",
    },
    "library_in_earnest": {
        "layers": "import torch\ndef double(x):\n    return (torch.from_numpy(x) * 2).numpy()\n",
        "net": "def quadruple(x):\n    return 4 * x\n",
    },
    "runs_at_import": {
        "layers": "import numpy as np\nprint('training ...')\n" + LAYERS + "for i in range(3):\n    print(double(i))\n"
        "data = np.load('/Users/bob/cs231n/datasets/cifar10.npy')\nbest = double(data)\n",
        "net": NET + "while True:\n    quadruple(1)\nlater = 1\n",
    },
    "import_fails": {
        "layers": "import numpy as np\nfrom utils.lost import something\nfrom nndl.nothing import *\n" + LAYERS,
        "net": "from utils.data import rows\n" + NET,
    },
    "path_of_home": {
        "layers": LAYERS,
        "net": "import sys\nsys.path.append('/home/bob/hw/nndl')\nfrom layers import double\n" + NET.partition("\n")[2],
    },
    "old_numpy": {
        "layers": "import numpy as np\ndef double(x):\n    n = int(np.array([2.0]))\n    out = np.zeros(x.size, dtype=np.float)\n"
        "    for i in range(x.size):\n        out[i] = np.array([n]) * x.flat[i]\n    print('%d' % np.array([n]))\n"
        "    return np.reshape(out, newshape=x.shape).astype(np.float_)\n",
        "net": NET,
    },
    "python2": {
        "layers": "def double(x, verbose=False):\n    if verbose: print 'x', x\n    print ('%d and %d'\n           % (1, 2))\n    half = len(range(5)) / 2\n"
        "    try:\n        raise ValueError, 'no'\n    except ValueError, e:\n        pass\n    return half * x\n",
        "net": "from layers import *\ndef quadruple(x):\n    for i in xrange(2):\n        x = double(x)\n    return x\n",
    },
    "python2_broken": {"layers": "print 'a'\ndef double(x) return 2 * x\n", "net": "def quadruple(x):\n    return 4 * x\n"},
    "init_fails": {"__init__": "from .layers import *\nfrom .gone import *\n1 / 0\n", "layers": LAYERS, "net": NET},
    "crlf_and_mark": {"layers": b"\xef\xbb\xbf" + LAYERS.replace("\n", "\r\n").encode(), "net": NET},
    "latin": {"layers": b"# na\xefve \x93layers\x94\n" + LAYERS.encode(), "net": NET},
    "tabs": {"layers": "def double(x):\n\tif True:\n\t    y = x\n            return y + x\n", "net": NET},
    "breakpoints": {
        "layers": "import pdb\nfrom pdb import set_trace\ndef double(x):\n    pdb.set_trace()\n    set_trace()\n    breakpoint()\n"
        "    import ipdb; ipdb.set_trace()\n    return 2 * x\n",
        "net": NET,
    },
    "starter": {"layers": "def double(x):\n    pass\n", "net": "def quadruple(x):\n    raise NotImplementedError\n"},
    "starter_tuple": {"layers": "def double(x):\n    out = None\n    return out, x\n", "net": NET},
    "no_init": {"../code/layers": LAYERS, "../code/net": NET.replace("from .layers", "from layers")},
    "magic": {"layers": "%matplotlib inline\n!pip install numpy\nget_ipython().run_line_magic('load_ext', 'autoreload')\n" + LAYERS, "net": NET},
    "bad_syntax": {"layers": "def double(x:\n    return 2\n", "net": "def quadruple(x):\n    return 4 * x\n"},
}

for student, modules in STUDENTS.items():
    for module, text in modules.items():
        file = Path("submitted", student, "nndl", f"{module}.py").resolve()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
