"""Update rules: how a parameter moves, given its gradient.

Every rule has the form ``next_w, config = rule(w, dw, config)``. `config` is a dictionary of
hyperparameters and of whatever the rule remembers from step to step; pass the returned one to the
next step. Each parameter has a `config` of its own. Hyperparameters that it lacks get their defaults.
"""

import numpy as np


def sgd(w, dw, config=None):
    """Take one step of stochastic gradient descent, ``next_w = w - learning_rate * dw``.

    Parameters
    ----------
    w : ndarray of any shape
        The parameter.
    dw : ndarray of the same shape
        Gradient of the loss with respect to `w`.
    config : dict, optional
        ``learning_rate`` (default 1e-2).

    Returns
    -------
    next_w : ndarray of the same shape
    config : dict
    """
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-2)
    return w - config["learning_rate"] * dw, config


def sgd_momentum(w, dw, config=None):
    """Take one step of gradient descent with momentum.

    The velocity collects the gradients of all steps so far, older ones with less weight:

        velocity = momentum * velocity - learning_rate * dw
        next_w   = w + velocity

    Parameters
    ----------
    w : ndarray of any shape
        The parameter.
    dw : ndarray of the same shape
        Gradient of the loss with respect to `w`.
    config : dict, optional
        ``learning_rate`` (default 1e-2); ``momentum`` (default 0.9), the part of the velocity that stays;
        ``velocity`` (default zeros), kept from step to step, of the shape of `w`.

    Returns
    -------
    next_w : ndarray of the same shape
    config : dict
        With the new ``velocity``.
    """
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("momentum", 0.9)
    config.setdefault("velocity", np.zeros_like(w))

    # The step, next_w, and the velocity that the next step starts from, in config.
    ### BEGIN SOLUTION
    config["velocity"] = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
    next_w = w + config["velocity"]
    ### END SOLUTION
    return next_w, config


def sgd_nesterov_momentum(w, dw, config=None):
    """Take one step of gradient descent with Nesterov momentum.

    Nesterov's method takes the gradient where the velocity is about to carry the parameter, not where it is.
    Here `w` is already that place ahead, so that `dw` is the gradient at `w` as for every other rule, and a step goes
    from one place ahead to the next:

        new velocity = momentum * velocity - learning_rate * dw
        next_w       = w + new velocity + momentum * (new velocity - velocity)

    Parameters
    ----------
    w : ndarray of any shape
        The parameter.
    dw : ndarray of the same shape
        Gradient of the loss with respect to `w`.
    config : dict, optional
        ``learning_rate`` (default 1e-2); ``momentum`` (default 0.9), the part of the velocity that stays;
        ``velocity`` (default zeros), kept from step to step, of the shape of `w`.

    Returns
    -------
    next_w : ndarray of the same shape
    config : dict
        With the new ``velocity``.
    """
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("momentum", 0.9)
    config.setdefault("velocity", np.zeros_like(w))

    # The step, next_w, and the velocity that the next step starts from, in config.
    ### BEGIN SOLUTION
    old = config["velocity"]
    new = config["momentum"] * old - config["learning_rate"] * dw
    next_w = w + new + config["momentum"] * (new - old)
    config["velocity"] = new
    ### END SOLUTION
    return next_w, config


def rmsprop(w, dw, config=None):
    """Take one step of RMSProp: each entry of the gradient is divided by its recent root mean square.

        a      = decay_rate * a + (1 - decay_rate) * dw^2
        next_w = w - learning_rate * dw / (sqrt(a) + epsilon)

    Parameters
    ----------
    w : ndarray of any shape
        The parameter.
    dw : ndarray of the same shape
        Gradient of the loss with respect to `w`.
    config : dict, optional
        ``learning_rate`` (default 1e-2); ``decay_rate`` (default 0.99), the weight of the old average;
        ``epsilon`` (default 1e-8), which prevents a division by zero; ``a`` (default zeros), the moving average of
        squared gradients, kept from step to step, of the shape of `w`.

    Returns
    -------
    next_w : ndarray of the same shape
    config : dict
        With the new ``a``.
    """
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("decay_rate", 0.99)
    config.setdefault("epsilon", 1e-8)
    config.setdefault("a", np.zeros_like(w))

    # The step, next_w, and the average that the next step starts from, in config.
    ### BEGIN SOLUTION
    config["a"] = config["decay_rate"] * config["a"] + (1 - config["decay_rate"]) * dw**2
    next_w = w - config["learning_rate"] * dw / (np.sqrt(config["a"]) + config["epsilon"])
    ### END SOLUTION
    return next_w, config


def adam(w, dw, config=None):
    """Take one step of Adam: momentum and RMSProp together, with a correction for averages that start at zero.

        t      = t + 1
        v      = beta1 * v + (1 - beta1) * dw          (first moment)
        a      = beta2 * a + (1 - beta2) * dw^2        (second moment)
        next_w = w - learning_rate * v_hat / (sqrt(a_hat) + epsilon)

    where ``v_hat = v / (1 - beta1^t)`` and ``a_hat = a / (1 - beta2^t)`` are corrected: after t steps from zero,
    the weights in an average add up to only ``1 - beta^t``. What is kept for the next step are `v` and `a` without
    the correction.
    (Kingma and Ba, "Adam: a method for stochastic optimization", 2015.)

    Parameters
    ----------
    w : ndarray of any shape
        The parameter.
    dw : ndarray of the same shape
        Gradient of the loss with respect to `w`.
    config : dict, optional
        ``learning_rate`` (default 1e-3); ``beta1`` (default 0.9) and ``beta2`` (default 0.999), the weights of the old
        averages; ``epsilon`` (default 1e-8), which prevents a division by zero; kept from step to step: ``v`` and ``a``
        (default zeros), of the shape of `w`, and ``t`` (default 0), the number of steps taken.

    Returns
    -------
    next_w : ndarray of the same shape
    config : dict
        With the new ``v``, ``a`` and ``t``.
    """
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-3)
    config.setdefault("beta1", 0.9)
    config.setdefault("beta2", 0.999)
    config.setdefault("epsilon", 1e-8)
    config.setdefault("v", np.zeros_like(w))
    config.setdefault("a", np.zeros_like(w))
    config.setdefault("t", 0)

    # The step, next_w, and the moments and the count that the next step starts from, in config.
    ### BEGIN SOLUTION
    config["t"] += 1
    config["v"] = config["beta1"] * config["v"] + (1 - config["beta1"]) * dw
    config["a"] = config["beta2"] * config["a"] + (1 - config["beta2"]) * dw**2
    v_hat = config["v"] / (1 - config["beta1"] ** config["t"])
    a_hat = config["a"] / (1 - config["beta2"] ** config["t"])
    next_w = w - config["learning_rate"] * v_hat / (np.sqrt(a_hat) + config["epsilon"])
    ### END SOLUTION
    return next_w, config
