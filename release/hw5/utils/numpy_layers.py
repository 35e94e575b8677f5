"""Convolution and max pooling in NumPy alone: what `fast_layers` falls back on where nothing compiled is installed.

A sliding window view lays out, without a copy, the patch of the input under every position of the filters; one matrix
product with all filters does the rest. Arguments are those of `fast_layers`, already checked by it.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def conv_forward(x, w, b, stride, pad):
    """Return the output, of shape (N, F, H', W')."""
    out = np.tensordot(_windows(_padded(x, pad), w.shape[2:], stride), w, axes=((1, 4, 5), (1, 2, 3)))
    out += b
    return np.ascontiguousarray(out.transpose(0, 3, 1, 2))


def conv_backward(x, w, dout, stride, pad):
    """Return the gradients of x, w and b."""
    padded = _padded(x, pad)
    db = dout.sum(axis=(0, 2, 3))
    dw = np.tensordot(dout, _windows(padded, w.shape[2:], stride), axes=((0, 2, 3), (0, 2, 3)))
    dpatches = np.tensordot(w, dout, axes=(0, 1))  # (C, HH, WW, N, H', W')
    dpadded = np.zeros_like(padded)
    for i in range(w.shape[2]):
        for j in range(w.shape[3]):
            _under(dpadded, i, j, dout.shape[2:], stride)[...] += dpatches[:, i, j].swapaxes(0, 1)
    return np.ascontiguousarray(dpadded[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]]), dw, db


def max_pool_forward(x, height, width, stride):
    """Return the maxima, and which number of its window, counted row by row, each of them is."""
    windows = _windows(x, (height, width), stride)
    chosen = windows.reshape(*windows.shape[:4], -1).argmax(axis=-1)
    i, j = chosen // width, chosen % width
    return np.ascontiguousarray(x[_corners(chosen.shape, i, j, stride)]), chosen


def max_pool_backward(dout, chosen, shape, width, stride):
    """Return the gradient of an input of that shape."""
    dx = np.zeros(shape, dout.dtype)
    np.add.at(dx, _corners(chosen.shape, chosen // width, chosen % width, stride), dout)
    return dx


def _padded(x, pad):
    return np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad))) if pad else x


def _windows(x, size, stride):
    """View x as (N, C, H', W', height, width)."""
    return sliding_window_view(x, size, axis=(2, 3))[:, :, ::stride, ::stride]


def _under(x, i, j, size, stride):
    """View what entry (i, j) of a filter meets at each of its positions."""
    return x[:, :, i : i + stride * size[0] : stride, j : j + stride * size[1] : stride]


def _corners(shape, i, j, stride):
    """Return the index of entry (i, j) of each window."""
    n, c, row, col = np.ogrid[tuple(slice(length) for length in shape)]
    return n, c, row * stride + i, col * stride + j
