"""Measure how far the course's own models get on each data set: the ladder that printed thresholds rely on.

Prints accuracies on shapes10 and, where it is, CIFAR-10 (datasets/ or CIFAR10_DIR), side by side: on the validation
images that training chooses by, and on images that it never saw, with mean and standard deviation over seeds, and the
seconds that one training takes of one processor. Every rung trains as the notebooks do.

``python benchmarks/ladder.py [--seeds 3] [--rungs softmax,deep] [--data shapes10] [--training 9000] [--keep FILE]
[--write docs/accuracy.md]``
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import document
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
SOLUTIONS = ROOT / "solutions"
sys.path.insert(0, str(SOLUTIONS))

from autograder.data import published  # noqa: E402 (the course's packages are found first)
from autograder.data.dataset import Cifar10, Dataset, Images, Source, shapes10  # noqa: E402

Data = dict[str, np.ndarray]
Predict = Callable[[np.ndarray], np.ndarray]  # images -> labels
_NEW_IMAGES = 5000
_BATCH = 250


@dataclass(frozen=True)
class Rung:
    """A model with its default training, and the band that shapes10 has to keep it in, in percent."""

    title: str
    band: tuple[int, int]
    train: Callable[[Data], tuple[float, Predict]]  # validation accuracy, and what has been trained


@dataclass(frozen=True)
class Found:
    """What one training reached."""

    validation: float
    new: float
    cpu_s: float


def softmax(data: Data) -> tuple[float, Predict]:
    """Softmax regression, 1500 steps."""
    from nndl.softmax import Softmax

    def flat(X: np.ndarray) -> np.ndarray:
        return np.hstack([X.reshape(len(X), -1), np.ones((len(X), 1), X.dtype)])  # the bias is a pixel of 1

    model = Softmax(dims=[10, 3073])
    model.train(flat(data["X_train"]), data["y_train"], learning_rate=1e-7, num_iters=1500, batch_size=200)
    return float(np.mean(model.predict(flat(data["X_val"])) == data["y_val"])), lambda X: model.predict(flat(X))


def two_layer(data: Data) -> tuple[float, Predict]:
    """Two layers of 100 units, plain SGD."""
    from nndl.fc_net import TwoLayerNet

    model = TwoLayerNet(hidden_dims=100, weight_scale=1e-3, reg=0.1)
    return _solve(model, data, epochs=10, optim_config={"learning_rate": 2e-3}, lr_decay=0.9)


def deep(data: Data) -> tuple[float, Predict]:
    """Three hidden layers of 256 units with batch normalization and dropout, Adam."""
    from nndl.fc_net import FullyConnectedNet

    model = FullyConnectedNet([256] * 3, use_batchnorm=True, dropout=0.25, weight_scale=2e-2, reg=1e-3)
    return _solve(model, data, epochs=10, update_rule="adam", optim_config={"learning_rate": 1e-3}, lr_decay=0.8)


def convnet(data: Data) -> tuple[float, Predict]:
    """The three-layer convolutional net with filters of 7x7, Adam, as the solution of hw5's notebook trains it."""
    from nndl.cnn import ThreeLayerConvNet

    model = ThreeLayerConvNet(num_filters=8, filter_size=7, weight_scale=1e-2, reg=1e-2)
    rule = {"update_rule": "adam", "optim_config": {"learning_rate": 1.5e-3}}
    return _solve(model, data, epochs=6, lr_decay=0.7, batch_size=50, **rule)


def _solve(model: Any, data: Data, *, epochs: int, **settings: object) -> tuple[float, Predict]:
    from utils.solver import Solver

    solver = Solver(model, data, num_epochs=epochs, verbose=False, **settings)
    solver.train()
    return float(solver.best_val_acc), lambda X: model.loss(X).argmax(axis=1)


RUNGS = {
    "softmax": Rung("softmax regression", (35, 42), softmax),
    "two_layer": Rung("two-layer net", (48, 56), two_layer),
    "deep": Rung("deep net with batch normalization and dropout", (55, 62), deep),
    "convnet": Rung("three-layer convolutional net", (65, 78), convnet),
}


def main() -> None:
    """Measure, print, and write the table where that is asked for."""
    options = _options()
    folder = published.find(ROOT)
    there = {"shapes10": shapes10(ROOT, SOLUTIONS)} | ({"cifar10": Cifar10(folder, SOLUTIONS)} if folder else {})
    datasets = {name: source for name, source in there.items() if name in options.data}
    kept = _Kept(options.keep, options.training)
    print(f"{'':12}{'band':>8}" + "".join(f"{name:>44}" for name in datasets), flush=True)
    for name in options.rungs:
        print(f"{name:12}{RUNGS[name].band[0]:>5}-{RUNGS[name].band[1]}", end="", flush=True)
        for kind, source in datasets.items():
            if missing := kept.missing(name, kind, options.seeds):
                for seed, found in _trainings(RUNGS[name], source, options.training, missing):
                    kept.keep(name, kind, seed, found)
            print(f"{_words(kept.of(name, kind)):>44}", end="", flush=True)
        print()
    if options.write:
        _write(options.write, kept)


class _Kept:
    """All trainings so far, in a file if there is one, so that those that are in it are not done again."""

    def __init__(self, file: Path | None, training: int | None) -> None:
        self._file, self._suffix = file, f" {training}" if training else ""
        self._found: dict[str, dict[str, dict[str, Any]]] = {}
        if file and file.is_file():
            self._found = json.loads(file.read_text(encoding="utf-8"))

    def missing(self, rung: str, kind: str, seeds: int) -> list[int]:
        """Return the seeds that a model has not been trained with."""
        known = self._found.get(rung, {}).get(kind + self._suffix, {})
        return [seed for seed in range(seeds) if str(seed) not in known]

    def keep(self, rung: str, kind: str, seed: int, found: Found) -> None:
        """Note a training."""
        self._found.setdefault(rung, {}).setdefault(kind + self._suffix, {})[str(seed)] = asdict(found)
        if self._file:
            self._file.write_text(json.dumps(self._found, indent=1) + "\n", encoding="utf-8")

    def of(self, rung: str, kind: str) -> list[Found]:
        """Return the trainings of a model on a data set."""
        return [Found(**each) for each in self._found.get(rung, {}).get(kind + self._suffix, {}).values()]


def _trainings(rung: Rung, source: Source, training: int | None, seeds: list[int]) -> Iterator[tuple[int, Found]]:
    images = Dataset(source, 0)
    data = images.training(training or source.students_training)
    new = images.unseen(_NEW_IMAGES)
    for seed in seeds:
        yield seed, _measured(rung, data, new, seed)


def _measured(rung: Rung, data: Data, new: Images, seed: int) -> Found:
    np.random.seed(seed)
    started = time.process_time()
    with contextlib.redirect_stdout(io.StringIO()):
        validation, predict = rung.train(data)
    seconds = time.process_time() - started
    right = [predict(new.X[at : at + _BATCH]) == new.y[at : at + _BATCH] for at in range(0, len(new), _BATCH)]
    return Found(validation, float(np.mean(np.concatenate(right))), seconds)


def _words(found: list[Found]) -> str:
    if not found:
        return "-"
    validation, new = (_percent([getattr(each, name) for each in found]) for name in ("validation", "new"))
    seconds = statistics.median(each.cpu_s for each in found)
    return f"{validation}, new {new} ({len(found)} x {seconds:.0f} s)"


def _percent(values: list[float]) -> str:
    spread = f" ±{100 * statistics.stdev(values):.1f}" if len(values) > 1 else ""
    return f"{100 * statistics.mean(values):.1f}{spread}"


def _write(file: Path, kept: _Kept) -> None:
    """Put the table between the marks in a document."""
    lines = [
        "| percent right | band | shapes10: validation, new images | CIFAR-10: validation, test images |",
        "|---|---|---|---|",
    ]
    for name, rung in RUNGS.items():
        measured = [_words(kept.of(name, kind)) for kind in ("shapes10", "cifar10")]
        cells = [rung.title, f"{rung.band[0]}-{rung.band[1]}", *measured]
        lines.append(f"| {' | '.join(cells)} |".replace("new ", ""))
    document.write(file, "ladder", [*lines, "", "In brackets: trainings, times the processor seconds of each."])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3, help="trainings of each model")
    parser.add_argument("--rungs", type=lambda text: text.split(","), default=list(RUNGS), help=",".join(RUNGS))
    parser.add_argument("--data", type=lambda text: text.split(","), default=["shapes10", "cifar10"])
    parser.add_argument("--training", type=int, help="training images; default: as many as students have")
    parser.add_argument("--keep", type=Path, help="file that keeps all trainings; those in it are not done again")
    parser.add_argument("--write", type=Path, help="document to write the table into, such as docs/accuracy.md")
    return parser.parse_args()


if __name__ == "__main__":
    main()
