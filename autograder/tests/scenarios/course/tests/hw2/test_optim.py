import numpy as np
import pytest
from nndl.optim import step

from autograder.checks import assert_close


@pytest.mark.question("step")
def test_step_is_against_the_gradient():
    assert_close(step(np.ones(2), np.ones(2)), [0.0, 0.0], name="w")
