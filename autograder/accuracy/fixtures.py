"""The fixtures of accuracy questions: `dataset`, `training`, `measure`, `weights` and `notebook`.

They are part of the suite's pytest (see `autograder.suite.plugin`) and work on a submission in its sandbox as on the
reference solution in this process, where ``pytest tests/hw4`` is run by an author.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from autograder.suite import budget, seeds

if TYPE_CHECKING:  # a suite without accuracy questions is not to wait for any of this
    from autograder.accuracy.measuring import Measuring
    from autograder.accuracy.notebooks import Notebook
    from autograder.accuracy.rules import Rule
    from autograder.accuracy.stopwatch import Stopwatch
    from autograder.accuracy.training import Trainer
    from autograder.accuracy.weights import Weights
    from autograder.data import Dataset
    from autograder.data.dataset import Source

_DEFAULT_BUDGET_S = 60.0


@dataclass(kw_only=True)
class Accuracy:
    """What these fixtures need to know. `extras` and `current` change with the submission."""

    root: Path
    solutions: Path
    seed: int
    rules: Mapping[str, Rule]
    current: Callable[[], Any] | None = None  # the session of the sandbox; None where there is none
    extras: Mapping[str, bytes] = field(default_factory=dict)
    old_code: bool = True


ACCURACY = pytest.StashKey[Accuracy]()


def budget_of(item: pytest.Item) -> float:
    """Return the seconds that a check's mark `budget` gives it for training, or 0."""
    mark = item.get_closest_marker("budget")
    return float(mark.kwargs.get("seconds", *mark.args)) if mark else 0.0


def data_of(items: Iterable[pytest.Item], root: Path) -> str:
    """Return which images a suite's checks are about, as far as course.yaml and the solutions do not say so."""
    if not any("dataset" in getattr(item, "fixturenames", ()) for item in items):
        return ""
    from autograder.data import published

    folder = published.find(root)
    files = [folder / name for name in published.NEEDED] if folder else []
    found = [(file.name, file.stat().st_size) for file in files if file.is_file()]
    return repr(found or "shapes10")


class _Uncounted:
    """A source of images that takes no time of the check: the first time, drawing them takes seconds."""

    def __init__(self, source: Source) -> None:
        self.name, self.students_training = source.name, source.students_training
        self.training = budget.uncounted()(source.training)
        self.unseen = budget.uncounted()(source.unseen)


@pytest.fixture
def dataset(request: pytest.FixtureRequest) -> Dataset:
    """Images for training, and new ones to measure on: CIFAR-10 where it is, else shapes10.

    With the fixture `notebook` always shapes10: no file of the grader's is visible in the sandbox, so that is what a
    notebook there trains on.
    """
    from autograder.data import Dataset
    from autograder.data.dataset import shapes10, source

    known = _known(request)
    of_notebook = "notebook" in request.fixturenames
    images = shapes10(known.root, known.solutions) if of_notebook else source(known.root, known.solutions)
    return Dataset(_Uncounted(images), seeds.check_seed(known.seed, _name(request)))


@pytest.fixture
def stopwatch(request: pytest.FixtureRequest) -> Stopwatch:
    """The seconds of the check's mark `budget`, which notebooks and trainings share."""
    from autograder.accuracy.stopwatch import Stopwatch

    budget_s, current = budget_of(request.node) or _DEFAULT_BUDGET_S, _known(request).current
    return Stopwatch(budget_s, lambda: current().used_s()) if current else Stopwatch(budget_s)


@pytest.fixture
def training(request: pytest.FixtureRequest, stopwatch: Stopwatch) -> Trainer:
    """Training within the seconds of the check's mark `budget`."""
    from autograder.accuracy.sandboxed import Inside
    from autograder.accuracy.training import Trainer

    return Trainer(Inside("coach", _known(request).current), stopwatch)


@pytest.fixture
def measure(request: pytest.FixtureRequest, dataset: Dataset, training: Trainer) -> Measuring:
    """Measuring of accuracies, by the rules of course.yaml."""
    from autograder.accuracy.measuring import Measuring
    from autograder.suite.dialects import Translated

    known, name = _known(request), _name(request)

    def seeded(run: int) -> int:
        seed = seeds.submission_seed(known.seed, f"{name}\0{run}")
        training.seed(seed)
        return seed

    own = not isinstance(known.current and known.current(), Translated)
    return Measuring(dataset, known.rules, seeded, training.time_for_another, may_train=own)


@pytest.fixture
def weights(request: pytest.FixtureRequest) -> Weights:
    """Weights that were handed in."""
    from autograder.accuracy.weights import Weights

    return Weights(_known(request).extras)


@pytest.fixture
def notebook(request: pytest.FixtureRequest, stopwatch: Stopwatch) -> Notebook:
    """The notebooks that were handed in, to be run in the sandbox."""
    from autograder.accuracy.notebooks import Notebook
    from autograder.accuracy.sandboxed import Inside

    known = _known(request)
    return Notebook(known.extras, Inside("shell", known.current), stopwatch, old_code=known.old_code)


def _known(request: pytest.FixtureRequest) -> Accuracy:
    known = request.config.stash.get(ACCURACY, None)
    return known or _of_the_course(request.node.path.parent)


@functools.cache
def _of_the_course(tests: Path) -> Accuracy:
    """Return what holds where no submission is graded: the suite in the folder `tests`, on the reference."""
    from autograder.accuracy.rules import of_the_reference, rules_of
    from autograder.course import load_course

    course = load_course(tests.parent.parent)
    assignment = course.assignment(tests.name)
    version = seeds.suite_sha256(tests)
    return Accuracy(
        root=course.root,
        solutions=course.solutions,
        seed=seeds.suite_seed(course, tests.name, version),
        rules={rule.metric: rule for rule in rules_of(assignment)},
        extras=of_the_reference(course, assignment),
    )


def _name(request: pytest.FixtureRequest) -> str:
    return f"{request.node.path.name}::{request.node.name}"
