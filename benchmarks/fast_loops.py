"""Convolution and max pooling in plain loops over images, channels, rows and columns."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np


def _windows(x: np.ndarray, size: tuple[int, int], stride: int) -> Iterator[tuple[tuple[int, ...], tuple]]:
    """Yield image, row and column of each output, and the part of x that it is computed from."""
    rows, cols = ((length - k) // stride + 1 for length, k in zip(x.shape[2:], size, strict=True))
    for n, i, j in np.ndindex(len(x), rows, cols):
        yield (n, i, j), np.s_[n, :, i * stride : i * stride + size[0], j * stride : j * stride + size[1]]


def _padded(x: np.ndarray, pad: int) -> np.ndarray:
    return np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))


def conv(x: np.ndarray, w: np.ndarray, b: np.ndarray, stride: int, pad: int) -> np.ndarray:
    padded, out = _padded(x, pad), {}
    for (n, i, j), window in _windows(padded, w.shape[2:], stride):
        for f in range(len(w)):
            out[n, f, i, j] = np.sum(padded[window] * w[f]) + b[f]
    return out


def conv_backward(x: np.ndarray, w: np.ndarray, dout: np.ndarray, stride: int, pad: int) -> tuple:
    padded = _padded(x, pad)
    dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
    for (n, i, j), window in _windows(padded, w.shape[2:], stride):
        for f in range(len(w)):
            dw[f] += padded[window] * dout[n, f, i, j]
            dpadded[window] += w[f] * dout[n, f, i, j]
    return dpadded, dw, dout.sum(axis=(0, 2, 3))


def pool(x: np.ndarray) -> dict:
    out = {}
    for (n, i, j), window in _windows(x, (2, 2), 2):
        for c in range(x.shape[1]):
            out[n, c, i, j] = np.max(x[window][c])
    return out


def pool_backward(x: np.ndarray) -> np.ndarray:
    dx = np.zeros_like(x)
    for _, window in _windows(x, (2, 2), 2):
        for c in range(x.shape[1]):
            tile = x[window][c]
            dx[window][c] += (tile == np.max(tile)) * 1.0
    return dx
