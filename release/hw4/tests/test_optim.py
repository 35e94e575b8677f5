"""Checks of hw4 that you can run yourself; grading has more."""

import numpy as np
import pytest
from nndl.optim import adam, rmsprop, sgd_momentum, sgd_nesterov_momentum

from checks import assert_close, entry, remark_changes, unpack


def step(rule, w, dw, config=None):
    """Return the student's new parameter and state; both arrays given are copies that it may spoil."""
    w, dw = w.copy(), dw.copy()
    with remark_changes("the update rule", w=w, dw=dw):
        result = rule(w, dw) if config is None else rule(w, dw, config)
    return unpack(result, "next_w, config")


def check_numbers(rule, config, numbers, states):
    """Compare one step of the notebook's example with `numbers`, and what is kept with `states`."""
    w = np.linspace(-0.4, 0.6, num=20).reshape(4, 5)
    dw = np.linspace(-0.6, 0.4, num=20).reshape(4, 5)
    next_w, config = step(rule, w, dw, config)
    assert_close(next_w, numbers, rtol=1e-6, atol=1e-7, name="next_w")
    for name, expected in states.items():
        assert_close(entry(config, name, "config"), expected, rtol=1e-6, atol=1e-7, name=f"config[{name!r}]")


def table(first, last):
    """Return 20 numbers in equal steps as an array of shape (4, 5)."""
    return np.linspace(first, last, num=20).reshape(4, 5)


@pytest.mark.question("momentum")
def test_momentum_gives_the_numbers_of_the_notebook():
    config = {"learning_rate": 1e-3, "velocity": table(0.6, 0.9)}
    check_numbers(sgd_momentum, config, table(0.1406, 1.4096), {"velocity": table(0.5406, 0.8096)})


@pytest.mark.question("nesterov")
def test_nesterov_gives_the_numbers_of_the_notebook():
    config = {"learning_rate": 1e-3, "velocity": table(0.6, 0.9)}
    check_numbers(sgd_nesterov_momentum, config, table(0.08714, 1.32824), {"velocity": table(0.5406, 0.8096)})


@pytest.mark.question("rmsprop")
def test_rmsprop_gives_the_numbers_of_the_notebook():
    numbers = [
        [-0.39223849, -0.34037513, -0.28849239, -0.23659121, -0.18467247],
        [-0.132737, -0.08078555, -0.02881884, 0.02316247, 0.07515774],
        [0.12716641, 0.17918792, 0.23122175, 0.28326742, 0.33532447],
        [0.38739248, 0.43947102, 0.49155973, 0.54365823, 0.59576619],
    ]
    averages = [
        [0.5976, 0.6126277, 0.6277108, 0.64284931, 0.65804321],
        [0.67329252, 0.68859723, 0.70395734, 0.71937285, 0.73484377],
        [0.75037008, 0.7659518, 0.78158892, 0.79728144, 0.81302936],
        [0.82883269, 0.84469141, 0.86060554, 0.87657507, 0.8926],
    ]
    check_numbers(rmsprop, {"learning_rate": 1e-2, "a": table(0.6, 0.9)}, numbers, {"a": averages})


@pytest.mark.question("adam")
def test_adam_gives_the_numbers_of_the_notebook():
    numbers = [
        [-0.40094747, -0.34836187, -0.29577703, -0.24319299, -0.19060977],
        [-0.1380274, -0.08544591, -0.03286534, 0.01971428, 0.0722929],
        [0.1248705, 0.17744702, 0.23002243, 0.28259667, 0.33516969],
        [0.38774145, 0.44031188, 0.49288093, 0.54544852, 0.59801459],
    ]
    second = [
        [0.69966, 0.68908382, 0.67851319, 0.66794809, 0.65738853],
        [0.64683452, 0.63628604, 0.6257431, 0.61520571, 0.60467385],
        [0.59414753, 0.58362676, 0.57311152, 0.56260183, 0.55209767],
        [0.54159906, 0.53110598, 0.52061845, 0.51013645, 0.49966],
    ]
    config = {"learning_rate": 1e-2, "v": table(0.6, 0.9), "a": table(0.7, 0.5), "t": 5}
    check_numbers(adam, config, numbers, {"v": table(0.48, 0.85), "a": second, "t": 6})
