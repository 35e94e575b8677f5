import numpy as np
import pytest
from nndl.net import quadruple

from autograder.checks import assert_close

pytestmark = [pytest.mark.question("quadruple"), pytest.mark.requires("double")]


@pytest.mark.visible
def test_quadruple_of_one():
    assert_close(quadruple(np.ones(3)), [4.0, 4.0, 4.0], name="out")


def test_quadruple_of_anything(rng):
    x = rng.standard_normal((3, 4))
    expected = 4 * x
    assert_close(quadruple(x), expected, name="out")
