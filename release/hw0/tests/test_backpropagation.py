"""Checks of hw0 that you can run yourself; grading has more."""

import numpy as np
import pytest
from nndl.autodiff import PROGRAM, backpropagate

from checks import assert_close, entry

pytestmark = [pytest.mark.question("backpropagation"), pytest.mark.requires("topological_order")]


def test_backpropagation_gives_the_printed_numbers():
    at = {"w1": 1.0, "w2": 2.0}
    for output, expected in (("f1", (2.12082367e25, 8.51957643e26)), ("f2", (2.19661193, 1.0))):
        gradients = backpropagate(PROGRAM, at, output)
        for name, number in zip(at, expected, strict=True):
            assert_close(entry(gradients, name, "gradients"), number, rtol=1e-7, name=f"gradients[{name!r}]")


def test_backpropagation_through_a_product():
    program = {"product": ("multiply", "a", "b"), "f": ("sin", "product")}
    gradients = backpropagate(program, {"a": 0.5, "b": 2.0}, "f")
    assert_close(entry(gradients, "a", "gradients"), 2.0 * np.cos(1.0), name="gradients['a']")
    assert_close(entry(gradients, "b", "gradients"), 0.5 * np.cos(1.0), name="gradients['b']")
