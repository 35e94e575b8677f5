"""Measure how far the course's own models get on each data set: the ladder that printed thresholds rely on.

Prints validation accuracies of shapes10 and, where it is, CIFAR-10 (datasets/ or CIFAR10_DIR), side by side, with the
mean and spread over seeds. Every rung trains as the notebooks do; a model that this course does not have
is left out. The spread is what `fairness: {spread: ...}` in course.yaml asks for.

``python benchmarks/ladder.py [--seeds 5] [--rungs softmax,deep] [--data shapes10] [--training 9000] [--json FILE]``
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import io
import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
SOLUTIONS = ROOT / "solutions"
sys.path.insert(0, str(SOLUTIONS))

from autograder.data import published  # noqa: E402 (the course's packages are found first)
from autograder.data.dataset import Cifar10, Dataset, shapes10  # noqa: E402

Data = dict[str, np.ndarray]


@dataclass(frozen=True)
class Rung:
    """A model with its default training, and the band that shapes10 has to keep it in, in percent."""

    module: str
    band: tuple[int, int]
    train: Callable[[Data], float]


def softmax(data: Data) -> float:
    """Softmax regression, 1500 steps."""
    from nndl.softmax import Softmax

    def flat(X: np.ndarray) -> np.ndarray:
        return np.hstack([X.reshape(len(X), -1), np.ones((len(X), 1), X.dtype)])  # the bias is a pixel of 1

    model = Softmax(dims=[10, 3073])
    model.train(flat(data["X_train"]), data["y_train"], learning_rate=1e-7, num_iters=1500, batch_size=200)
    return float(np.mean(model.predict(flat(data["X_val"])) == data["y_val"]))


def two_layer(data: Data) -> float:
    """Two layers of 100 units, plain SGD."""
    from nndl.fc_net import TwoLayerNet

    model = TwoLayerNet(hidden_dims=100, weight_scale=1e-3, reg=0.1)
    return _solve(model, data, epochs=10, optim_config={"learning_rate": 1e-3}, lr_decay=0.95)


def deep(data: Data) -> float:
    """Three hidden layers of 256 units with batch normalization and dropout, Adam."""
    from nndl.fc_net import FullyConnectedNet

    model = FullyConnectedNet([256] * 3, use_batchnorm=True, dropout=0.25, weight_scale=2e-2, reg=1e-3)
    return _solve(model, data, epochs=10, update_rule="adam", optim_config={"learning_rate": 1e-3}, lr_decay=0.95)


def convnet(data: Data) -> float:
    """The three-layer convolutional net with 64 filters of 3x3 and batch normalization, Adam."""
    from nndl.cnn import ThreeLayerConvNet

    model = ThreeLayerConvNet(
        num_filters=64, filter_size=3, hidden_dim=200, weight_scale=1e-2, reg=1e-3, use_batchnorm=True
    )
    return _solve(model, data, epochs=5, update_rule="adam", optim_config={"learning_rate": 1e-3}, lr_decay=0.9)


def _solve(model: object, data: Data, *, epochs: int, **settings: object) -> float:
    from utils.solver import Solver

    solver = Solver(model, data, num_epochs=epochs, verbose=False, **settings)
    solver.train()
    return float(solver.best_val_acc)


RUNGS = {
    "softmax": Rung("nndl.softmax", (35, 42), softmax),
    "two_layer": Rung("nndl.fc_net", (48, 56), two_layer),
    "deep": Rung("nndl.layers.batchnorm_forward", (55, 62), deep),
    "convnet": Rung("nndl.cnn", (65, 78), convnet),
}


def main() -> None:
    options = _options()
    folder = published.find(ROOT)
    there = {"shapes10": shapes10(ROOT, SOLUTIONS)} | ({"cifar10": Cifar10(folder, SOLUTIONS)} if folder else {})
    datasets = {name: source for name, source in there.items() if name in options.data}
    found: dict[str, dict[str, list[float]]] = {}
    print(f"{'':12}{'band':>8}" + "".join(f"{name:>24}" for name in datasets), flush=True)
    for name in options.rungs:
        rung = RUNGS[name]
        if not _there(rung.module):
            print(f"{name:12}not in this course ({rung.module})")
            continue
        print(f"{name:12}{rung.band[0]:>5}-{rung.band[1]}", end="", flush=True)
        for kind, source in datasets.items():
            data = Dataset(source, 0).training(options.training or source.students_training)
            started = time.monotonic()
            values = [_measured(rung, data, seed) for seed in range(options.seeds)]
            found.setdefault(name, {})[kind] = values
            spread = f" ±{100 * statistics.stdev(values):.1f}" if len(values) > 1 else ""
            words = f"{100 * statistics.mean(values):.1f}{spread} ({time.monotonic() - started:.0f} s)"
            print(f"{words:>24}", end="", flush=True)
        print()
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def _measured(rung: Rung, data: Data, seed: int) -> float:
    np.random.seed(seed)
    with contextlib.redirect_stdout(io.StringIO()):
        return rung.train(data)


def _there(dotted: str) -> bool:
    module, _, name = dotted.rpartition(".")
    try:
        return hasattr(importlib.import_module(module), name) or bool(importlib.import_module(dotted))
    except ModuleNotFoundError:
        return False


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=1, help="trainings of each model")
    parser.add_argument("--rungs", type=lambda text: text.split(","), default=list(RUNGS), help=",".join(RUNGS))
    parser.add_argument("--data", type=lambda text: text.split(","), default=["shapes10", "cifar10"])
    parser.add_argument("--training", type=int, help="training images; default: as many as students have")
    parser.add_argument("--json", type=Path, help="also write all accuracies there")
    return parser.parse_args()


if __name__ == "__main__":
    main()
