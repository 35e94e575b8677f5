"""From pytest's items to the checks of a suite."""

from __future__ import annotations

import importlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from autograder.accuracy.fixtures import budget_of
from autograder.types import Check, Plan

_NEEDED_BY_MOST = ("numpy.random", "numpy.testing")  # which NumPy itself loads only when they are asked for
_NEEDED_BY_FIXTURES = {
    "dataset": "autograder.data.dataset",
    "training": "autograder.accuracy.training",
    "measure": "autograder.accuracy.measuring",
    "weights": "autograder.accuracy.weights",
    "notebook": "autograder.accuracy.notebooks",
}


def preload(items: Iterable[pytest.Item]) -> None:
    """Import what these checks will need: once, instead of in the process of each submission."""
    fixtures = {name for item in items for name in getattr(item, "fixturenames", ())}
    for name in [*_NEEDED_BY_MOST, *(_NEEDED_BY_FIXTURES[each] for each in _NEEDED_BY_FIXTURES.keys() & fixtures)]:
        importlib.import_module(name)


def checks_of(items: Sequence[pytest.Item]) -> tuple[Check, ...]:
    """Return the checks that `items` are, named as short as is unambiguous."""
    times = Counter(_own_name(item) for item in items)
    return tuple(_check(item, times[_own_name(item)] > 1) for item in items)


def running_order(checks: Sequence[Check], plan: Plan) -> list[int]:
    """Return the positions of `checks` in the order in which they run, of those that are planned.

    Visible ones come first: student code that remembers what it is given can then not show, in what students are told
    of visible checks, the inputs of hidden ones. Of these, what builds on more functions comes later.
    """
    order = sorted(range(len(checks)), key=lambda each: (not checks[each].visible, len(checks[each].requires)))
    if plan.checks is None:
        return order
    planned = {name: rank for rank, name in enumerate(plan.checks)}
    order = [position for position in order if checks[position].name in planned]
    return sorted(order, key=lambda position: planned[checks[position].name]) if plan.first_failure else order


def _check(item: pytest.Item, ambiguous: bool) -> Check:
    name = _own_name(item)
    return Check(
        name=f"{item.path.stem}::{name}" if ambiguous else name,
        question=str(_argument(item, "question", "")),
        weight=float(_argument(item, "points", 1.0)),
        visible=item.get_closest_marker("visible") is not None,
        requires=tuple(dict.fromkeys(str(name) for mark in item.iter_markers("requires") for name in mark.args)),
        budget_s=budget_of(item),
    )


def _own_name(item: pytest.Item) -> str:
    """Return the name below the file: ``test_x``, ``TestAffine::test_x[two]``."""
    return item.nodeid.partition("::")[2]


def _argument(item: pytest.Item, mark: str, default: Any) -> Any:
    found = item.get_closest_marker(mark)
    return found.args[0] if found and found.args else default


class Collection:
    """A pytest plugin that drops some questions, and gathers what could not be collected, with its place."""

    def __init__(self, tests: Path, without: frozenset[str] = frozenset()) -> None:
        self.problems: list[tuple[str, int | None, str]] = []
        self._tests, self._without = tests, without

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out the checks of questions that are not asked for."""
        items[:] = [item for item in items if _argument(item, "question", "") not in self._without]

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a file that could not be imported."""
        if report.failed:
            file, line = self._place(report)
            self.problems.append((file, line, _words(report)))

    def _place(self, report: pytest.CollectReport) -> tuple[str, int | None]:
        """Return the innermost place in the suite's own files, not where in a library the error was raised."""
        trace = getattr(report.longrepr, "reprtraceback", None)
        for entry in reversed(trace.reprentries if trace else []):
            where = getattr(entry, "reprfileloc", None)
            if where is not None and self._tests in (Path.cwd() / where.path).parents:
                return str(Path.cwd() / where.path), int(where.lineno)
        wrong_syntax = re.search(r'File "([^"]+)", line (\d+)', str(report.longrepr))
        if wrong_syntax:
            return wrong_syntax[1], int(wrong_syntax[2])
        return str(self._tests.parents[1] / report.nodeid), None


def _words(report: pytest.CollectReport) -> str:
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash is not None:
        return str(crash.message).splitlines()[0]
    lines = [line for line in str(report.longrepr).splitlines() if line.strip()]
    errors = [line.removeprefix("E").strip() for line in lines if line.startswith("E ")]
    return (errors or lines or ["cannot be collected"])[-1]


def read_files(root: str, names: Iterable[str]) -> dict[str, bytes]:
    """Return the content of files below `root` by their relative names."""
    return {name: (Path(root) / name).read_bytes() for name in names}
