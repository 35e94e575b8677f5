"""What holds for all tests.

Examples of a property have no deadline, since a busy machine is no reason to fail, and are the same each time; `make
fuzz` draws new ones. What takes longest comes first, so that no process has to wait for another in the end. Commands
that tests interrupt would inherit that a shell has what it runs in the background ignore SIGINT.
"""

import signal

import pytest
from hypothesis import settings

settings.register_profile("new_examples", deadline=None)
settings.register_profile("same_examples", deadline=None, derandomize=True)
settings.load_profile("same_examples")

signal.signal(signal.SIGINT, signal.default_int_handler)

LONGEST = ["test_suites", "test_sample_class", "test_solutions_notebooks", "test_hostile", "test_scenarios"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests that take longest first."""
    order = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(item.path.stem, len(order)))
