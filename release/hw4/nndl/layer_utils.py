"""Layers that usually come together, joined into one."""

from .layers import (
    affine_backward,
    affine_forward,
    batchnorm_backward,
    batchnorm_forward,
    relu_backward,
    relu_forward,
)


def affine_relu_forward(x, w, b):
    """Compute an affine layer followed by a ReLU.

    Parameters
    ----------
    x : ndarray of shape (N, d_1, ..., d_k)
    w : ndarray of shape (D, M)
    b : ndarray of shape (M,)

    Returns
    -------
    out : ndarray of shape (N, M)
    cache : tuple
        The caches of both layers, for `affine_relu_backward`.
    """
    a, affine_cache = affine_forward(x, w, b)
    out, relu_cache = relu_forward(a)
    return out, (affine_cache, relu_cache)


def affine_relu_backward(dout, cache):
    """Compute the gradients ``(dx, dw, db)`` of a scalar loss through `affine_relu_forward`.

    Parameters
    ----------
    dout : ndarray of shape (N, M)
    cache : tuple
        As `affine_relu_forward` returned it.
    """
    affine_cache, relu_cache = cache
    return affine_backward(relu_backward(dout, relu_cache), affine_cache)


def affine_batchnorm_relu_forward(x, w, b, gamma, beta, bn_param):
    """Compute an affine layer followed by batch normalization and a ReLU.

    Parameters
    ----------
    x : ndarray of shape (N, d_1, ..., d_k)
    w : ndarray of shape (D, M)
    b : ndarray of shape (M,)
    gamma, beta : ndarrays of shape (M,)
    bn_param : dict
        As for `batchnorm_forward`; its running averages are replaced in training.

    Returns
    -------
    out : ndarray of shape (N, M)
    cache : tuple
        The caches of the three layers, for `affine_batchnorm_relu_backward`.
    """
    a, affine_cache = affine_forward(x, w, b)
    normalized, batchnorm_cache = batchnorm_forward(a, gamma, beta, bn_param)
    out, relu_cache = relu_forward(normalized)
    return out, (affine_cache, batchnorm_cache, relu_cache)


def affine_batchnorm_relu_backward(dout, cache):
    """Compute the gradients of a scalar loss through `affine_batchnorm_relu_forward` in training.

    Parameters
    ----------
    dout : ndarray of shape (N, M)
    cache : tuple
        As `affine_batchnorm_relu_forward` returned it.

    Returns
    -------
    dx, dw, db, dgamma, dbeta : ndarrays
        Each of the shape of what it belongs to.
    """
    affine_cache, batchnorm_cache, relu_cache = cache
    da, dgamma, dbeta = batchnorm_backward(relu_backward(dout, relu_cache), batchnorm_cache)
    dx, dw, db = affine_backward(da, affine_cache)
    return dx, dw, db, dgamma, dbeta
