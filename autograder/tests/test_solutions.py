"""The reference package and the support code: printed numbers, training, numerical gradients, pictures."""

from __future__ import annotations

import re

import numpy as np
import pytest
from nndl import fc_net, layers, neural_net, optim
from utils import gradient_check
from utils.solver import Solver
from utils.vis_utils import visualize_grid


def toy_network():
    np.random.seed(0)
    return neural_net.TwoLayerNet(4, 10, 3, std=1e-1)


def toy_data():
    np.random.seed(1)
    return 10 * np.random.randn(5, 4), np.array([0, 1, 2, 2, 1])


def linspace_layers_input():
    """Return the parameters and the batch of the printed losses 3.47 and 26.59."""
    params = {
        "W1": np.linspace(-0.7, 0.3, num=250).reshape(5, 50),
        "b1": np.linspace(-0.1, 0.9, num=50),
        "W2": np.linspace(-0.3, 0.4, num=350).reshape(50, 7),
        "b2": np.linspace(-0.9, 0.1, num=7),
    }
    return params, np.linspace(-5.5, 4.5, num=15).reshape(5, 3).T, np.array([0, 5, 1])


# The printed numbers


def test_affine_forward_gives_the_printed_output():
    x, w = np.linspace(-0.1, 0.5, 240).reshape(2, 4, 5, 6), np.linspace(-0.2, 0.3, 360).reshape(120, 3)
    out, _ = layers.affine_forward(x, w, np.linspace(-0.3, 0.1, 3))
    printed = np.array([[1.49834967, 1.70660132, 1.91485297], [3.25553199, 3.5141327, 3.77273342]])
    assert gradient_check.rel_error(out, printed) == pytest.approx(9.77e-10, rel=1e-3)


def test_losses_of_small_scores_are_those_of_a_guess():
    rng = np.random.default_rng(0)
    scores, y = 1e-3 * rng.normal(size=(50, 10)), rng.integers(10, size=50)
    assert layers.svm_loss(scores, y)[0] == pytest.approx(9, abs=1e-2)
    assert layers.softmax_loss(scores, y)[0] == pytest.approx(np.log(10), abs=1e-3)


@pytest.mark.parametrize("loss", [layers.svm_loss, layers.softmax_loss])
def test_given_losses_have_the_gradient_that_they_return(loss):
    rng = np.random.default_rng(0)
    scores, y = rng.normal(size=(6, 5)), rng.integers(5, size=6)
    _, gradient = loss(scores, y)
    numerical = gradient_check.eval_numerical_gradient(lambda x: loss(x, y)[0], scores)
    np.testing.assert_allclose(gradient, numerical, rtol=1e-6, atol=1e-9)


def test_toy_network_has_the_printed_loss_and_final_loss():
    x, y = toy_data()
    assert toy_network().loss(x, y, reg=0.05)[0] == pytest.approx(1.071696123862817, rel=1e-14)
    history = toy_network().train(x, y, x, y, learning_rate=1e-1, reg=5e-6, num_iters=100)
    assert history["loss_history"][-1] == pytest.approx(0.0144978645878, rel=1e-9)


@pytest.mark.parametrize(("reg", "loss"), [(0.0, 3.4702243556), (1.0, 26.5948426952)])
def test_networks_from_layers_have_the_printed_losses(reg, loss):
    params, x, y = linspace_layers_input()
    for model in (
        fc_net.TwoLayerNet(5, 50, 7, reg=reg),
        fc_net.FullyConnectedNet([50], 5, 7, reg=reg, dtype=float),
    ):
        model.params = params
        assert model.loss(x, y)[0] == pytest.approx(loss, abs=1e-9)


@pytest.mark.parametrize("hidden_dims", [[], [6], [6, 5, 4]])
def test_fully_connected_net_has_right_gradients_at_any_depth(hidden_dims):
    np.random.seed(0)
    model = fc_net.FullyConnectedNet(hidden_dims, 8, 3, reg=0.7, dtype=np.float64)
    for name in model.params:
        # Also of the biases: with zeros, a unit behind dead ones would sit exactly on the kink of its ReLU.
        model.params[name] = np.random.randn(*model.params[name].shape)
    x, y = np.random.randn(4, 2, 4), np.array([0, 2, 1, 1])
    _, grads = model.loss(x, y)
    assert grads.keys() == model.params.keys()
    for name, gradient in grads.items():
        numerical = gradient_check.eval_numerical_gradient(lambda _: model.loss(x, y)[0], model.params[name])
        np.testing.assert_allclose(gradient, numerical, rtol=1e-5, atol=1e-8)


def test_float32_network_computes_in_float32():
    model = fc_net.FullyConnectedNet([6], 8, 3, reg=0.1)
    _, grads = model.loss(np.ones((4, 8)), np.zeros(4, int))
    assert {array.dtype for array in (*model.params.values(), *grads.values())} == {np.dtype(np.float32)}


def test_two_layer_net_refuses_dropout():
    with pytest.raises(ValueError, match="has no dropout"):
        fc_net.TwoLayerNet(dropout=0.5)


def test_layers_refuse_a_mode_that_they_do_not_know():
    x, ones = np.ones((3, 2)), np.ones(2)
    with pytest.raises(ValueError, match=r"bn_param\['mode'\] is 'trian'"):
        layers.batchnorm_forward(x, ones, ones, {"mode": "trian"})
    with pytest.raises(ValueError, match=r"dropout_param\['mode'\] is 0"):
        layers.dropout_forward(x, {"mode": 0, "p": 0.5})


def test_sgd_steps_against_the_gradient_and_leaves_its_input():
    w = np.ones(3)
    next_w, config = optim.sgd(w, np.full(3, 2.0))
    np.testing.assert_allclose(next_w, 0.98)
    assert config == {"learning_rate": 1e-2}
    assert (w == 1).all()


# Solver


def blobs():
    rng = np.random.default_rng(0)
    y = rng.integers(3, size=120)
    x = rng.normal(size=(120, 6)) + 3 * np.eye(3, 6)[y]
    return {"X_train": x[:90], "y_train": y[:90], "X_val": x[90:], "y_val": y[90:]}


def trained_solver(**settings):
    np.random.seed(0)
    model = fc_net.TwoLayerNet(6, 20, 3, weight_scale=0.1)
    settings = {"optim_config": {"learning_rate": 0.3}, "num_epochs": 6, "batch_size": 30} | settings
    solver = Solver(model, blobs(), **settings)
    solver.train()
    return solver


def test_solver_trains_and_remembers_how_it_went():
    solver = trained_solver(verbose=False)
    assert len(solver.loss_history) == 18
    assert len(solver.train_acc_history) == len(solver.val_acc_history) == 7
    assert solver.loss_history[-1] < 0.5 * solver.loss_history[0]
    assert solver.best_val_acc == max(solver.val_acc_history) > 0.9


def test_solver_takes_the_gradient_of_a_bias_as_one_row(monkeypatch):
    loss = fc_net.TwoLayerNet.loss

    def by_rows(self, X, y=None):
        if y is None:
            return loss(self, X)
        value, grads = loss(self, X, y)
        return value, grads | {name: grads[name][np.newaxis] for name in ("b1", "b2")}

    expected = trained_solver(verbose=False).model.params
    monkeypatch.setattr(fc_net.TwoLayerNet, "loss", by_rows)
    for name, value in trained_solver(verbose=False).model.params.items():
        np.testing.assert_array_equal(value, expected[name])


def test_solver_gives_the_model_its_best_parameters():
    solver = trained_solver(verbose=False, optim_config={"learning_rate": 40.0}, num_epochs=3)
    assert solver.val_acc_history[-1] < solver.best_val_acc
    assert solver.check_accuracy(solver.X_val, solver.y_val) == solver.best_val_acc


def test_solver_gives_the_model_the_running_averages_of_its_best_parameters():
    np.random.seed(0)
    model = fc_net.FullyConnectedNet([10], 6, 3, use_batchnorm=True, weight_scale=0.1)
    settings = {"optim_config": {"learning_rate": 30.0}, "num_epochs": 6, "batch_size": 30, "verbose": False}
    solver = Solver(model, blobs(), **settings)
    solver.train()
    assert solver.val_acc_history[-1] < solver.best_val_acc
    assert solver.check_accuracy(solver.X_val, solver.y_val) == solver.best_val_acc


@pytest.mark.parametrize("rule", ["sgd_momentum", "sgd_nesterov_momentum", "rmsprop", "adam"])
def test_solver_trains_by_every_update_rule(rule):
    solver = trained_solver(update_rule=rule, optim_config={"learning_rate": 0.05}, verbose=False)
    assert solver.loss_history[-1] < 0.5 * solver.loss_history[0]
    assert solver.best_val_acc > 0.9


def test_solver_takes_a_function_as_update_rule():
    calls = []

    def rule(w, dw, config):
        calls.append(config["learning_rate"])
        return optim.sgd(w, dw, config)

    np.random.seed(0)
    solver = trained_solver(update_rule=rule, optim_config={"learning_rate": 0.15}, verbose=False)
    assert solver.loss_history[-1] < 0.5 * solver.loss_history[0]
    assert set(calls) == {0.15}


def test_solver_decays_the_learning_rate_of_every_parameter_once_per_epoch():
    solver = trained_solver(verbose=False, lr_decay=0.5, num_epochs=2)
    assert {config["learning_rate"] for config in solver.optim_configs.values()} == {0.075}


def test_solver_prints_losses_and_accuracies(capsys):
    trained_solver(print_every=10)
    printed = capsys.readouterr().out
    assert re.findall(r"Iteration (\d+) / 18", printed) == ["1", "11"]
    assert printed.count("val_acc") == 7


def test_solver_names_an_update_rule_that_is_not_there():
    for name in ("adagrad", None):
        with pytest.raises(ValueError, match=rf"nndl\.optim has no update rule {name!r}; give the name of one, or a"):
            trained_solver(update_rule=name)


# Numerical gradients and pictures


def test_numerical_gradient_is_that_of_a_known_function_and_restores_x():
    x = np.arange(6.0).reshape(2, 3)
    before = x.copy()
    gradient = gradient_check.eval_numerical_gradient(lambda x: np.sum(x**3), x)
    np.testing.assert_allclose(gradient, 3 * x**2, atol=1e-6)
    assert (x == before).all()


def test_numerical_gradient_of_a_function_that_returns_its_input():
    df = np.array([1.0, -2.0])
    np.testing.assert_allclose(gradient_check.eval_numerical_gradient_array(lambda x: x, np.ones(2), df), df)


def test_sparse_gradient_check_shows_a_wrong_gradient(capsys):
    x = np.ones((2, 2))
    gradient_check.grad_check_sparse(lambda x: np.sum(x**2), x, np.ones((2, 2)), num_checks=3)
    printed = capsys.readouterr().out
    assert printed.count("numerical: 2.000000 analytic: 1.000000, relative error: 3.33") == 3


def test_grid_holds_every_picture_stretched_to_the_full_range():
    images = np.random.default_rng(0).normal(size=(5, 4, 3, 2))
    images[1] = 7  # a picture without contrast
    grid = visualize_grid(images, padding=2)
    assert grid.shape == (2 * 4 + 2, 3 * 3 + 2 * 2, 2)
    assert (grid[:4, :3].min(), grid[:4, :3].max()) == (0, 255)
    assert (grid[:4, 5:8] == 0).all()
