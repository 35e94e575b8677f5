"""Looking after a training run: what to expect of it, when to give it up, and where to look for better settings."""

import numpy as np
from utils import search

from .neural_net import TwoLayerNet


def expected_first_loss(num_classes, weights=(), reg=0.0):
    """Return the loss that a new network should begin with.

    Small random weights give scores near 0, so that every class has about the same probability 1/C. The
    data loss is then known without any data, and the regularisation comes on top:

        L = log C + reg/2 * (sum of the squares of all weights)

    Parameters
    ----------
    num_classes : int
        C.
    weights : sequence of ndarrays
        The weight matrices.
    reg : float
        Regularisation strength.

    Returns
    -------
    float
    """
    # YOUR CODE HERE
    raise NotImplementedError("expected_first_loss")


def overfit_small(X, y, num_classes=10):
    """Train a `TwoLayerNet` until it knows a few examples by heart, and return it.

    A network that cannot reach an accuracy of 1.0 on 20 examples has a mistake in it, or is trained with
    settings that do not work; then there is no use in giving it 49,000. Choose the settings so that it
    takes a few seconds at most: no regularisation, no decay, and a learning rate that is high enough.

    Parameters
    ----------
    X : ndarray of shape (N, D)
        About 20 examples, of mean 0 and standard deviation 1, such as flattened pictures with D = 3072.
    y : integer ndarray of shape (N,)
        Labels, ``0 <= y[n] < num_classes``.
    num_classes : int
        C.

    Returns
    -------
    TwoLayerNet
        Predicts every label of `y` from `X`.
    """
    # YOUR CODE HERE
    raise NotImplementedError("overfit_small")


def should_stop(costs):
    """Tell whether a training run is beyond hope and should be given up.

    It is when its latest cost is more than 3 times its first, or is not a finite number.

    Parameters
    ----------
    costs : list of float
        The costs so far, the first one first; at least one. All but the latest are finite.

    Returns
    -------
    bool
    """
    # YOUR CODE HERE
    raise NotImplementedError("should_stop")


def update_ratio(w, step):
    """Return how large an update is beside the weights that it changes: ``|step| / |w|``.

    The norm is the square root of the sum of all squares. About 1e-3 is usual for a learning rate that
    works; 1e-1 tears the weights apart, 1e-6 leaves them where they are.

    Parameters
    ----------
    w : ndarray of any shape
        The weights before the update, not all of them zero.
    step : ndarray of the same shape
        What is added to them.

    Returns
    -------
    float
    """
    # YOUR CODE HERE
    raise NotImplementedError("update_ratio")


def log_uniform(low, high, size):
    """Draw numbers at random whose logarithms are evenly spread.

    A learning rate between 1e-6 and 1e-2 is as likely to lie between 1e-6 and 1e-5 as between 1e-3 and
    1e-2. (Drawn evenly, nine of ten would lie above 1e-3.)

    Parameters
    ----------
    low, high : float
        Bounds, ``0 < low < high``.
    size : int
        How many numbers.

    Returns
    -------
    ndarray of shape (size,)
        Between `low` and `high`, different at every call.
    """
    # YOUR CODE HERE
    raise NotImplementedError("log_uniform")


def propose(results, ranges, count):
    """Return the settings to try next in a search that goes from coarse to fine.

    Before there are results, look everywhere: draw each setting from its whole range by `log_uniform`. After
    that, draw from smaller ranges around the best of the results, which `utils.search.refine` works out.

    Parameters
    ----------
    results : list of dict
        What was tried so far, as `utils.search.run` returns it: the settings by name, and their ``score``, of which
        more is better and NaN is a run that was given up. Empty at first.
    ranges : dict
        By the name of a setting, its bounds ``(low, high)``, 0 < low < high.
    count : int
        How many to propose.

    Returns
    -------
    list of dict
        `count` times a value for every name in `ranges`, within its bounds.
    """
    # YOUR CODE HERE
    raise NotImplementedError("propose")
