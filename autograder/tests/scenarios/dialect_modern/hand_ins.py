"""Make the packages of several years from one: what their arguments are called, and some mistakes. Run in its folder."""

import shutil
from pathlib import Path

NET, LAYERS, OPTIM = "cs231n/classifiers/fc_net.py", "cs231n/layers.py", "cs231n/optim.py"
YEAR_2019 = [(NET, "dropout_keep_ratio", "dropout")]
YEAR_2017 = [
    (NET, "dropout_keep_ratio=1", "dropout=0"),
    (NET, "dropout_keep_ratio != 1", "dropout > 0"),
    (NET, "dropout_keep_ratio", "dropout"),
    (NET, "normalization=None", "use_batchnorm=False"),
    (NET, "self.normalization = normalization", "self.use_batchnorm = use_batchnorm"),
    (NET, 'self.normalization == "batchnorm"', "self.use_batchnorm"),
    (LAYERS, "(np.random.rand(*x.shape) < p) / p", "(np.random.rand(*x.shape) >= p) / (1 - p)"),
    (OPTIM, "(x, dx,", "(w, dw,"),
    (OPTIM, "(x)", "(w)"),
    (OPTIM, "next_x = x", "next_w = w"),
    (OPTIM, "next_x", "next_w"),
    (OPTIM, "dx", "dw"),
]
MISTAKES = [
    (OPTIM, 'config["cache"] = cache', "pass"),
    (OPTIM, 'config["t"] += 1', 'config["t"] = 1'),
    (LAYERS, "< p) / p", "< p) / (1 - p)"),
    (LAYERS, "running_var = momentum * running_var + (1 - momentum) * var", "running_var = var"),
]
WRONG_BACKWARD = "def batchnorm_backward(dout, cache):\n    return dout, dout.sum(0), dout.sum(0)\n\n\n"
ALTERNATIVE = [
    (LAYERS, "def batchnorm_backward(", f"{WRONG_BACKWARD}def batchnorm_backward_alt("),
    (NET, "= batchnorm_backward(", "= batchnorm_backward_alt("),
]
for student, changes in {
    "year_2021": [],
    "year_2019": YEAR_2019,
    "year_2017": YEAR_2017,
    "year_2021_mistakes": MISTAKES,
    "year_2021_alternative": ALTERNATIVE,
    "year_2019_no_bn_in_net": [*YEAR_2019, (NET, 'd, grads["gamma%d" % i], grads["beta%d" % i] = batchnorm', "_ = batchnorm")],
}.items():
    folder = shutil.copytree("base", f"class/{student}")
    for file, old, new in changes:
        path = Path(folder, file)
        assert old in path.read_text(), old
        path.write_text(path.read_text().replace(old, new))
