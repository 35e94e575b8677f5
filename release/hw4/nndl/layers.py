"""Layers, each as a pair of functions, and the loss functions at the end of a network.

``x_forward(...)`` returns the output and a cache; ``x_backward(dout, cache)`` takes the gradient of a
scalar loss L with respect to that output and returns the gradients with respect to the arguments of
the forward function, in their order. Every gradient has the shape of the array it belongs to.
"""

import numpy as np


def affine_forward(x, w, b):
    """Compute the output of an affine (fully connected) layer.

    Every example of the batch is flattened to a row of length D = d_1 * ... * d_k. With ``x`` seen
    as the (N, D) matrix of these rows, output m of example n is

        out[n, m] = sum_d x[n, d] w[d, m] + b[m]

    Parameters
    ----------
    x : ndarray of shape (N, d_1, ..., d_k)
        A batch of N examples; images need not be flattened by the caller.
    w : ndarray of shape (D, M)
        Weights, a column for each output.
    b : ndarray of shape (M,)
        Biases, one for each output.

    Returns
    -------
    out : ndarray of shape (N, M)
    cache : tuple
        ``(x, w, b)``, with `x` in the shape it came in; what `affine_backward` needs.
    """
    # YOUR CODE HERE
    raise NotImplementedError("affine_forward")
    cache = (x, w, b)
    return out, cache


def affine_backward(dout, cache):
    """Compute the gradients of a scalar loss L through `affine_forward`.

    With ``dout = dL/dout`` and ``x`` seen as an (N, D) matrix, the chain rule gives

        dL/dx[n, d] = sum_m dout[n, m] w[d, m]
        dL/dw[d, m] = sum_n x[n, d] dout[n, m]
        dL/db[m]    = sum_n dout[n, m]

    Parameters
    ----------
    dout : ndarray of shape (N, M)
        Gradient of L with respect to the layer's output.
    cache : tuple
        ``(x, w, b)`` as `affine_forward` returned it; `x` has shape (N, d_1, ..., d_k).

    Returns
    -------
    dx : ndarray of shape (N, d_1, ..., d_k)
        In the shape of `x`, not flattened.
    dw : ndarray of shape (D, M)
    db : ndarray of shape (M,)
    """
    x, w, _ = cache
    # YOUR CODE HERE
    raise NotImplementedError("affine_backward")
    return dx, dw, db


def relu_forward(x):
    """Compute rectified linear units, ``out = max(0, x)``, entry by entry.

    Parameters
    ----------
    x : ndarray of any shape

    Returns
    -------
    out : ndarray of the same shape
    cache : ndarray
        The input `x`; what `relu_backward` needs.
    """
    # YOUR CODE HERE
    raise NotImplementedError("relu_forward")
    cache = x
    return out, cache


def relu_backward(dout, cache):
    """Compute the gradient of a scalar loss L through `relu_forward`.

    The gradient passes where the input was positive and stops where it was negative. At exactly 0,
    where there is no derivative, either is right.

    Parameters
    ----------
    dout : ndarray of any shape
        Gradient of L with respect to the output.
    cache : ndarray of the same shape
        The input `x` of `relu_forward`.

    Returns
    -------
    dx : ndarray of the same shape
    """
    x = cache
    # YOUR CODE HERE
    raise NotImplementedError("relu_backward")


def batchnorm_forward(x, gamma, beta, bn_param):
    """Compute batch normalization: every feature gets mean 0 and variance 1, then a scale and a shift that are learnt.

    In training, mean and variance of each feature are those of the batch, the variance with 1/N:

        x_hat[n] = (x[n] - mean) / sqrt(var + eps)        out[n] = gamma x_hat[n] + beta

    and two running averages, of mean and variance, which start at zero, follow them:

        new average = momentum old average + (1 - momentum) value of the batch

    At test time the running averages take the place of the batch's mean and variance, and stay as they are: then what
    comes out for an example does not depend on the others in its batch.
    (Ioffe and Szegedy, "Batch normalization", 2015.)

    Parameters
    ----------
    x : ndarray of shape (N, D)
        A batch of N examples with D features each.
    gamma, beta : ndarrays of shape (D,)
        Scale and shift.
    bn_param : dict
        ``mode``: "train" or "test"; ``eps`` (default 1e-5), which prevents a division by zero; ``momentum`` (default
        0.9), the weight of the OLD average; ``running_mean`` and ``running_var``, of shape (D,), default zeros.
        The running averages in it are replaced by the new ones.

    Returns
    -------
    out : ndarray of shape (N, D)
    cache : tuple
        Anything that `batchnorm_backward` needs. None in test mode.

    Raises
    ------
    ValueError
        If ``mode`` is neither "train" nor "test".
    """
    mode = bn_param["mode"]
    eps = bn_param.get("eps", 1e-5)
    momentum = bn_param.get("momentum", 0.9)
    features = x.shape[1]
    running_mean = bn_param.get("running_mean", np.zeros(features, x.dtype))
    running_var = bn_param.get("running_var", np.zeros(features, x.dtype))

    cache = None
    if mode == "train":
        # The output, new running averages, and a cache for the backward pass.
        # YOUR CODE HERE
        raise NotImplementedError("batchnorm_forward")
    elif mode == "test":
        # The output alone.
        # YOUR CODE HERE
        raise NotImplementedError("batchnorm_forward")
    else:
        raise ValueError(f"bn_param['mode'] is {mode!r}, 'train' or 'test' was expected")

    bn_param["running_mean"] = running_mean
    bn_param["running_var"] = running_var
    return out, cache


def batchnorm_backward(dout, cache):
    """Compute the gradients of a scalar loss L through `batchnorm_forward` in training.

    Every example of the batch has a part in its mean and variance. So ``dL/dx[n]`` has three terms: along x_hat[n]
    itself, through the mean, and through the variance. Draw the graph of the computation to find them.

    Parameters
    ----------
    dout : ndarray of shape (N, D)
        Gradient of L with respect to the output.
    cache : tuple
        As `batchnorm_forward` returned it.

    Returns
    -------
    dx : ndarray of shape (N, D)
    dgamma, dbeta : ndarrays of shape (D,)
    """
    # YOUR CODE HERE
    raise NotImplementedError("batchnorm_backward")
    return dx, dgamma, dbeta


def dropout_forward(x, dropout_param):
    """Compute inverted dropout: in training, set entries to zero at random and scale up the rest.

    Each entry is dropped with probability p, independently of all others, and those that stay are divided by
    ``1 - p``, which keeps the expected value of every entry. So at test time nothing is left to do, and
    the output is the input.
    (Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", 2014.)

    Parameters
    ----------
    x : ndarray of any shape
    dropout_param : dict
        ``p``: the probability of DROPPING an entry, 0 <= p < 1; ``mode``: "train" or "test"; optionally ``seed``,
        which seeds NumPy's global generator, so that the same entries are dropped at every call: for gradient
        checks only.

    Returns
    -------
    out : ndarray of the same shape and type
    cache : tuple
        ``(dropout_param, mask)``, with the mask as it was multiplied with `x`; None for it in test mode.

    Raises
    ------
    ValueError
        If ``mode`` is neither "train" nor "test".
    """
    p, mode = dropout_param["p"], dropout_param["mode"]
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])

    mask = None
    if mode == "train":
        # A mask of the shape of x, scale included, and the output.
        # YOUR CODE HERE
        raise NotImplementedError("dropout_forward")
    elif mode == "test":
        # YOUR CODE HERE
        raise NotImplementedError("dropout_forward")
    else:
        raise ValueError(f"dropout_param['mode'] is {mode!r}, 'train' or 'test' was expected")

    cache = (dropout_param, mask)
    return out.astype(x.dtype, copy=False), cache


def dropout_backward(dout, cache):
    """Compute the gradient of a scalar loss L through `dropout_forward`.

    Parameters
    ----------
    dout : ndarray of any shape
        Gradient of L with respect to the output.
    cache : tuple
        ``(dropout_param, mask)`` as `dropout_forward` returned it.

    Returns
    -------
    dx : ndarray of the same shape
    """
    dropout_param, mask = cache
    mode = dropout_param["mode"]
    if mode == "train":
        # YOUR CODE HERE
        raise NotImplementedError("dropout_backward")
    elif mode == "test":
        # YOUR CODE HERE
        raise NotImplementedError("dropout_backward")
    return dx


def softmax_loss(x, y):
    """Compute the softmax (cross-entropy) loss and its gradient.

    With the probabilities ``p[n] = exp(x[n]) / sum_c exp(x[n, c])`` and one-hot rows ``t``,

        L = -1/N sum_n log p[n, y[n]]        dx = (p - t) / N

    Parameters
    ----------
    x : ndarray of shape (N, C)
        Scores; ``x[n, c]`` is the score of class c for example n.
    y : integer ndarray of shape (N,)
        Labels, ``0 <= y[n] < C``.

    Returns
    -------
    loss : float
        Mean over the batch.
    dx : ndarray of shape (N, C)
    """
    rows = np.arange(len(x))
    shifted = x - x.max(axis=1, keepdims=True)  # changes no probability, and exp cannot overflow
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -log_p[rows, y].mean()
    dx = np.exp(log_p)
    dx[rows, y] -= 1
    return loss, dx / len(x)


def svm_loss(x, y):
    """Compute the multiclass hinge (SVM) loss with margin 1 and its gradient.

    A class costs something where its score comes within 1 of the right class's score:

        L = 1/N sum_n sum_{c != y[n]} max(0, x[n, c] - x[n, y[n]] + 1)

    Parameters
    ----------
    x : ndarray of shape (N, C)
        Scores; ``x[n, c]`` is the score of class c for example n.
    y : integer ndarray of shape (N,)
        Labels, ``0 <= y[n] < C``.

    Returns
    -------
    loss : float
        Mean over the batch.
    dx : ndarray of shape (N, C)
    """
    rows = np.arange(len(x))
    margins = np.maximum(0, x - x[rows, y, np.newaxis] + 1)
    margins[rows, y] = 0
    loss = margins.sum() / len(x)
    dx = np.where(margins > 0, 1.0, 0.0)
    dx[rows, y] = -dx.sum(axis=1)
    return loss, dx / len(x)
