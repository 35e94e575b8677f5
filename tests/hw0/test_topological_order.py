"""Topological order, as a property of the answer: any order in which every edge leads forward is right."""

import pytest
from nndl.autodiff import topological_order

from autograder.checks import CheckFailure

pytestmark = pytest.mark.question("topological_order")

HINT = pytest.mark.hint("Count the edges into each node, take away nodes into which none leads, and count again.")


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


def draw_graph(rng, size, density):
    """Draw a graph without a cycle, its nodes in an order that tells nothing."""
    names = [f"n{number}" for number in rng.permutation(size)]
    edges = rng.random((size, size)) < density
    graph = {name: [names[j] for j in range(i + 1, size) if edges[i, j]] for i, name in enumerate(names)}
    for successors in graph.values():
        rng.shuffle(successors)
    return {name: graph[name] for name in rng.permutation(names).tolist()}


def turn_back(rng, graph):
    """Add an edge that closes a cycle: from a node that another leads to, back to that other."""
    start = str(rng.choice([node for node, successors in graph.items() if successors]))
    end = start
    while graph[end] and (end == start or rng.random() < 0.8):
        end = str(rng.choice(graph[end]))
    return {**graph, end: [*graph[end], start]}


@pytest.mark.visible
def test_topological_order_of_small_graphs():
    check_order({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []})
    check_order({"d": [], "c": ["d"], "b": ["c"], "a": ["b"]})
    check_order({"alone": [], "too": []})


@pytest.mark.visible
def test_topological_order_refuses_a_cycle():
    check_order({"a": ["b"], "b": ["c"], "c": []})
    check_refused({"a": ["b"], "b": ["c"], "c": ["a"]})


@HINT
@pytest.mark.points(2)
def test_topological_order_respects_the_edges_of_any_graph(rng):
    for size in (1, 2, 3, 5, 8, 8, 12, 20, 30):
        for density in (0.05, 0.2, 0.5, 1.0):
            check_order(draw_graph(rng, size, density))


@pytest.mark.hint("A cycle may lie anywhere: behind nodes that can be taken away, or beside them.")
@pytest.mark.points(2)
def test_topological_order_refuses_cycles_of_any_length_anywhere(rng):
    for size in (2, 4, 8, 15, 25):
        for density in (0.3, 0.6, 1.0):
            graph = {}
            while not any(graph.values()):
                graph = draw_graph(rng, size, density)
            check_order(graph)
            check_refused(turn_back(rng, graph))
    check_order({"a": ["b"], "b": []})
    check_refused({"a": ["b"], "b": ["b"]})


@pytest.mark.points(0.5)
@pytest.mark.hint(
    "An edge that is listed twice is counted twice, when the edges are counted and when they are taken away."
)
def test_topological_order_takes_edges_that_are_listed_twice():
    check_order({"square": [], "x": ["square", "square"]})
    check_order({"c": [], "b": ["c", "c"], "a": ["b", "c", "b", "c"]})
    edges = {"x": ["last", "last"], "y": ["z"], "z": ["last"], "last": []}
    for nodes in (list(edges), list(edges)[::-1], ["y", "z", "x", "last"]):  # whichever is taken first
        check_order({node: edges[node] for node in nodes})


@pytest.mark.points(0.5)
@pytest.mark.hint("Count down the edges in a dictionary of your own: who passes the graph in goes on to use it.")
def test_topological_order_leaves_the_graph_as_it_is(rng):
    graph = draw_graph(rng, 8, 0.4)
    before = {node: list(successors) for node, successors in graph.items()}
    topological_order(graph)
    if {node: list(successors) for node, successors in graph.items()} != before:
        raise CheckFailure("the graph that was passed in is another one afterwards")


@pytest.mark.points(0.5)
def test_topological_order_of_graphs_that_are_empty_numbered_or_long(rng):
    check_order({})
    check_order({3: [1], 1: [2], 2: []})
    length = 100
    chain = {node: [node + 1] if node + 1 < length else [] for node in range(length)}
    check_order({node: chain[node] for node in rng.permutation(length).tolist()})
