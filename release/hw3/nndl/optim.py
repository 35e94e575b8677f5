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
