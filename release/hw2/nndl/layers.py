"""Layers, each as a pair of functions, and the loss functions at the end of a network.

``x_forward(...)`` returns the output and a cache; ``x_backward(dout, cache)`` takes the gradient of a
scalar loss L with respect to that output and returns the gradients with respect to the arguments of
the forward function, in their order. Every gradient has the shape of the array it belongs to.
"""

import numpy as np


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
