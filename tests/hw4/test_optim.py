"""Update rules: momentum, Nesterov momentum, RMSProp and Adam, over one step and over several."""

import numpy as np
import pytest
from nndl.optim import adam, rmsprop, sgd_momentum, sgd_nesterov_momentum
from reference.nndl import optim as reference

from autograder.checks import CheckFailure, as_array, assert_close, entry, remark_changes, unpack

W, DW, EPSILON = np.array([1.0, -2.0, 0.5]), np.array([0.5, -1.0, 2.0]), 0.3

# Where epsilon stands, inside the square root or outside, must not matter.
TOLERANCE = {"rtol": 1e-6, "atol": 1e-6}


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


def check_steps(rule, true_rule, rng, count=6, **settings):
    """Compare several steps, in each of which the student's own state meets the right parameter.

    Without settings the rule is called without a config, and has to make one.
    """
    for shape, size in [((7,), 1), ((3, 4), 20), ((2, 3, 2, 2), 1)]:
        w = rng.standard_normal(shape)
        config, true_config = (dict(settings), dict(settings)) if settings else (None, None)
        for number in range(1, count + 1):
            dw = rng.choice([-1.0, 1.0], shape) * rng.uniform(0.5, 2.0, shape) * size
            dw *= number == 1 or rng.random(shape) > 0.2  # an entry may be without a gradient for once
            expected, true_config = true_rule(w.copy(), dw, true_config)
            next_w, config = step(rule, w, dw, config)
            assert_close(next_w, expected, name=f"next_w of step {number}", **TOLERANCE)
            w = expected


def check_learning_rate_is_kept(rule, true_rule, rng):
    """Change the learning rate between steps, as a Solver does."""
    w, true_config = rng.standard_normal((3, 4)), {"learning_rate": 0.02}
    config = dict(true_config)
    for _ in range(4):
        dw = rng.choice([-1.0, 1.0], w.shape) * rng.uniform(0.5, 2.0, w.shape)
        expected, true_config = true_rule(w.copy(), dw, true_config)
        next_w, config = step(rule, w, dw, config)
        assert_close(next_w, expected, name="next_w with a learning rate that falls", **TOLERANCE)
        rate = as_array(entry(config, "learning_rate", "the config returned"), "config['learning_rate']")
        config["learning_rate"], true_config["learning_rate"] = rate * 0.5, true_config["learning_rate"] * 0.5
        w = expected


def check_single_precision(rule, true_rule, rng):
    w, config, true_config = rng.standard_normal((5, 3)).astype(np.float32), None, None
    for _ in range(3):
        dw = (rng.choice([-1.0, 1.0], w.shape) * rng.uniform(0.5, 2.0, w.shape)).astype(np.float32)
        expected, true_config = true_rule(w.copy(), dw, true_config)
        next_w, config = step(rule, w, dw, config)
        assert_close(next_w, expected, rtol=1e-4, atol=1e-5, name="next_w in single precision")
        w = expected


def check_entry_without_gradient_stays(rule, rng):
    """See that an entry whose gradient has always been 0 stays, and is not divided by 0."""
    w, config = rng.standard_normal(6), {"learning_rate": 0.1}
    dw = np.array([1.0, 0.0, -1.0, 0.0, 2.0, 0.0])
    for _ in range(3):
        next_w, config = step(rule, w, dw, config)
        still = as_array(next_w, "next_w")
        if still.shape != w.shape or not np.array_equal(still[1::2], w[1::2]):
            raise CheckFailure("an entry of w whose gradient has been 0 from the first step on changes, or becomes NaN")


def check_epsilon(rule, config, *candidates):
    """Take a step with a large epsilon, which has to be one of the right ones; messages show the first."""
    next_w, _ = step(rule, W, DW, {"learning_rate": 0.1, "epsilon": EPSILON, **config})
    for candidate in candidates[1:]:
        try:
            assert_close(next_w, W - 0.1 * candidate, rtol=1e-6, atol=1e-7)
        except CheckFailure:
            continue
        return
    assert_close(next_w, W - 0.1 * candidates[0], rtol=1e-6, atol=1e-7, name="next_w with a large epsilon")


def table(first, last):
    """Return 20 numbers in equal steps as an array of shape (4, 5)."""
    return np.linspace(first, last, num=20).reshape(4, 5)


@pytest.mark.visible
@pytest.mark.question("momentum")
def test_momentum_gives_the_numbers_of_the_notebook():
    config = {"learning_rate": 1e-3, "velocity": table(0.6, 0.9)}
    check_numbers(sgd_momentum, config, table(0.1406, 1.4096), {"velocity": table(0.5406, 0.8096)})


@pytest.mark.points(2)
@pytest.mark.question("momentum")
@pytest.mark.hint("The velocity of one step is what the next starts from: put it into config, which is returned.")
def test_momentum_over_several_steps(rng):
    check_steps(sgd_momentum, reference.sgd_momentum, rng, learning_rate=0.2, momentum=0.7)


@pytest.mark.question("momentum")
def test_momentum_makes_a_config_with_defaults(rng):
    check_steps(sgd_momentum, reference.sgd_momentum, rng)


@pytest.mark.question("momentum")
def test_momentum_takes_single_precision_and_a_learning_rate_that_falls(rng):
    check_learning_rate_is_kept(sgd_momentum, reference.sgd_momentum, rng)
    check_single_precision(sgd_momentum, reference.sgd_momentum, rng)


@pytest.mark.visible
@pytest.mark.question("nesterov")
def test_nesterov_gives_the_numbers_of_the_notebook():
    config = {"learning_rate": 1e-3, "velocity": table(0.6, 0.9)}
    check_numbers(sgd_nesterov_momentum, config, table(0.08714, 1.32824), {"velocity": table(0.5406, 0.8096)})


@pytest.mark.points(2)
@pytest.mark.question("nesterov")
@pytest.mark.hint("The step needs both velocities, the old and the new one; the new one is kept.")
def test_nesterov_over_several_steps(rng):
    check_steps(sgd_nesterov_momentum, reference.sgd_nesterov_momentum, rng, learning_rate=0.2, momentum=0.7)


@pytest.mark.question("nesterov")
def test_nesterov_makes_a_config_with_defaults(rng):
    check_steps(sgd_nesterov_momentum, reference.sgd_nesterov_momentum, rng)


@pytest.mark.question("nesterov")
def test_nesterov_takes_single_precision_and_a_learning_rate_that_falls(rng):
    check_learning_rate_is_kept(sgd_nesterov_momentum, reference.sgd_nesterov_momentum, rng)
    check_single_precision(sgd_nesterov_momentum, reference.sgd_nesterov_momentum, rng)


@pytest.mark.visible
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


@pytest.mark.points(2)
@pytest.mark.question("rmsprop")
@pytest.mark.hint("decay_rate weighs the OLD average, which is kept in config from step to step.")
def test_rmsprop_over_several_steps(rng):
    check_steps(rmsprop, reference.rmsprop, rng, learning_rate=0.05, decay_rate=0.8)


@pytest.mark.question("rmsprop")
def test_rmsprop_makes_a_config_with_defaults(rng):
    check_steps(rmsprop, reference.rmsprop, rng)


@pytest.mark.question("rmsprop")
@pytest.mark.hint("epsilon is there so that nothing is divided by 0.")
def test_rmsprop_leaves_an_entry_without_gradient(rng):
    check_entry_without_gradient_stays(rmsprop, rng)


@pytest.mark.question("rmsprop")
def test_rmsprop_takes_single_precision_and_a_learning_rate_that_falls(rng):
    check_learning_rate_is_kept(rmsprop, reference.rmsprop, rng)
    check_single_precision(rmsprop, reference.rmsprop, rng)


@pytest.mark.question("rmsprop")
@pytest.mark.hint("epsilon is added to what dw is divided by, and is the one in config.")
def test_rmsprop_adds_epsilon():
    a = np.array([0.0, 1.0, 4.0])
    average = 0.9 * a + 0.1 * DW**2
    candidates = DW / (np.sqrt(average) + EPSILON), DW / np.sqrt(average + EPSILON)
    check_epsilon(rmsprop, {"decay_rate": 0.9, "a": a.copy()}, *candidates)


@pytest.mark.visible
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


@pytest.mark.points(2)
@pytest.mark.question("adam")
@pytest.mark.hint("The moments are kept without their correction, and t grows by 1 with every step and is kept too.")
def test_adam_over_several_steps(rng):
    check_steps(adam, reference.adam, rng, count=15, learning_rate=0.05, beta1=0.7, beta2=0.9)


@pytest.mark.question("adam")
def test_adam_makes_a_config_with_defaults(rng):
    check_steps(adam, reference.adam, rng)


@pytest.mark.question("adam")
@pytest.mark.hint("In the first steps the averages, which start at 0, are too small: divide them by 1 - beta**t.")
def test_adam_takes_a_first_step_of_the_learning_rate(rng):
    w, dw = rng.standard_normal((3, 5)), rng.choice([-1.0, 1.0], (3, 5)) * rng.uniform(0.5, 20, (3, 5))
    next_w, _ = step(adam, w, dw, {"learning_rate": 0.03})
    moved = as_array(next_w, "next_w") - w
    assert_close(moved, -0.03 * np.sign(dw), rtol=1e-5, name="the first step, next_w - w,")


@pytest.mark.question("adam")
@pytest.mark.hint("epsilon is there so that nothing is divided by 0.")
def test_adam_leaves_an_entry_without_gradient(rng):
    check_entry_without_gradient_stays(adam, rng)


@pytest.mark.question("adam")
@pytest.mark.hint("epsilon is added to what the first moment is divided by, and is the one in config.")
def test_adam_adds_epsilon():
    v, a, t = np.array([0.2, -0.1, 0.4]), np.array([0.0, 1.0, 4.0]), 3
    first, second = 0.9 * v + 0.1 * DW, 0.99 * a + 0.01 * DW**2
    corrected, share = first / (1 - 0.9 ** (t + 1)), 1 - 0.99 ** (t + 1)
    candidates = [
        corrected / denominator  # some correct the learning rate, and add epsilon to what is not corrected
        for root in (second / share, second)
        for scale in [1 if root is not second else np.sqrt(1 / share)]
        for denominator in (scale * (np.sqrt(root) + EPSILON), scale * np.sqrt(root + EPSILON))
    ]
    config = {"beta1": 0.9, "beta2": 0.99, "v": v.copy(), "a": a.copy(), "t": t}
    check_epsilon(adam, config, *candidates)


@pytest.mark.question("adam")
def test_adam_takes_single_precision_and_a_learning_rate_that_falls(rng):
    check_learning_rate_is_kept(adam, reference.adam, rng)
    check_single_precision(adam, reference.adam, rng)
