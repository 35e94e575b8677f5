"""Looking after a training run: its first loss, a few examples learnt by heart, when to stop, the size of steps."""

import numpy as np
import pytest
from nndl.babysitting import expected_first_loss, overfit_small, should_stop, update_ratio
from nndl.neural_net import TwoLayerNet
from reference.nndl import neural_net as reference

from autograder.checks import CheckFailure, accuracy, as_array, assert_close, unpack

pytestmark = pytest.mark.question("babysitting")


@pytest.mark.visible
@pytest.mark.points(0.5)
def test_expected_first_loss_of_ten_classes():
    assert_close(expected_first_loss(10), 2.302585093, name="the loss of 10 classes")


@pytest.mark.hint("log(C) + 0.5 * reg * (the sum of the squares of all weights)")
def test_expected_first_loss_with_regularisation(rng):
    for classes, reg in ((10, 0.0), (7, 0.5), (3, 40.0)):
        weights = [rng.standard_normal(shape) for shape in ((4, 6), (5, 4), (classes, 5))]
        expected = np.log(classes) + 0.5 * reg * sum(np.sum(w**2) for w in weights)
        loss = expected_first_loss(classes, weights, reg)
        assert_close(loss, expected, name=f"the loss at reg={reg}")


@pytest.mark.requires("TwoLayerNet")
@pytest.mark.points(0.5)
def test_expected_first_loss_is_that_of_a_new_network(rng):
    net = TwoLayerNet(input_size=50, hidden_size=20, output_size=8)
    weights = [np.asarray(net.params[name]) for name in ("W1", "W2")]
    loss, _ = unpack(net.loss(rng.standard_normal((30, 50)), rng.integers(8, size=30), 1e5), "loss, grads")
    expected = expected_first_loss(8, weights, 1e5)
    assert_close(expected, np.log(8) + 0.5e5 * sum(np.sum(w**2) for w in weights), rtol=1e-3, name="the first loss")
    assert_close(loss, as_array(expected, "the first loss").reshape(()), rtol=1e-3, name="the loss of a new network")


def pictures(rng, count):
    """Draw flattened pictures, smooth like photographs, of mean 0 and standard deviation 1."""
    smooth = sum(
        np.kron(rng.standard_normal((count, 3, size, size)), np.ones((32 // size, 32 // size)))
        for size in (2, 4, 8, 32)
    )
    return (smooth / smooth.std()).reshape(count, -1)


@pytest.mark.requires("TwoLayerNet")
@pytest.mark.points(2)
@pytest.mark.hint("No regularisation, no decay, steps large enough, enough of them, and all of the examples in each.")
def test_overfit_small_learns_twenty_examples_by_heart(rng):
    X, y = pictures(rng, 20), rng.integers(6, size=20)  # of the last class, there is no example
    net = overfit_small(X.copy(), y.copy(), 7)
    if np.shape(net.params["b2"])[-1:] != (7,):
        raise CheckFailure("the network does not have num_classes scores for an example")
    own = reference.TwoLayerNet(1, 1, 1)
    own.params = {name: np.asarray(net.params[name]) for name in ("W1", "b1", "W2", "b2")}
    right = accuracy(own.predict(X), y)
    if right < 1:
        raise CheckFailure(f"the network knows {right:.0%} of 20 examples, all were expected")


STOPPED = {
    "above 3 times the first cost": [2.0, 1.5, 6.01],
    "far above 3 times a small first cost": [0.01, 0.009, 0.5],
    "NaN": [2.3, float("nan")],
    "infinite": [2.3, 2.2, float("inf")],
    "above 3 times the first, and the second": [2.0, 6.5],
    "NaN at once": [float("nan")],
}
CONTINUED = {
    "the first": [2.3],
    "below the first": [2.3, 1.9, 1.4],
    "twice the first": [2.0, 3.9, 4.0],
    "more than 3 times the one before, but not the first": [2.0, 0.5, 1.9],
    "3 times the first and not more": [2.0, 2.5, 6.0],
    "high because the first is": [120.0, 118.0, 119.0, 200.0],
}


@pytest.mark.visible
def test_should_stop_when_the_cost_exceeds_three_times_the_first():
    assert_decision([2.0, 1.5, 6.5], True, "above 3 times the first cost")
    assert_decision([2.0, 1.5, 1.2], False, "below the first")


@pytest.mark.hint("Stop when the latest cost is more than 3 times the first, NaN or infinite. NaN > x is never true.")
def test_should_stop_for_what_is_beyond_hope():
    for what, costs in STOPPED.items():
        assert_decision(costs, True, what)


@pytest.mark.hint("Only costs above 3 times the FIRST one are beyond hope; a loss may go up and down.")
def test_should_stop_lets_other_runs_go_on():
    for what, costs in CONTINUED.items():
        assert_decision(costs, False, what)
    assert_decision([2.0, 1.5, 7.0], True, "above 3 times the first cost")  # else never stopping would do


def assert_decision(costs, expected, what):
    given = list(costs)
    answer = should_stop(given)
    if len(given) != len(costs):
        raise CheckFailure("should_stop changes the list of costs, which goes on to grow")
    if not isinstance(answer, bool | int | np.bool_ | np.integer | np.ndarray) or np.size(answer) != 1:
        raise CheckFailure(f"should_stop gives a {type(answer).__name__}, True or False was expected")
    if bool(answer) != expected:
        words = "goes on" if expected else "stops"
        raise CheckFailure(f"should_stop {words} when the latest cost is {what}, such as {costs}")


@pytest.mark.hint("The norm of the step divided by the norm of the weights: np.linalg.norm of the flattened arrays.")
def test_update_ratio_is_the_ratio_of_norms(rng):
    for shape, size in (((7,), 1e-3), ((5, 8), 0.1), ((4, 3, 2), 10.0)):
        w, step = rng.standard_normal(shape), size * rng.standard_normal(shape)
        expected = np.sqrt(np.sum(step**2) / np.sum(w**2))
        assert_close(update_ratio(w.copy(), step.copy()), expected, name=f"the ratio for arrays of shape {shape}")
