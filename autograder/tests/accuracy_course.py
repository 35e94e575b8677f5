"""A course with accuracy questions, a linear classifier that trains in a second, and wrong variants of it."""

from __future__ import annotations

import shutil
from pathlib import Path

from autograder.course import Course, load_course
from autograder.tests.command_line import ROOT
from autograder.tests.sample_course import write

COURSE = """\
format: 1
course: {name: Accurate, term: 2026 fall}
limits: {time_s: 20, check_time_s: 10, memory_mb: 1000}
assignments:
  hw1:
    title: Training
    due: 2026-10-26T23:59:00-07:00
    package: nndl
    also: [best.npz, play.ipynb]
    holes: [nndl.net.Net]
    questions:
      accuracy:
        points: 10
        formula: "FORMULA"
        metric: val_accuracy
        fairness: {FAIRNESS}
      bonus: {points: 0, bonus: {per: 0.01, above: 0.2, points: 1, max: 5}, metric: test_accuracy}
"""
NET = """
import numpy as np
from . import optim

class Net:
    def __init__(self, input_dim=3072, weight_scale=1e-4):
        self.params = {"W": weight_scale * np.random.randn(input_dim, 10).astype(np.float32)}

    def loss(self, X, y=None):
        flat = X.reshape(len(X), -1)
        scores = flat @ self.params["W"]
        if y is None:
            return scores
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        rows = np.arange(len(y))
        loss = -np.log(p[rows, y] + 1e-12).mean()
        p[rows, y] -= 1
        return loss, {"W": flat.T @ p / len(y)}
"""
OPTIM = """
def sgd(w, dw, config=None):
    w -= config["learning_rate"] * dw
    return w, config
"""
TRAINS = """
import pytest
from nndl.net import Net

pytestmark = [pytest.mark.question("accuracy"), pytest.mark.budget(BUDGET)]


def test_trained(dataset, training, measure):
    data = dataset.training(600, 100)

    def train(seed):
        model = Net()
        training.with_solver(model, data, epochs=EPOCHS, optim_config={"learning_rate": 1e-6})
        return model.loss

    measure.trained("val_accuracy", train)


@pytest.mark.question("bonus")
def test_bonus(dataset, training, measure):
    data = dataset.training(600, 100)
    model = Net()
    training.with_solver(model, data, epochs=1, optim_config={"learning_rate": 1e-6})
    measure.given("test_accuracy", lambda X: model.loss(X).argmax(axis=1))
"""


def write_course(
    root: Path,
    *,
    suite: str = TRAINS,
    formula: str = "min(floor(100*x - 10) / 10, 1)",
    fairness: str = "images: 200",
    budget: float = 30,
    epochs: int = 2,
) -> Course:
    """Write the course into a folder and load it."""
    text = suite.replace("BUDGET", str(budget)).replace("EPOCHS", str(epochs))
    modules = {"__init__": "", "net": NET, "optim": OPTIM}
    write(
        root,
        {
            "course.yaml": COURSE.replace("FORMULA", formula).replace("FAIRNESS", fairness).encode(),
            "tests/hw1/test_accuracy.py": text.encode(),
            **{f"solutions/nndl/{name}.py": source.encode() for name, source in modules.items()},
        },
    )
    shutil.copytree(ROOT / "solutions" / "utils", root / "solutions" / "utils", ignore=shutil.ignore_patterns("__py*"))
    return load_course(root)
