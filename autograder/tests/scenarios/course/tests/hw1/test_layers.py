import numpy as np
import pytest
from nndl.layers import double

from autograder.checks import assert_close

pytestmark = pytest.mark.question("double")


@pytest.mark.visible
def test_double_of_one():
    assert_close(double(np.ones(3)), [2.0, 2.0, 2.0], name="out")


@pytest.mark.points(2)
def test_double_of_anything(rng):
    x = rng.standard_normal((3, 4))
    expected = x + x
    assert_close(double(x), expected, name="out")
