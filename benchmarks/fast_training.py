"""Times steps of training through the Solver beside PyTorch's."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import timing  # first: it says where the others are
from nndl.cnn import ThreeLayerConvNet
from timing import Contenders, Row, torch
from utils import fast_optim, solver

BATCH = 50

RULES = {"sgd": "sgd", "adam": "adam", "sgd, fused": fast_optim.sgd, "adam, fused": fast_optim.adam}


def rows(seconds: float) -> Iterator[Row]:
    """Compare steps of a Solver on ThreeLayerConvNet, 32 filters of 7 by 7, batches of 50, with the same in PyTorch.

    Fused steps are compared with PyTorch's default ones and with its own fused ones, which it has from 2.4 on.
    """
    for dtype in ("float64", "float32"):
        for hidden in (100, 500):
            for name, rule in RULES.items():
                found = timing.row(f"{dtype} hidden {hidden} {name}", _contenders(dtype, hidden, name, rule), seconds)
                yield found | {"images_per_s": round(BATCH * 1e3 / float(found["ours_ms"]))}


def _contenders(dtype: str, hidden: int, name: str, rule: str | Callable) -> Contenders:
    rng = np.random.default_rng(0)
    images, labels = rng.standard_normal((500, 3, 32, 32)).astype(dtype), rng.integers(10, size=500)
    data = {"X_train": images, "y_train": labels, "X_val": images[:BATCH], "y_val": labels[:BATCH]}
    model = ThreeLayerConvNet(hidden_dim=hidden, dtype=np.dtype(dtype).type)
    settings = {"update_rule": rule, "optim_config": {"learning_rate": 1e-3}}
    trainer = solver.Solver(model, data, batch_size=BATCH, verbose=False, **settings)
    contenders: Contenders = {"ours": trainer._step}
    if torch:
        kind, _, fused = name.partition(", ")
        contenders["torch"] = _torch_step(images, labels, hidden, kind)
        if fused:
            contenders["torch_fused"] = _torch_step(images, labels, hidden, kind, fused=True)
    return contenders


def _torch_step(images: np.ndarray, labels: np.ndarray, hidden: int, rule: str, **how: bool) -> Callable[[], object]:
    nn, dtype = torch.nn, getattr(torch, images.dtype.name)
    layers = [nn.Conv2d(3, 32, 7, padding=3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(32 * 256, hidden)]
    model = nn.Sequential(*layers, nn.ReLU(), nn.Linear(hidden, 10)).to(dtype)
    optimizer = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[rule](model.parameters(), lr=1e-3, **how)
    x, y = torch.from_numpy(images), torch.from_numpy(labels)

    def step() -> None:
        chosen = torch.randint(len(x), (BATCH,))
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x[chosen]), y[chosen]).backward()
        optimizer.step()

    return step
