"""Functions to hand to other functions: lengths of vectors, and examples with a known Jacobian."""

import numpy as np


def L1_norm(v):
    """Return the sum of the absolute entries of a vector."""
    return np.sum(np.abs(v))


def L2_norm(v):
    """Return the Euclidean length of a vector."""
    return np.sqrt(np.sum(np.abs(v) ** 2))


def Linf_norm(v):
    """Return the largest absolute entry of a vector."""
    return np.max(np.abs(v))


def helix(w):
    """Return the point (cos t, sin t, 3 t) of a helix for w = (t,). Jacobian (3, 1): (-sin t, cos t, 3)."""
    (t,) = w
    return np.array([np.cos(t), np.sin(t), 3 * t])


def products(w):
    """Return (a b c, a^2) for w = (a, b, c). Jacobian (2, 3): rows (b c, a c, a b) and (2 a, 0, 0)."""
    a, b, c = w
    return np.array([a * b * c, a**2])


def softmax_of_pictures(X, model, y=None, reg=0.0):
    """Return the scores, or the loss and the gradients, of a linear softmax classifier of pictures turned grey.

    Parameters
    ----------
    X : ndarray of shape (N, channels, H, W)
        Pictures, of whose channels the mean is taken.
    model : dict
        ``slopes`` of shape (H * W, C) and ``shift`` of shape (C,).
    y : integer ndarray of shape (N,), optional
        Labels.
    reg : float
        Strength of the regularisation of the slopes.

    Returns
    -------
    scores : ndarray of shape (N, C)
        Where `y` is None; otherwise
    loss, grads : float and dict
        With the keys of `model`.
    """
    rows = X.mean(axis=1).reshape(len(X), -1)
    scores = rows @ model["slopes"] + model["shift"]
    if y is None:
        return scores
    log_p = scores - scores.max(axis=1, keepdims=True)
    log_p -= np.log(np.exp(log_p).sum(axis=1, keepdims=True))
    chosen = np.arange(len(X)), y
    loss = -log_p[chosen].mean() + 0.5 * reg * np.sum(model["slopes"] ** 2)
    delta = np.exp(log_p) / len(X)
    delta[chosen] -= 1 / len(X)
    return loss, {"slopes": rows.T @ delta + reg * model["slopes"], "shift": delta.sum(axis=0)}
