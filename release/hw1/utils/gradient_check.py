"""Numerical gradients, to hold analytic ones against.

All use the centred difference ``(f(x + h) - f(x - h)) / 2h``, whose error shrinks with h^2. Compute in
float64: in float32 the difference of two nearly equal numbers keeps too few digits.
"""

import numpy as np


def rel_error(x, y):
    """Return the largest relative error of two arrays, ``max |x - y| / max(1e-8, |x| + |y|)``.

    About 1e-8 says that two gradients agree; 1e-2 that one of them is wrong.
    """
    return np.max(np.abs(x - y) / np.maximum(1e-8, np.abs(x) + np.abs(y)))


def eval_numerical_gradient(f, x, verbose=False, h=1e-5):
    """Estimate the gradient of a function with a single number as its value.

    Parameters
    ----------
    f : callable
        ``f(x)`` returns a number.
    x : float ndarray
        Where to take the gradient. Its entries are changed one at a time and restored, so `f` may
        also use `x` without its argument (a parameter inside a network, say).
    verbose : bool
        Whether to print every derivative.
    h : float
        Step.

    Returns
    -------
    grad : ndarray of the shape of `x`
    """
    grad = eval_numerical_gradient_array(f, x, 1.0, h)
    if verbose:
        for index, derivative in np.ndenumerate(grad):
            print(index, derivative)
    return grad


def eval_numerical_gradient_array(f, x, df, h=1e-5):
    """Estimate the gradient of ``sum(f(x) * df)`` for a function whose value is an array.

    This is the chain rule for a layer: with `df` the gradient of a loss with respect to the layer's
    output, the result is the gradient of the loss with respect to `x`.

    Parameters
    ----------
    f : callable
        ``f(x)`` returns an array of the shape of `df`.
    x : float ndarray
        Where to take the gradient. Its entries are changed one at a time and restored.
    df : ndarray
        Upstream gradient.
    h : float
        Step.

    Returns
    -------
    grad : ndarray of the shape of `x`
    """
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        grad[index] = np.sum(_difference(f, x, index, h) * df)
    return grad


def grad_check_sparse(f, x, analytic_grad, num_checks=10, h=1e-5):
    """Compare an analytic gradient with a numerical one at a few entries drawn at random, and print both.

    Parameters
    ----------
    f : callable
        ``f(x)`` returns a number.
    x : float ndarray
        Where the gradient was taken. Its entries are changed one at a time and restored.
    analytic_grad : ndarray of the shape of `x`
    num_checks : int
        How many entries to look at.
    h : float
        Step.
    """
    for _ in range(num_checks):
        index = tuple(np.random.randint(size) for size in x.shape)
        numerical = _difference(f, x, index, h)
        analytic = analytic_grad[index]
        error = rel_error(numerical, analytic)
        print(f"numerical: {numerical:f} analytic: {analytic:f}, relative error: {error:e}")


def _difference(f, x, index, h):
    """Return the derivative of f with respect to one entry of x, leaving x as it was."""
    value = x[index]
    x[index] = value + h
    # A layer may return its input, or a view of it, which the next change would alter: so copy.
    above = np.array(f(x), dtype=float)
    x[index] = value - h
    below = np.array(f(x), dtype=float)
    x[index] = value
    return (above - below) / (2 * h)
