"""ClassifierTrainer: the three update rules over several steps, minibatches, decay, and the best model."""

import numpy as np
import pytest
from nndl.classifier_trainer import ClassifierTrainer
from nndl.two_layer_net import two_layer_net
from reference.nndl import two_layer_net as reference
from utils.functions import softmax_of_pictures

from autograder.checks import (
    CheckFailure,
    accuracy_of_scores,
    assert_batch_size,
    assert_close,
    assert_falls,
    assert_history,
    assert_minibatches,
    entry,
    remark_changes,
    unpack,
)

NAMES = ("W1", "b1", "W2", "b2")

pytestmark = [pytest.mark.question("trainer"), pytest.mark.requires("two_layer_net")]


def toy():
    """Return the model, batch and labels of the notebook."""
    model = {
        "W1": np.linspace(-0.2, 0.6, num=40).reshape(4, 10),
        "b1": np.linspace(-0.3, 0.7, num=10),
        "W2": np.linspace(-0.4, 0.1, num=30).reshape(10, 3),
        "b2": np.linspace(-0.5, 0.9, num=3),
    }
    return model, np.linspace(-0.2, 0.5, num=20).reshape(5, 4), np.array([0, 1, 2, 2, 1])


def draw(rng, examples, inputs=3, units=8, classes=3):
    """Draw a batch, labels and a model."""
    model = {
        "W1": rng.standard_normal((inputs, units)) / np.sqrt(inputs),
        "b1": rng.standard_normal(units),
        "W2": rng.standard_normal((units, classes)) / np.sqrt(units),
        "b2": rng.standard_normal(classes),
    }
    return rng.standard_normal((examples, inputs)), rng.integers(classes, size=examples), model


def clusters(rng, size):
    """Draw points of two classes around the corners of a square, opposite corners in one class."""
    corners = rng.integers(2, size=(size, 2))
    return 2.0 * corners - 1 + 0.1 * rng.standard_normal((size, 2)), corners[:, 0] ^ corners[:, 1]


def copied(model):
    return {name: value.copy() for name, value in model.items()}


def train(model, X, y, validation=None, loss_function=two_layer_net, **settings):
    """Return best_model and the three histories; the student's trainer changes `model`."""
    X_val, y_val = validation or (X.copy(), y.copy())
    result = ClassifierTrainer().train(X.copy(), y.copy(), X_val, y_val, model, loss_function, **settings)
    return unpack(result, "best_model, loss_history, train_acc_history, val_acc_history")


def final_loss(update, momentum):
    """Return the last loss of the notebook's training on the toy data."""
    model, X, y = toy()
    _, losses, _, _ = train(
        model,
        X,
        y,
        reg=0.001,
        learning_rate=1e-1,
        momentum=momentum,
        learning_rate_decay=1,
        update=update,
        sample_batches=False,
        num_epochs=100,
        verbose=False,
    )
    return assert_history(losses, 100)[-1]


@pytest.mark.visible
def test_final_losses_of_the_notebook_with_sgd_and_with_momentum():
    assert_close(final_loss("sgd", 0.0), 0.940686, rtol=1e-3, name="the final loss with sgd")
    assert_close(final_loss("momentum", 0.9), 0.494394, rtol=1e-3, name="the final loss with momentum")


@pytest.mark.visible
@pytest.mark.points(0.5)
@pytest.mark.hint("a <- 0.99 a + 0.01 g^2 for each parameter, and w <- w - learning_rate g / sqrt(a + 1e-8).")
def test_final_loss_of_the_notebook_with_rmsprop():
    loss = final_loss("rmsprop", 0.9)
    # 0.4394 with 1e-8 inside the root and 0.4298 outside; with other small numbers also about 0.614
    if not 0.41 < loss < 0.445 and not 0.605 < loss < 0.622:
        raise CheckFailure(f"the final loss with rmsprop is {loss:.6f}, 0.439368 or 0.429848 was expected")


def sgd(rate, momentum):
    return lambda memory, gradient: (memory, -rate * gradient)


def with_momentum(rate, momentum):
    def step(velocity, gradient):
        velocity = momentum * velocity - rate * gradient
        return velocity, velocity

    return step


def rmsprop(inside, outside):
    """Return the rule with small numbers inside and outside of the root."""

    def rule(rate, momentum):
        def step(mean, gradient):
            mean = 0.99 * mean + 0.01 * gradient**2
            return mean, -rate * gradient / (np.sqrt(mean + inside) + outside)

        return step

    return rule


RMSPROP = [rmsprop(digit * 10.0**power, 0.0) for power in range(-10, -4) for digit in (1, 2, 5)] + [
    rmsprop(0.0, digit * 10.0**power) for power in range(-10, -3) for digit in (1, 2, 5)
]


def descend(model, X, y, rule, steps, reg=0.0):
    """Return the losses before each of some steps with all examples, and the model after the last."""
    model, memory, losses = copied(model), dict.fromkeys(NAMES, 0.0), []
    for _ in range(steps):
        loss, grads = reference.two_layer_net(X, model, y, reg)
        losses.append(loss)
        for name in NAMES:
            memory[name], step = rule(memory[name], grads[name])
            model[name] = model[name] + step
    return np.array(losses), model


def stepped(model, X, y, rates):
    """Return the model after steps of SGD at the given learning rates."""
    for rate in rates:
        _, model = descend(model, X, y, sgd(rate, 0.0), 1)
    return model


def assert_losses(update, rules, rng, *, rate, momentum, steps=6, **sizes):
    """Check the losses of a training with all examples, which differ from all rules where a step is wrong."""
    X, y, model = draw(rng, 12, **sizes)
    allowed = np.array([descend(model, X, y, rule(rate, momentum), steps, reg=0.1)[0] for rule in rules])
    settings = {"learning_rate": rate, "momentum": momentum, "learning_rate_decay": 1.0, "reg": 0.1}
    _, history, _, _ = train(model, X, y, update=update, sample_batches=False, num_epochs=steps, **settings)
    losses = assert_history(history, steps)
    wrong = np.abs(losses - allowed) > 1e-4 * np.abs(allowed)
    if wrong.any(axis=1).all():
        first = int(wrong.argmax(axis=1).max())
        early = "" if first < 2 else f"; up to step {first - 1} all is right, so it is about what the rule remembers"
        detail = f"expected: {allowed[0].round(6)}\nactual:   {losses.round(6)}"
        raise CheckFailure(f"the loss after {first} steps with update={update!r} is wrong{early}", detail)


@pytest.mark.hint("Every parameter takes the step -learning_rate * gradient; momentum has no part in it.")
def test_sgd_over_several_steps(rng):
    assert_losses("sgd", [sgd], rng, rate=0.2, momentum=0.9)


@pytest.mark.hint("v <- momentum * v - learning_rate * g, kept for each parameter from step to step, and w <- w + v.")
def test_momentum_over_several_steps(rng):
    assert_losses("momentum", [with_momentum], rng, rate=0.1, momentum=0.9)
    assert_losses("momentum", [with_momentum], rng, rate=0.1, momentum=0.5, units=3)  # biases of one shape


@pytest.mark.hint("a <- 0.99 a + 0.01 g^2, kept for each parameter, and w <- w - learning_rate g / sqrt(a + 1e-8).")
def test_rmsprop_over_several_steps(rng):
    assert_losses("rmsprop", RMSPROP, rng, rate=0.01, momentum=0.9)


@pytest.mark.hint("The arrays of the dictionary that was passed in are the model: change those, w += step.")
def test_trainer_changes_the_model_in_place(rng):
    X, y, model = draw(rng, 12)
    _, expected = descend(model, X, y, sgd(0.3, 0.0), 3)
    with remark_changes("ClassifierTrainer.train", X=X, y=y):
        train(model, X, y, update="sgd", learning_rate=0.3, learning_rate_decay=1.0, sample_batches=False, num_epochs=3)
    for name in NAMES:
        assert_close(entry(model, name, "model"), expected[name], rtol=1e-4, name=f"model[{name!r}]", like_vector=True)


@pytest.mark.points(0.5)
@pytest.mark.hint("At the end of each epoch, and only then: learning_rate *= learning_rate_decay.")
def test_trainer_decays_the_learning_rate_once_per_epoch(rng):
    X, y, model = draw(rng, 1)
    X, y = np.repeat(X, 4, axis=0), np.repeat(y, 4)  # every minibatch is the same
    expected = stepped(model, X, y, (0.4, 0.4, 0.2, 0.2, 0.1, 0.1))
    train(model, X, y, update="sgd", learning_rate=0.4, learning_rate_decay=0.5, num_epochs=3, batch_size=2)
    assert_close(model["W2"], expected["W2"], rtol=1e-4, name="model['W2'] after three epochs of two iterations")
    start = copied(model)
    train(model, X, y, update="sgd", learning_rate=0.4, learning_rate_decay=0.5, num_epochs=3, sample_batches=False)
    after = [stepped(start, X, y, rates)["W2"] for rates in ((0.4, 0.4, 0.2), (0.4, 0.2, 0.1))]
    try:
        assert_close(model["W2"], after[0], rtol=1e-4)  # some spare the first iteration of all, here an epoch
    except CheckFailure:
        assert_close(model["W2"], after[1], rtol=1e-4, name="model['W2'] after three epochs without minibatches")


def resting(rng, **settings):
    """Return the losses of single examples, their labels, and the loss history of a training that never moves."""
    y, gap = np.array([0, 1, 2, 0, 1, 2]), 0.0
    while gap < 5e-4:  # no two pairs of examples have the same loss
        X, _, model = draw(rng, 6)
        single = np.array([reference.two_layer_net(X[[i]], model, y[[i]])[0] for i in range(6)])
        pairs = (single[:, np.newaxis] + single)[np.triu_indices(6)] / 2
        gap = np.diff(np.sort(pairs)).min()
    _, history, _, _ = train(model, X, y, update="sgd", learning_rate=0.0, num_epochs=20, **settings)
    return single, y, history


@pytest.mark.hint("Draw batch_size indices for each iteration, and take the rows of X and the labels at the same ones.")
def test_trainer_draws_minibatches_of_the_given_size(rng):
    single, y, history = resting(rng, sample_batches=True, batch_size=2)
    losses = assert_history(history, 60)
    assert_minibatches(losses, single, y)
    if len(np.unique(losses.round(5))) < 6:
        raise CheckFailure("only a few of the examples are ever drawn")
    X, _, model = draw(rng, 2)
    kinds, y = np.arange(2 * 67) % 2, np.array([0, 1])  # examples that are one of two
    single = np.array([reference.two_layer_net(X[[i]], model, y[[i]])[0] for i in range(2)])
    settings = {"update": "sgd", "learning_rate": 0.0, "num_epochs": 5, "batch_size": 67}
    _, history, _, _ = train(model, X[kinds], y[kinds], (X, y), **settings)
    assert_batch_size(assert_history(history, 10), single, 67)


@pytest.mark.points(0.5)
@pytest.mark.hint("With sample_batches=False, every iteration uses all of X and y.")
def test_trainer_uses_all_examples_where_batches_are_not_sampled(rng):
    single, _, history = resting(rng, sample_batches=False, batch_size=2)
    losses = assert_history(history, 20)
    assert_close(losses, np.full(20, single.mean()), rtol=1e-4, name="loss_history at learning rate 0")


def reached(model, X, y):
    """Return the accuracy of a model, by the reference's scores."""
    return accuracy_of_scores(reference.two_layer_net(X, {name: np.asarray(model[name]) for name in NAMES}), y)


@pytest.mark.hint("Copy every array of the model whenever the validation accuracy is the best so far.")
def test_best_model_is_the_best_on_the_validation_set(rng):
    X, y = clusters(rng, 60)
    _, _, start = draw(rng, 1, inputs=2, units=30, classes=2)
    settings = {"update": "sgd", "learning_rate": 0.2, "learning_rate_decay": 1.0, "sample_batches": False}
    _, unlearnt = descend(start, X, 1 - y, sgd(0.5, 0.0), 300)
    # the model knows the opposite labels, which are those of the validation set, and forgets them
    best, _, _, seen = train(unlearnt, X, y, (X.copy(), 1 - y), num_epochs=150, **settings)
    seen = assert_history(seen, len(seen), "val_acc_history")
    assert_best(best, X, 1 - y, seen.max())
    if reached(unlearnt, X, y) < 0.9:
        raise CheckFailure("the model is not that of the last iteration: it has to go on after the best one")
    assert_close(seen[-1], 1 - reached(unlearnt, X, y), atol=0.05, name="the last entry of val_acc_history")
    best, _, _, seen = train(copied(start), X, y, num_epochs=150, **settings)
    assert_best(best, X, y, max(seen))
    _, unlearnt = descend(start, X, 1 - y, sgd(0.5, 0.0), 300)
    settings |= {"sample_batches": True, "num_epochs": 1, "batch_size": 1}
    best, _, _, seen = train(unlearnt, X, y, (X.copy(), 1 - y), **settings)
    assert_best(best, X, 1 - y, max(seen))  # which is noted after the first iteration
    _, _, _, more = train(copied(start), X, y, acc_frequency=20, **settings)
    if not len(more) > len(seen):
        raise CheckFailure("with acc_frequency=20, no accuracy is noted within an epoch of 60 iterations")


def assert_best(best, X_val, y_val, highest):
    for name in NAMES:
        entry(best, name, "best_model")
    right = reached(best, X_val, y_val)
    if right < highest - 1e-6:
        raise CheckFailure(
            f"best_model gets {right:.0%} of the validation set right, but val_acc_history has {highest:.0%}"
        )


@pytest.mark.points(0.5)
@pytest.mark.hint("What the parameters are called, and of what shape an example is, only loss_function knows.")
def test_trainer_trains_any_model_on_examples_of_any_shape(rng):
    X, y = np.repeat(rng.standard_normal((1, 2, 3, 2)), 4, axis=0), np.ones(4, dtype=int)  # pictures, all the same
    model = {"slopes": 0.5 * rng.standard_normal((6, 3)), "shift": rng.standard_normal(3)}
    expected = copied(model)
    for _ in range(2):
        scores = softmax_of_pictures(X, expected)
        slopes = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True) / 4
        slopes[:, 1] -= 1 / 4
        expected["slopes"] -= 0.3 * X.mean(axis=1).reshape(4, -1).T @ slopes
        expected["shift"] -= 0.3 * slopes.sum(axis=0)
    settings = {"update": "sgd", "learning_rate": 0.3, "learning_rate_decay": 1.0, "batch_size": 2, "num_epochs": 1}
    train(model, X, y, loss_function=softmax_of_pictures, **settings)
    for name, value in expected.items():
        assert_close(entry(model, name, "model"), value, rtol=1e-4, name=f"model[{name!r}]")


@pytest.mark.points(0.5)
def test_trainer_learns_a_small_set_with_each_rule(rng):
    X, y = clusters(rng, 60)
    for update, rate in (("sgd", 0.5), ("momentum", 0.1), ("rmsprop", 0.01)):
        _, _, model = draw(rng, 1, inputs=2, units=30, classes=2)
        settings = {"update": update, "learning_rate": rate, "momentum": 0.9, "num_epochs": 40, "batch_size": 20}
        _, losses, _, _ = train(model, X, y, **settings)
        assert_falls(assert_history(losses, 120), 0.3, f"loss_history with update={update!r}")
        if reached(model, *clusters(rng, 60)) < 0.9:
            raise CheckFailure(f"after training with update={update!r}, too few examples are put into their class")
