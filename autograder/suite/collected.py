"""A collected suite."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.suite.proxies import Current
from autograder.types import Check, Dialect, Limits


class Phases:
    """A pytest plugin that keeps the first error of the running check's set-up, call and tear-down."""

    def __init__(self) -> None:
        self.error: BaseException | None = None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> object:
        """Note what a phase raised."""
        if call.excinfo is not None and self.error is None:
            self.error = call.excinfo.value
        return (yield)


@dataclass(frozen=True, kw_only=True)
class Suite:
    """A collected suite and what grading with it takes."""

    items: tuple[pytest.Item, ...]
    checks: tuple[Check, ...]
    phases: Phases
    current: Current
    tests: Path
    level: str
    limits: Limits
    seed: int
    lend: bool
    carried: tuple[str, ...]  # functions that submissions bring along, which other assignments judge
    support: dict[str, bytes]
    reference: dict[str, bytes]
    package: str
    given: dict[str, bytes]  # modules of the package without holes
    dialects: tuple[Dialect, ...] = ()
    old_code: bool = True
