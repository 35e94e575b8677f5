"""Fully connected networks with batch normalization, with dropout, and with both."""

from itertools import pairwise

import numpy as np
import pytest
from nndl.fc_net import FullyConnectedNet
from nndl.layers import dropout_forward
from reference.nndl import layers

from autograder.checks import (
    CheckFailure,
    accuracy_of_scores,
    as_array,
    assert_close,
    assert_gradients,
    assert_gradients_along,
    assert_normal,
    assert_repeated,
    entry,
    remark,
    remark_changes,
    unpack,
)

LOSS_RTOL = 1e-4  # some add a small number inside the logarithm
TOLERANCE = {"rtol": 2e-3, "atol": 5e-5}  # of gradients: some add eps to the standard deviation, not to the variance
SCORES = {"rtol": 2e-3, "atol": 2e-3}

BATCHNORM = ("batchnorm_forward", "batchnorm_backward")
DROPOUT = ("dropout_forward", "dropout_backward")

pytestmark = [
    pytest.mark.question("fully_connected"),
    pytest.mark.requires("affine_forward", "affine_backward", "relu_forward", "relu_backward"),
]


def build(params, **settings):
    """Return the student's net with copies of the given parameters, in double precision unless told otherwise."""
    depth = sum(name.startswith("W") for name in params)
    inputs, *hidden = [params[f"W{i + 1}"].shape[0] for i in range(depth)]
    settings = {"dtype": np.float64, "use_batchnorm": "gamma1" in params, **settings}
    net = FullyConnectedNet(hidden, input_dim=inputs, num_classes=params[f"W{depth}"].shape[1], **settings)
    for name, value in params.items():
        net.params[name] = value.copy()
    return net


def layer_outputs(params, X, bn_params=None, masks=None):
    """Yield what comes before each ReLU, then the scores, by the reference's layers.

    Every batch normalization gets its own of `bn_params`, by default for training; every hidden layer's output is
    multiplied with its own of `masks`.
    """
    out = X.reshape(len(X), -1)
    depth = sum(name.startswith("W") for name in params)
    for i in range(1, depth):
        out, _ = layers.affine_forward(out, params[f"W{i}"], params[f"b{i}"])
        if f"gamma{i}" in params:
            bn_param = bn_params[i - 1] if bn_params else {"mode": "train"}
            out, _ = layers.batchnorm_forward(out, params[f"gamma{i}"], params[f"beta{i}"], bn_param)
        yield out
        out = np.maximum(out, 0) * (masks[i - 1] if masks else 1)
    yield out @ params[f"W{depth}"] + params[f"b{depth}"]


def true_scores(params, X, bn_params=None, masks=None):
    """Return the scores that are right in training, or as `bn_params` say."""
    *_, scores = layer_outputs(params, X, bn_params, masks)
    return scores


def true_loss(X, y, reg=0.0, masks=None):
    """Return the loss that is right in training, as a function of the parameters."""

    def loss(params):
        data_loss, _ = layers.softmax_loss(true_scores(params, X, masks=masks), y)
        return data_loss + 0.5 * reg * sum(np.sum(w**2) for name, w in params.items() if name.startswith("W"))

    return loss


def draw(rng, *shape, hidden, batchnorm=False, masks=None, classes=3, margin=1e-3):
    """Draw a batch, labels and parameters, with hidden units too far from 0 for a step to switch one."""
    sizes = [int(np.prod(shape[1:])), *hidden, classes]
    while True:
        X, params = rng.standard_normal(shape), {}
        for i, (inputs, outputs) in enumerate(pairwise(sizes), start=1):
            params[f"W{i}"] = rng.standard_normal((inputs, outputs)) * np.sqrt(2 / inputs)
            params[f"b{i}"] = 0.5 * rng.standard_normal(outputs)
            if i > len(hidden):
                params[f"W{i}"] *= 0.5  # so that no probability gets tiny
            elif batchnorm:
                params[f"gamma{i}"] = rng.uniform(0.5, 1.5, outputs)
                params[f"beta{i}"] = 0.5 * rng.standard_normal(outputs)
        seen = [{"mode": "train", "momentum": 0.0} for _ in hidden]  # running averages are those of the batch
        *before_relu, _ = layer_outputs(params, X, seen, masks)
        for i, bn_param in enumerate(seen if batchnorm else (), start=1):
            scale = 2 / np.sqrt(bn_param["running_var"])  # spreads of 2: epsilon makes no difference wherever it stands
            params[f"W{i}"], params[f"b{i}"] = params[f"W{i}"] * scale, params[f"b{i}"] * scale
        if min(np.abs(values).min() for values in before_relu) > margin:
            return X, rng.integers(classes, size=len(X)), params


def masks_of(examples, hidden, p, seed):
    """Return the masks that the student's dropout draws for each hidden layer, which it does from the seed alone."""
    ones = [np.ones((examples, size)) for size in hidden]
    results = [dropout_forward(x, {"mode": "train", "p": p, "seed": seed}) for x in ones]
    masks = [as_array(unpack(result, "out, cache")[0], "dropout_forward's out") for result in results]
    if any(mask.shape != x.shape for mask, x in zip(masks, ones, strict=True)):
        raise CheckFailure("dropout_forward's out has another shape than its x")
    return masks


def gradients(net, X, y, names):
    """Return the student's gradients of a call, which those before must not have influenced."""
    X, y = X.copy(), y.copy()
    net.loss(1 - X, y)
    with remark_changes("FullyConnectedNet.loss", X=X, y=y):
        first, _ = unpack(net.loss(X, y), "loss, grads")
    loss, grads = unpack(net.loss(X, y), "loss, grads")
    assert_repeated(first, loss)
    return {name: entry(grads, name) for name in names}


def check_gradients(net, params, X, y, reg=0.0, masks=None):
    """Compare every entry of every gradient."""
    loss = true_loss(X, y, reg, masks)
    tolerance = TOLERANCE if "gamma1" in params else {"rtol": 1e-4}
    assert_gradients(gradients(net, X, y, params), loss, params, **tolerance, label="grads[{!r}]")


def check_loss(net, expected, X, y, name="loss"):
    loss, _ = unpack(net.loss(X.copy(), y.copy()), "loss, grads")
    assert_close(loss, expected, rtol=LOSS_RTOL, name=name)


def small_net(batchnorm, **settings):
    """Return a net with two hidden layers, a batch and labels, the same ones every time."""
    random, params = np.random.RandomState(3), {}
    for i, (inputs, outputs) in enumerate(pairwise([4, 6, 5, 3]), start=1):
        params[f"W{i}"], params[f"b{i}"] = random.randn(inputs, outputs), random.randn(outputs)
    X = np.array([[0.5, -1.0, 2.0, 0.25], [-0.75, 1.5, 0.5, -2.0], [1.0, 0.5, -0.5, 1.0]])
    for i, size in ((1, 6), (2, 5)) if batchnorm else ():
        params[f"gamma{i}"], params[f"beta{i}"] = np.linspace(0.5, 1.5, size), np.linspace(-0.2, 0.6, size)
    return build(params, **settings), X, np.array([2, 0, 1])


def clusters(rng, size):
    """Draw points of two classes around the corners of a square, opposite corners in one class."""
    corners = rng.integers(2, size=(size, 2))
    return 2.0 * corners - 1 + 0.1 * rng.standard_normal((size, 2)), corners[:, 0] ^ corners[:, 1]


def test_net_with_neither_is_what_it_was_before(rng):
    X, y, params = draw(rng, 4, 3, 2, hidden=[6, 5])
    net = build(params, reg=0.4)
    _, grads = unpack(net.loss(X.copy(), y.copy()), "loss, grads")
    for name in net.params:  # a solver needs the gradient of each
        entry(grads, name)
    assert_close(net.loss(X.copy()), true_scores(params, X), rtol=1e-9, name="scores in double precision")
    check_loss(net, true_loss(X, y, 0.4)(params), X, y)
    check_gradients(net, params, X, y, 0.4)
    X, y, params = draw(rng, 5, 4, hidden=[6])
    check_loss(build(params), true_loss(X, y)(params), X, y)
    check_gradients(build(params, reg=0.3), params, X, y, 0.3)


@pytest.mark.hint("Every hidden layer has a scale of ones and a shift of zeros, of its size; the last layer has none.")
def test_net_with_batchnorm_has_scales_and_shifts():
    sizes = [40, 30, 30, 30, 50]
    settings = {"input_dim": 20, "num_classes": 7, "weight_scale": 0.05, "use_batchnorm": True}
    net, other = (FullyConnectedNet(sizes, **settings) for _ in range(2))
    for i, (inputs, outputs) in enumerate(pairwise([20, *sizes, 7]), start=1):
        weights = as_array(entry(net.params, f"W{i}", "params"), f"params['W{i}']")
        if weights.shape != (inputs, outputs):
            raise CheckFailure(f"params['W{i}'] has shape {weights.shape}, {(inputs, outputs)} was expected: (in, out)")
        again = entry(other.params, f"W{i}", "params")
        assert_normal(weights, std=0.05, name=f"params['W{i}']", again=again)
        if i == 4 and np.array_equal(weights, net.params["W3"]):
            raise CheckFailure("params['W3'] and params['W4'], which are of one shape, are equal")
        if weights.dtype == np.float16:
            raise CheckFailure(f"params['W{i}'] is in half precision")
    for i, size in enumerate(sizes, start=1):
        for name, value in ((f"b{i}", 0.0), (f"gamma{i}", 1.0), (f"beta{i}", 0.0)):
            label = f"params[{name!r}]"
            assert_close(entry(net.params, name, "params"), np.full(size, value), name=label, like_vector=True)


@pytest.mark.visible
@pytest.mark.requires(*BATCHNORM)
def test_net_with_batchnorm_losses_of_a_small_net():
    for reg, expected in ((0.0, 0.9383960350881919), (0.5, 21.6011642601014)):
        net, X, y = small_net(batchnorm=True, reg=reg)
        check_loss(net, expected, X, y, f"loss at reg={reg}")


@pytest.mark.requires(*BATCHNORM)
@pytest.mark.hint("Try FullyConnectedNet([5], use_batchnorm=True), in which the first hidden layer is the last one.")
def test_net_with_batchnorm_and_one_hidden_layer(rng):
    X, y, params = draw(rng, 5, 4, hidden=[6], batchnorm=True)
    net = build(params, reg=0.3)
    check_loss(net, true_loss(X, y, 0.3)(params), X, y)
    check_loss(net, true_loss(X, 0 * y, 0.3)(params), X, 0 * y, "the loss where all are of class 0")
    check_gradients(net, params, X, y, 0.3)


@pytest.mark.points(2)
@pytest.mark.requires(*BATCHNORM)
@pytest.mark.hint("Batch normalization stands between the affine layer and the ReLU; dgamma and dbeta go into grads.")
def test_net_with_batchnorm_gradients(rng):
    X, y, params = draw(rng, 5, 3, 2, hidden=[5, 4, 6], batchnorm=True)
    check_gradients(build(params), params, X, y)
    X, y, params = draw(rng, 30, 3, 5, 4, hidden=[40, 30], batchnorm=True, classes=10, margin=1e-4)
    grads = gradients(build(params, reg=0.02), X, y, params)
    assert_gradients_along(grads, true_loss(X, y, 0.02), params, rng, rtol=1e-3, label="grads[{!r}]")


@pytest.mark.requires(*BATCHNORM)
@pytest.mark.hint("The term is 0.5 * reg * sum(W * W) over all weight matrices: no biases, no gamma, no beta.")
def test_net_with_batchnorm_regularises_weights_only(rng):
    X, y, params = draw(rng, 6, 5, hidden=[7, 4], batchnorm=True)
    plain, _ = unpack(build(params).loss(X.copy(), y.copy()), "loss, grads")
    loss, _ = unpack(build(params, reg=0.7).loss(X.copy(), y.copy()), "loss, grads")
    term = 0.35 * sum(np.sum(value**2) for name, value in params.items() if name.startswith("W"))
    difference = as_array(loss, "loss") - as_array(plain, "loss")
    assert_close(difference, term, rtol=LOSS_RTOL, name="the regularisation term of the loss")
    check_gradients(build(params, reg=0.7), params, X, y, 0.7)


@pytest.mark.requires(*BATCHNORM)
@pytest.mark.hint("Each layer has its own of self.bn_params. Without labels, their mode is 'test'.")
def test_net_with_batchnorm_at_test_time(rng):
    X, y, params = draw(rng, 8, 4, hidden=[6, 6], batchnorm=True)
    net, bn_params = build(params), [{"mode": "train"}, {"mode": "train"}]
    for batch in (X, 2 * X + 1, X[::-1] - 1):
        true_scores(params, batch, bn_params)
        net.loss(batch.copy(), y.copy())
    tested = [{**bn_param, "mode": "test"} for bn_param in bn_params]
    unbiased = [{**bn_param, "running_var": bn_param["running_var"] * 8 / 7} for bn_param in tested]
    own = true_scores(params, X[:5])
    expected = [true_scores(params, X[:5], bn_params) for bn_params in (unbiased, tested)]
    scores = net.loss(X[:5].copy())
    for right in (own, expected[0]):
        try:
            assert_close(scores, right, **SCORES)
        except CheckFailure:
            continue
        if right is own:
            words = "in test mode, the network normalizes by the batch and not by the running averages"
            remark("batchnorm-mode", f"{words}: is it bn_param['mode'] that loss sets?")
        break
    else:
        assert_close(scores, expected[1], **SCORES, name="scores in test mode")
    check_loss(net, true_loss(X, y)(params), X, y, "the loss in training after a test")


@pytest.mark.requires(*BATCHNORM)
def test_net_with_batchnorm_in_single_precision(rng):
    X, y, params = draw(rng, 6, 5, hidden=[7, 6], batchnorm=True)
    X = X.astype(np.float32).astype(float)
    params = {name: value.astype(np.float32) for name, value in params.items()}
    net, doubles = build(params, dtype=np.float32), {name: value.astype(float) for name, value in params.items()}
    check_loss(net, true_loss(X, y)(doubles), X, y)
    grads = gradients(net, X, y, params)
    assert_gradients(grads, true_loss(X, y), doubles, rtol=1e-3, atol=1e-4, label="grads[{!r}]")


@pytest.mark.requires(*BATCHNORM)
def test_net_with_batchnorm_learns_a_small_set(rng):
    X, y = clusters(rng, 60)
    net = FullyConnectedNet([20, 20], input_dim=2, num_classes=2, weight_scale=0.5, use_batchnorm=True)
    for _ in range(40):
        chosen = rng.choice(60, 30, replace=False)
        _, grads = unpack(net.loss(X[chosen], y[chosen]), "loss, grads")
        for name, value in dict(net.params).items():
            gradient = as_array(entry(grads, name), f"grads[{name!r}]")
            net.params[name] = value - 0.3 * gradient.reshape(np.shape(value))  # some have shape (1, D)
    fresh, labels = clusters(rng, 60)  # the student's process never holds these labels
    if accuracy_of_scores(net.loss(fresh), labels) < 0.9:
        raise CheckFailure("after 40 steps of gradient descent, the scores put too few examples into their class")


@pytest.mark.visible
@pytest.mark.requires(*DROPOUT)
@pytest.mark.hint("Without labels the network is in test mode, in which dropout does nothing.")
def test_net_with_dropout_at_test_time_is_the_net_without():
    expected = [
        [1.33923916, 7.37050092, 0.16605607],
        [-0.6420107, 3.46464771, -1.09120933],
        [1.06499062, 9.7044726, -4.92692855],
    ]
    for settings in ({"dropout": 0.5}, {"dropout": 0.3, "seed": 7}):
        net, X, y = small_net(batchnorm=False, **settings)
        net.loss(X.copy(), y)
        assert_close(net.loss(X.copy()), expected, rtol=1e-6, atol=1e-7, name="scores in test mode")


@pytest.mark.requires(*DROPOUT)
@pytest.mark.hint("Dropout follows every ReLU, and neither the input nor the scores; it gets self.dropout_param.")
def test_net_with_dropout_loss_in_training(rng):
    hidden, p, seed = [30, 20], 0.25, 5
    X, y, params = draw(rng, 10, 6, hidden=hidden, margin=0.0)
    loss, _ = unpack(build(params, dropout=p, seed=seed).loss(X.copy(), y.copy()), "loss, grads")
    expected = [true_loss(X, y, masks=masks_of(10, hidden, q, seed))(params) for q in (p, 1 - p)]
    try:
        assert_close(loss, expected[1], rtol=LOSS_RTOL)
    except CheckFailure:
        assert_close(loss, expected[0], rtol=LOSS_RTOL, name="the loss in training")


_ANEW = "different with the same seed"


@pytest.mark.requires(*DROPOUT)
def test_net_with_dropout_is_random_without_a_seed(rng):
    X, y, params = draw(rng, 10, 6, hidden=[30, 20], margin=0.0)
    for seed, words in ((None, "twice the same without a seed"), (0, _ANEW), (9, _ANEW)):
        net = build(params, dropout=0.5, seed=seed)
        losses = [as_array(unpack(net.loss(X.copy(), y.copy()), "loss, grads")[0], "loss") for _ in range(2)]
        if np.array_equal(*losses) == (seed is None):
            raise CheckFailure(f"the loss in training is {words}")
    net.loss(X.copy())
    assert_close(unpack(net.loss(X.copy(), y.copy()), "loss, grads")[0], losses[0], name="the loss after a test")


@pytest.mark.requires(*DROPOUT)
@pytest.mark.hint("Without a seed, each hidden layer draws a mask of its own, also where the layers are of one size.")
def test_net_with_dropout_draws_a_mask_for_every_layer():
    size, wrong = 50, np.ones(40, dtype=int)
    params = {f"W{i}": np.eye(size) for i in (1, 2)} | {f"b{i}": np.zeros(size) for i in (1, 2)}
    params |= {"W3": np.zeros((size, 2)), "b3": np.zeros(2)}
    params["W3"][:, 0] = 5 / size  # of ones that pass two masks and their scales: on average 5, but 10 if they agree
    loss, _ = unpack(build(params, dropout=0.5).loss(np.ones((40, size)), wrong), "loss, grads")
    loss = as_array(loss, "loss").mean()
    if not 3 < loss < 7.5 or abs(loss - np.log1p(np.exp(5))) < 1e-6:
        words = "two hidden layers of one size drop the same units" if loss > 7.5 else "it is not that of dropout"
        raise CheckFailure(f"the loss in training is {loss:.2f}: {words}", "expected: between 3 and 7.5")
    _, grads = unpack(
        build(params | {"b2": np.ones(size)}, dropout=0.5).loss(np.ones((1, size)), wrong[:1]), "loss, grads"
    )
    ways = [as_array(entry(grads, name), f"grads[{name!r}]") for name in ("b2", "W3")]
    if np.any((ways[0].reshape(size, -1) != 0).any(axis=1) != (ways[1].reshape(size, -1) != 0).any(axis=1)):
        raise CheckFailure("grads['b2'] passes the mask of another layer than the one that dropped the units")


@pytest.mark.requires(*DROPOUT)
@pytest.mark.hint("In the backward pass dropout comes first, before the ReLU, with the cache of its own layer.")
def test_net_with_dropout_gradients(rng):
    hidden = [7, 8]
    masks = masks_of(5, hidden, 0.5, 4)
    X, y, params = draw(rng, 5, 4, hidden=hidden, masks=masks)
    check_gradients(build(params, dropout=0.5, seed=4, reg=0.2), params, X, y, 0.2, masks)


@pytest.mark.points(2)
@pytest.mark.requires(*BATCHNORM, *DROPOUT)
@pytest.mark.hint("The order is affine, batch normalization, ReLU, dropout; the backward pass goes the other way.")
def test_net_with_both_gradients(rng):
    hidden = [6, 8]
    masks = masks_of(7, hidden, 0.5, 6)
    X, y, params = draw(rng, 7, 4, hidden=hidden, batchnorm=True, masks=masks)
    net = build(params, dropout=0.5, seed=6, reg=0.2)
    check_loss(net, true_loss(X, y, 0.2, masks)(params), X, y)
    check_gradients(net, params, X, y, 0.2, masks)
