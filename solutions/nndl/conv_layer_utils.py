"""Convolutional layers that usually come together, joined into one; they use the fast layers."""

from utils.fast_layers import conv_backward_fast, conv_forward_fast, max_pool_backward_fast, max_pool_forward_fast

from .conv_layers import spatial_batchnorm_backward, spatial_batchnorm_forward
from .layers import relu_backward, relu_forward


def conv_relu_forward(x, w, b, conv_param):
    """Compute a convolution followed by a ReLU.

    Parameters
    ----------
    x : ndarray of shape (N, C, H, W)
    w : ndarray of shape (F, C, HH, WW)
    b : ndarray of shape (F,)
    conv_param : dict
        ``stride`` and ``pad``, as for the convolution.

    Returns
    -------
    out : ndarray of shape (N, F, H', W')
    cache : tuple
        The caches of both layers, for `conv_relu_backward`.
    """
    a, conv_cache = conv_forward_fast(x, w, b, conv_param)
    out, relu_cache = relu_forward(a)
    return out, (conv_cache, relu_cache)


def conv_relu_backward(dout, cache):
    """Compute the gradients ``(dx, dw, db)`` of a scalar loss through `conv_relu_forward`.

    Parameters
    ----------
    dout : ndarray of shape (N, F, H', W')
    cache : tuple
        As `conv_relu_forward` returned it.
    """
    conv_cache, relu_cache = cache
    return conv_backward_fast(relu_backward(dout, relu_cache), conv_cache)


def conv_relu_pool_forward(x, w, b, conv_param, pool_param):
    """Compute a convolution followed by a ReLU and max pooling.

    Parameters
    ----------
    x : ndarray of shape (N, C, H, W)
    w : ndarray of shape (F, C, HH, WW)
    b : ndarray of shape (F,)
    conv_param : dict
        ``stride`` and ``pad``, as for the convolution.
    pool_param : dict
        ``pool_height``, ``pool_width`` and ``stride``, as for the pooling.

    Returns
    -------
    out : ndarray of shape (N, F, H'', W'')
    cache : tuple
        The caches of all three layers, for `conv_relu_pool_backward`.
    """
    a, conv_cache = conv_forward_fast(x, w, b, conv_param)
    s, relu_cache = relu_forward(a)
    out, pool_cache = max_pool_forward_fast(s, pool_param)
    return out, (conv_cache, relu_cache, pool_cache)


def conv_relu_pool_backward(dout, cache):
    """Compute the gradients ``(dx, dw, db)`` of a scalar loss through `conv_relu_pool_forward`.

    Parameters
    ----------
    dout : ndarray of shape (N, F, H'', W'')
    cache : tuple
        As `conv_relu_pool_forward` returned it.
    """
    conv_cache, relu_cache, pool_cache = cache
    ds = max_pool_backward_fast(dout, pool_cache)
    return conv_backward_fast(relu_backward(ds, relu_cache), conv_cache)


def conv_batchnorm_relu_pool_forward(x, w, b, gamma, beta, conv_param, bn_param, pool_param):
    """Compute a convolution followed by batch normalization of each channel, a ReLU and max pooling.

    Parameters
    ----------
    x : ndarray of shape (N, C, H, W)
    w : ndarray of shape (F, C, HH, WW)
    b, gamma, beta : ndarrays of shape (F,)
    conv_param : dict
        ``stride`` and ``pad``, as for the convolution.
    bn_param : dict
        ``mode`` and the running averages, as for the normalization.
    pool_param : dict
        ``pool_height``, ``pool_width`` and ``stride``, as for the pooling.

    Returns
    -------
    out : ndarray of shape (N, F, H'', W'')
    cache : tuple
        The caches of all four layers, for `conv_batchnorm_relu_pool_backward`.
    """
    a, conv_cache = conv_forward_fast(x, w, b, conv_param)
    normalized, bn_cache = spatial_batchnorm_forward(a, gamma, beta, bn_param)
    s, relu_cache = relu_forward(normalized)
    out, pool_cache = max_pool_forward_fast(s, pool_param)
    return out, (conv_cache, bn_cache, relu_cache, pool_cache)


def conv_batchnorm_relu_pool_backward(dout, cache):
    """Compute the gradients ``(dx, dw, db, dgamma, dbeta)`` through `conv_batchnorm_relu_pool_forward`.

    Parameters
    ----------
    dout : ndarray of shape (N, F, H'', W'')
    cache : tuple
        As `conv_batchnorm_relu_pool_forward` returned it.
    """
    conv_cache, bn_cache, relu_cache, pool_cache = cache
    ds = max_pool_backward_fast(dout, pool_cache)
    da, dgamma, dbeta = spatial_batchnorm_backward(relu_backward(ds, relu_cache), bn_cache)
    return *conv_backward_fast(da, conv_cache), dgamma, dbeta
