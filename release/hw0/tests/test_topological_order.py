"""Checks of hw0 that you can run yourself; grading has more."""

import pytest
from nndl.autodiff import topological_order

from checks import CheckFailure

pytestmark = pytest.mark.question("topological_order")


def check_order(graph):
    """Check that the student's order has every node once and respects every edge."""
    result = topological_order({node: list(successors) for node, successors in graph.items()})
    if not isinstance(result, list | tuple):
        raise CheckFailure(f"order is of type {type(result).__name__}, a list was expected")
    order = list(result)
    missing = [node for node in graph if node not in order]
    if missing or len(order) != len(graph):
        raise CheckFailure(
            f"order has {len(order)} entries for a graph of {len(graph)} nodes; {len(missing)} nodes are missing"
        )
    place = {node: position for position, node in enumerate(order)}
    against = sum(place[node] >= place[after] for node, successors in graph.items() for after in successors)
    if against:
        edges = sum(map(len, graph.values()))
        raise CheckFailure(f"{against} of {edges} edges lead from a later node to an earlier one")


def check_refused(graph):
    """Check that a graph with a cycle raises ValueError."""
    try:
        topological_order(graph)
    except ValueError:
        return
    raise CheckFailure("a graph with a cycle has no such order: raise ValueError")


def test_topological_order_of_small_graphs():
    check_order({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []})
    check_order({"d": [], "c": ["d"], "b": ["c"], "a": ["b"]})
    check_order({"alone": [], "too": []})


def test_topological_order_refuses_a_cycle():
    check_order({"a": ["b"], "b": ["c"], "c": []})
    check_refused({"a": ["b"], "b": ["c"], "c": ["a"]})
