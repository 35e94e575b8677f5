"""Checks of hw0 that you can run yourself; grading has more."""

import numpy as np
import pytest
from nndl.autodiff import backward_mode_jacobian

from checks import assert_close

pytestmark = pytest.mark.question("backward_mode")


def test_backward_mode_gives_the_printed_numbers():
    J = backward_mode_jacobian(np.array([1.0, 2.0]))
    assert_close(J, [[2.12082367e25, 8.51957643e26], [2.19661193, 1.0]], rtol=1e-7, name="J")
