"""Backpropagation on any program, held against differences of what the reference evaluates."""

import numpy as np
import pytest
from nndl.autodiff import PROGRAM, backpropagate
from reference.nndl import autodiff as reference

from autograder.checks import CheckFailure, assert_close, assert_gradients, entry

pytestmark = [pytest.mark.question("backpropagation"), pytest.mark.requires("topological_order")]


def check_gradients(program, inputs, output):
    """Compare the derivatives with respect to all inputs with differences of the trusted value."""
    found = backpropagate(program, inputs, output)
    gradients = {name: entry(found, name, "gradients") for name in inputs}

    def value(arrays):
        return float(reference.evaluate(program, {name: float(x) for name, x in arrays.items()})[output])

    assert_gradients(gradients, value, inputs, label="gradients[{!r}]")


def draw_program(rng, nodes):
    """Draw inputs and a program of moderate values, its nodes in an order that tells nothing."""
    while True:
        inputs = {f"w{number}": float(rng.uniform(-1, 1)) for number in (1, 2, 3)}
        program, names = {}, list(inputs)
        for number in range(nodes):
            operation = str(rng.choice(["add", "multiply", "multiply", "exp", "sin", "sigmoid"]))
            count = 2 if operation in ("add", "multiply") else 1
            program[f"v{number}"] = (operation, *map(str, rng.choice(names, count)))
            names.append(f"v{number}")
        program = {name: program[name] for name in rng.permutation(list(program)).tolist()}
        if max(map(abs, reference.evaluate(program, inputs).values())) < 20:
            return program, inputs, f"v{nodes - 1}"


@pytest.mark.visible
def test_backpropagation_gives_the_printed_numbers():
    at = {"w1": 1.0, "w2": 2.0}
    for output, expected in (("f1", (2.12082367e25, 8.51957643e26)), ("f2", (2.19661193, 1.0))):
        gradients = backpropagate(PROGRAM, at, output)
        for name, number in zip(at, expected, strict=True):
            assert_close(entry(gradients, name, "gradients"), number, rtol=1e-7, name=f"gradients[{name!r}]")


@pytest.mark.visible
def test_backpropagation_through_a_product():
    program = {"product": ("multiply", "a", "b"), "f": ("sin", "product")}
    gradients = backpropagate(program, {"a": 0.5, "b": 2.0}, "f")
    assert_close(entry(gradients, "a", "gradients"), 2.0 * np.cos(1.0), name="gradients['a']")
    assert_close(entry(gradients, "b", "gradients"), 0.5 * np.cos(1.0), name="gradients['b']")


@pytest.mark.points(2)
def test_backpropagation_on_random_programs(rng):
    for nodes in (1, 2, 3, 5, 5, 8, 8, 12, 12, 20):
        check_gradients(*draw_program(rng, nodes))


@pytest.mark.hint("Where a value is used more than once, what comes back from its uses adds up.")
def test_backpropagation_adds_up_what_comes_back_from_several_uses():
    inputs = {"a": 0.7, "b": -0.4}
    square = {"f": ("multiply", "a", "a")}
    diamond = {"s": ("add", "a", "b"), "e": ("exp", "s"), "t": ("sin", "s"), "f": ("multiply", "e", "t")}
    cube = {"f": ("multiply", "square", "a"), "square": ("multiply", "a", "a")}
    for program in (square, diamond, cube):
        check_gradients(program, inputs, "f")
    check_gradients(diamond, {"a": -0.3, "b": 0.9}, "f")


@pytest.mark.hint("Go on from a value only when all its uses have been gone through, also those that lie further away.")
def test_backpropagation_waits_for_uses_that_lie_further_away():
    inputs = {"a": 0.7, "b": -0.4}
    near_and_far = {"s": ("sin", "a"), "e": ("exp", "s"), "f": ("multiply", "s", "e")}
    further = {"s": ("add", "a", "b"), "e": ("exp", "s"), "t": ("sin", "e"), "u": ("multiply", "t", "e")}
    further |= {"v": ("add", "s", "u"), "f": ("multiply", "v", "s")}
    for program in (near_and_far, further, dict(reversed(further.items()))):
        check_gradients(program, inputs, "f")


@pytest.mark.hint("The derivative of the output with respect to what it does not depend on is 0.")
def test_backpropagation_from_a_node_in_the_middle_leaves_the_others_at_zero():
    program = {"s": ("sin", "a"), "beside": ("exp", "b"), "after": ("multiply", "s", "b")}
    check_gradients(program, {"a": 0.3, "b": 0.9}, "s")
    gradients = backpropagate(program, {"a": 0.3, "b": 0.9}, "s")
    if entry(gradients, "b", "gradients") != 0:
        raise CheckFailure("gradients['b'] is not 0, though the output does not depend on b")
