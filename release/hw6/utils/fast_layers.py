"""Convolution and max pooling for training, with the arguments and results of the naive layers.

A convolution is one large matrix product here: every window of the input becomes a row of a matrix, every filter a
column of another. A pixel is copied once for every window that it is in, but NumPy's matrix product is so much faster
than a loop that this pays. `pad` may be a whole number given as a float, such as (filter_size - 1) / 2.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def conv_forward_fast(x, w, b, conv_param):
    """Compute ``(out, cache)`` of a convolutional layer; see `nndl.conv_layers.conv_forward_naive`.

    Raises
    ------
    ValueError
        If the filters, laid at steps of the stride, do not fit the padded image.
    """
    stride, pad = int(conv_param["stride"]), int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    n, _, height, width = x_pad.shape
    f, _, filter_height, filter_width = w.shape
    _check_fit(height, width, filter_height, filter_width, stride)

    # (N, C, H', W', HH, WW) -> (N, H', W', C, HH, WW), a row of which is a window, as a filter is
    windows = sliding_window_view(x_pad, (filter_height, filter_width), axis=(2, 3))[:, :, ::stride, ::stride]
    out_height, out_width = windows.shape[2:4]
    rows = windows.transpose(0, 2, 3, 1, 4, 5).reshape(n * out_height * out_width, -1)
    out = rows @ w.reshape(f, -1).T + b
    out = out.reshape(n, out_height, out_width, f).transpose(0, 3, 1, 2)
    return np.ascontiguousarray(out), (x.shape, w, rows, stride, pad)


def conv_backward_fast(dout, cache):
    """Compute ``(dx, dw, db)`` of a convolutional layer; see `nndl.conv_layers.conv_backward_naive`."""
    (n, c, h, w_in), w, rows, stride, pad = cache
    f, _, filter_height, filter_width = w.shape
    out_height, out_width = dout.shape[2:]

    drows_out = dout.transpose(0, 2, 3, 1).reshape(-1, f)
    dw = (drows_out.T @ rows).reshape(w.shape)
    db = drows_out.sum(axis=0)

    # (C, HH, WW, N, H', W'): what each place in a window adds to the pixels below it
    added = (w.reshape(f, -1).T @ drows_out.T).reshape(c, filter_height, filter_width, n, out_height, out_width)
    dx_pad = np.zeros((c, n, h + 2 * pad, w_in + 2 * pad), added.dtype)
    for k in range(filter_height):
        for m in range(filter_width):
            below = np.s_[:, :, k : k + stride * out_height : stride, m : m + stride * out_width : stride]
            dx_pad[below] += added[:, k, m]
    dx = dx_pad[:, :, pad : pad + h, pad : pad + w_in].transpose(1, 0, 2, 3)
    return np.ascontiguousarray(dx), dw, db


def max_pool_forward_fast(x, pool_param):
    """Compute ``(out, cache)`` of a max pooling layer; see `nndl.conv_layers.max_pool_forward_naive`.

    Raises
    ------
    ValueError
        If the windows, laid at steps of the stride, do not fit the image.
    """
    size, stride = (int(pool_param["pool_height"]), int(pool_param["pool_width"])), int(pool_param["stride"])
    _check_fit(*x.shape[2:], *size, stride)
    windows = sliding_window_view(x, size, axis=(2, 3))[:, :, ::stride, ::stride]
    out = windows.max(axis=(4, 5))
    return out, (x, out, size, stride)


def max_pool_backward_fast(dout, cache):
    """Compute ``dx`` of a max pooling layer; see `nndl.conv_layers.max_pool_backward_naive`.

    Where several pixels of a window are the largest, each gets the gradient.
    """
    x, out, (pool_height, pool_width), stride = cache
    out_height, out_width = out.shape[2:]
    dx = np.zeros(x.shape, dout.dtype)
    for k in range(pool_height):
        for m in range(pool_width):
            below = np.s_[:, :, k : k + stride * out_height : stride, m : m + stride * out_width : stride]
            dx[below] += dout * (x[below] == out)
    return dx


def _check_fit(height, width, window_height, window_width, stride):
    if (height - window_height) % stride or (width - window_width) % stride or height < window_height:
        raise ValueError(
            f"windows of {window_height}x{window_width} at steps of {stride} do not fit an image of {height}x{width}"
        )
