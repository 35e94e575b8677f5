"""Lets the checks in tests/ find your packages, and gives them the random numbers that they ask for."""

import sys
from pathlib import Path

import numpy as np
import pytest

SEED = 0  # grading draws other numbers

MARKS = (
    "question(name): the question that a check belongs to",
    "points(weight): how much a check counts among those of its question",
    "requires(*functions): what a check builds on, so write that first",
    "hint(text): what may help where a check fails",
    "visible: a check that you are given",
)

sys.path.insert(0, str(Path(__file__).parent))


def pytest_configure(config):
    for mark in MARKS:
        config.addinivalue_line("markers", mark)


@pytest.fixture
def rng():
    """Random numbers, the same in every run."""
    return np.random.default_rng(SEED)
