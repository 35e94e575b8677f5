"""Layers for images: convolution, max pooling and batch normalization per channel.

They are written for clarity and not for speed: networks use the same layers from `utils.fast_layers`. A batch of
images is an array of shape (N, C, H, W): N images with C channels, H pixels high and W pixels wide.
"""

import numpy as np

from .layers import batchnorm_backward, batchnorm_forward


def conv_forward_naive(x, w, b, conv_param):
    """Compute the output of a convolutional layer.

    Every filter spans all C channels of the input. It is laid over the zero-padded input ``x_pad`` at steps of
    `stride` pixels, and each time gives one number of the output:

        out[n, f, i, j] = sum_{c, k, l} x_pad[n, c, i * stride + k, j * stride + l] w[f, c, k, l] + b[f]

    Parameters
    ----------
    x : ndarray of shape (N, C, H, W)
        A batch of images.
    w : ndarray of shape (F, C, HH, WW)
        F filters; they are not turned round.
    b : ndarray of shape (F,)
        Biases, one for each filter.
    conv_param : dict
        ``stride``: pixels from one place of the filter to the next, down as well as across; ``pad``: rows and
        columns of zeros on each side of the image. H + 2 pad - HH and W + 2 pad - WW are multiples of the stride.

    Returns
    -------
    out : ndarray of shape (N, F, H', W')
        With H' = 1 + (H + 2 pad - HH) / stride and W' = 1 + (W + 2 pad - WW) / stride.
    cache : tuple
        ``(x, w, b, conv_param)``; what `conv_backward_naive` needs.
    """
    stride, pad = conv_param["stride"], conv_param["pad"]
    ### BEGIN SOLUTION
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    height = 1 + (x_pad.shape[2] - w.shape[2]) // stride
    width = 1 + (x_pad.shape[3] - w.shape[3]) // stride
    out = np.zeros((len(x), len(w), height, width))
    for i in range(height):
        for j in range(width):
            window = x_pad[:, :, i * stride : i * stride + w.shape[2], j * stride : j * stride + w.shape[3]]
            out[:, :, i, j] = np.tensordot(window, w, axes=((1, 2, 3), (1, 2, 3))) + b
    ### END SOLUTION
    cache = (x, w, b, conv_param)
    return out, cache


def conv_backward_naive(dout, cache):
    """Compute the gradients of a scalar loss L through `conv_forward_naive`.

    A number of the output depends on one window of the input, on one filter and on its bias. It passes its
    gradient ``d = dout[n, f, i, j]`` to all of them: ``d`` times the filter is added to the gradient of the window,
    ``d`` times the window to the gradient of the filter, and ``d`` to that of the bias.

    Parameters
    ----------
    dout : ndarray of shape (N, F, H', W')
        Gradient of L with respect to the layer's output.
    cache : tuple
        ``(x, w, b, conv_param)`` as `conv_forward_naive` returned it.

    Returns
    -------
    dx : ndarray of shape (N, C, H, W)
        Without the padding.
    dw : ndarray of shape (F, C, HH, WW)
    db : ndarray of shape (F,)
    """
    x, w, _, conv_param = cache
    stride, pad = conv_param["stride"], conv_param["pad"]
    ### BEGIN SOLUTION
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dx_pad, dw = np.zeros(x_pad.shape), np.zeros(w.shape)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            rows = slice(i * stride, i * stride + w.shape[2])
            columns = slice(j * stride, j * stride + w.shape[3])
            d = dout[:, :, i, j]
            dx_pad[:, :, rows, columns] += np.tensordot(d, w, axes=1)
            dw += np.tensordot(d.T, x_pad[:, :, rows, columns], axes=1)
    dx = dx_pad[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]]
    db = dout.sum(axis=(0, 2, 3))  # b[f] is in every pixel of channel f, in every image
    ### END SOLUTION
    return dx, dw, db


def max_pool_forward_naive(x, pool_param):
    """Compute the output of a max pooling layer: the largest number of every window, channel by channel.

    Parameters
    ----------
    x : ndarray of shape (N, C, H, W)
        A batch of images.
    pool_param : dict
        ``pool_height`` and ``pool_width``: the size of a window; ``stride``: pixels from one window to the next. They
        fit the image: H - pool_height and W - pool_width are multiples of the stride.

    Returns
    -------
    out : ndarray of shape (N, C, H', W')
        With H' = 1 + (H - pool_height) / stride and W' = 1 + (W - pool_width) / stride.
    cache : tuple
        ``(x, pool_param)``; what `max_pool_backward_naive` needs.
    """
    pool_height, pool_width = pool_param["pool_height"], pool_param["pool_width"]
    stride = pool_param["stride"]
    ### BEGIN SOLUTION
    height = 1 + (x.shape[2] - pool_height) // stride
    width = 1 + (x.shape[3] - pool_width) // stride
    out = np.zeros((*x.shape[:2], height, width))
    for i in range(height):
        for j in range(width):
            window = x[:, :, i * stride : i * stride + pool_height, j * stride : j * stride + pool_width]
            out[:, :, i, j] = window.max(axis=(2, 3))
    ### END SOLUTION
    cache = (x, pool_param)
    return out, cache


def max_pool_backward_naive(dout, cache):
    """Compute the gradient of a scalar loss L through `max_pool_forward_naive`.

    The gradient of a number of the output goes to where in its window the number came from; the other pixels had
    no influence. Where several pixels are the largest, it may go to one of them or to all.

    Parameters
    ----------
    dout : ndarray of shape (N, C, H', W')
        Gradient of L with respect to the layer's output.
    cache : tuple
        ``(x, pool_param)`` as `max_pool_forward_naive` returned it.

    Returns
    -------
    dx : ndarray of shape (N, C, H, W)
    """
    x, pool_param = cache
    pool_height, pool_width = pool_param["pool_height"], pool_param["pool_width"]
    stride = pool_param["stride"]
    ### BEGIN SOLUTION
    dx = np.zeros(x.shape)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            rows = slice(i * stride, i * stride + pool_height)
            columns = slice(j * stride, j * stride + pool_width)
            window = x[:, :, rows, columns]
            largest = window == window.max(axis=(2, 3), keepdims=True)
            dx[:, :, rows, columns] += largest * dout[:, :, i : i + 1, j : j + 1]
    ### END SOLUTION
    return dx


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    """Compute batch normalization of images: each channel is normalized over all images and all their pixels.

    A pixel of an image counts like an example of its own, so that every channel has one mean, one variance, one
    gamma and one beta. Otherwise this is `nndl.layers.batchnorm_forward`, which does the work.

    Parameters
    ----------
    x : ndarray of shape (N, C, H, W)
        A batch of images.
    gamma, beta : ndarrays of shape (C,)
        Scale and shift of each channel.
    bn_param : dict
        As for `nndl.layers.batchnorm_forward`: ``mode`` ("train" or "test"), ``eps``, ``momentum`` and the running
        averages ``running_mean`` and ``running_var`` of shape (C,), which training replaces by new ones.

    Returns
    -------
    out : ndarray of shape (N, C, H, W)
    cache
        What `spatial_batchnorm_backward` needs.
    """
    ### BEGIN SOLUTION
    n, c, h, w = x.shape
    pixels = x.transpose(0, 2, 3, 1).reshape(-1, c)
    out, cache = batchnorm_forward(pixels, gamma, beta, bn_param)
    out = out.reshape(n, h, w, c).transpose(0, 3, 1, 2)
    ### END SOLUTION
    return out, cache


def spatial_batchnorm_backward(dout, cache):
    """Compute the gradients of a scalar loss L through `spatial_batchnorm_forward` in training.

    Parameters
    ----------
    dout : ndarray of shape (N, C, H, W)
        Gradient of L with respect to the layer's output.
    cache
        As `spatial_batchnorm_forward` returned it.

    Returns
    -------
    dx : ndarray of shape (N, C, H, W)
    dgamma, dbeta : ndarrays of shape (C,)
    """
    ### BEGIN SOLUTION
    n, c, h, w = dout.shape
    dpixels, dgamma, dbeta = batchnorm_backward(dout.transpose(0, 2, 3, 1).reshape(-1, c), cache)
    dx = dpixels.reshape(n, h, w, c).transpose(0, 3, 1, 2)
    ### END SOLUTION
    return dx, dgamma, dbeta
