"""What every run of a hidden suite has in pytest: its marks, and the fixture `rng`.

Loaded by pytest in every environment where the autograder is installed, and does nothing outside of a
course's folder. There, ``pytest tests/hw3`` grades the reference solution: the suite's imports find the
packages in solutions/. When a submission is graded, `autograder.suite.host` has put stand-ins in their place.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from autograder.accuracy.fixtures import dataset, measure, notebook, stopwatch, training, weights
from autograder.suite import seeds

if TYPE_CHECKING:
    from autograder.course import Assignment

__all__ = [
    "MARKS",
    "SEED",
    "dataset",
    "measure",
    "notebook",
    "pytest_configure",
    "rng",
    "stopwatch",
    "training",
    "weights",
]

MARKS = {
    "question(name)": "the question of course.yaml that this check belongs to",
    "points(weight)": "how much of its question this check is worth, in proportion to the others (1)",
    "visible": "students get this check with the release",
    "requires(*functions)": "functions that this check builds on and other checks judge",
    "budget(seconds)": "how long this check may train, in a sandbox of its own",
    "hint(text)": "what a student is told when this check does not pass",
}
SEED = pytest.StashKey[int]()


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marks; let suites import the reference solution where none is being graded."""
    solutions = config.rootpath / "solutions"
    if not (config.rootpath / "course.yaml").is_file():
        return
    for mark, meaning in MARKS.items():
        config.addinivalue_line("markers", f"{mark}: {meaning}")
    if SEED not in config.stash:
        from autograder.suite import proxies

        proxies.install_reference(solutions)
        if str(solutions) not in sys.path:
            sys.path.insert(0, str(solutions))


class _Unavailable(pytest.Module):
    """A file of a suite that cannot be run here."""

    reason = ""

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        """Skip it."""
        pytest.skip(self.reason, allow_module_level=True)


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    """Skip suites of assignments whose submissions need what is not installed, where the reference is graded."""
    course, name = module_path.parent.parent.parent, module_path.parent.name
    if SEED in parent.config.stash or course != parent.config.rootpath or not (course / "course.yaml").is_file():
        return None
    assignment = _assignments(course).get(name)
    if assignment is None or not assignment.unmet():
        return None
    module: _Unavailable = _Unavailable.from_parent(parent, path=module_path)
    module.reason = assignment.unmet()
    return module


@functools.cache
def _assignments(course: Path) -> Mapping[str, Assignment]:
    from autograder.course import load_course

    return load_course(course).assignments


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """Random numbers of this check, the same for every student until the suite changes."""
    config, item = request.config, request.node
    seed = config.stash.get(SEED, None)
    if seed is None:
        seed = _seed_of(item.path.parent)
    return seeds.check_rng(seed, seeds.item_name(item))


def _seed_of(folder: Path) -> int:
    """Return the seed of the suite in `folder`, as grading would take it."""
    from autograder.course import load_course

    course = load_course(folder.parent.parent)
    return seeds.suite_seed(course, folder.name, seeds.suite_sha256(folder))
