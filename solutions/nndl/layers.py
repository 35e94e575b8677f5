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
    ### BEGIN SOLUTION
    rows = x.reshape(len(x), len(w))
    out = rows @ w + b
    ### END SOLUTION
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
    ### BEGIN SOLUTION
    rows = x.reshape(len(x), len(w))
    dx = (dout @ w.T).reshape(x.shape)
    dw = rows.T @ dout
    db = dout.sum(axis=0)  # b was broadcast over N, so its gradient sums over N
    ### END SOLUTION
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
    ### BEGIN SOLUTION
    out = np.maximum(0, x)
    ### END SOLUTION
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
    ### BEGIN SOLUTION
    return dout * (x > 0)
    ### END SOLUTION


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
