"""Convolution and max pooling as in `nndl.conv_layers`, thousands of times faster than plain loops.

The functions take the same arguments and return the same results as the naive ones. They are compiled from the sources
in ``utils/fast``; where that has not been done, NumPy does the work, several times slower, and a line says so.

Results are the same for any number of threads. That number is taken from the environment variable ``OMP_NUM_THREADS``,
else from how many processors this process may use; `set_num_threads` changes it.
"""

import os
import sys

import numpy as np

from utils import numpy_layers

try:
    import nndl_fast
except ImportError:
    nndl_fast = None
    print(
        "utils.fast_layers: no compiled layers here, so NumPy does the work; `pip install ./utils/fast` compiles them",
        file=sys.stderr,
    )


def set_num_threads(count):
    """Let convolutions use up to `count` threads from now on; return how many they used before."""
    global _threads
    if count < 1:
        raise ValueError(f"at least one thread is needed, not {count}")
    _threads, before = int(count), _threads
    return before


def conv_forward_fast(x, w, b, conv_param):
    """Convolve images with filters.

    Parameters
    ----------
    x : ndarray of shape (N, C, H, W)
    w : ndarray of shape (F, C, HH, WW)
    b : ndarray of shape (F,), or (1, F)
    conv_param : dict
        ``stride``: step between positions of a filter, in both directions. ``pad``: rows and columns of zeros on each
        side; a whole number, as int or float. ``winograd`` (optional): whether square filters of 3, 5 and 7 at stride 1
        are computed by the algorithm of Lavin and Gray (2016), where that is faster. By default it is used in float64,
        with errors of about 1e-14 of the largest output, for filters of 7 by 7 about 1e-13; and in float32 for filters
        of 3 by 3, as F(2x2, 3x3), which is as exact as the sum itself. True allows larger tiles in float32, with
        errors of about 1e-5, for filters of 3 by 3 and 5 by 5; False rules all of it out. ``needs_dx``
        (optional): False has the backward pass return None for dx, which saves about half of its time where nothing
        needs the gradient of the images, as in a first layer.

    Returns
    -------
    out : ndarray of shape (N, F, H', W'), H' = 1 + (H + 2 * pad - HH) // stride, W' likewise
    cache : tuple for `conv_backward_fast`

    Raises
    ------
    ValueError
        If shapes do not fit, or the stride or pad is no whole number.
    """
    x, w, b = _alike(x, w, np.ravel(b))
    stride, pad = _whole(conv_param, "stride", 1), _whole(conv_param, "pad", 0)
    shape = _out_shape(x, w, b, stride, pad)
    if nndl_fast is None or 0 in shape or not x.shape[1]:
        out = numpy_layers.conv_forward(x, w, b, stride, pad)
    else:
        out = np.empty(shape, x.dtype)
        nndl_fast.conv_forward(x, w, b, out, stride, pad, _threads, _winograd(conv_param))
    return out, (x, w, b, conv_param)


def conv_backward_fast(dout, cache):
    """Gradients of a scalar loss through `conv_forward_fast`.

    Parameters
    ----------
    dout : ndarray of shape (N, F, H', W')
    cache : tuple
        What `conv_forward_fast` returned.

    Returns
    -------
    dx : ndarray of shape (N, C, H, W), or None if ``conv_param['needs_dx']`` is False
    dw : ndarray of shape (F, C, HH, WW)
    db : ndarray of shape (F,)
    """
    x, w, b, conv_param = cache
    stride, pad, needs_dx = (
        _whole(conv_param, "stride", 1),
        _whole(conv_param, "pad", 0),
        conv_param.get("needs_dx", True),
    )
    dout = np.ascontiguousarray(dout, x.dtype)
    if dout.shape != _out_shape(x, w, b, stride, pad):
        raise ValueError(f"dout has shape {dout.shape}, the output {_out_shape(x, w, b, stride, pad)}")
    if nndl_fast is None or 0 in dout.shape or not x.shape[1]:
        dx, dw, db = numpy_layers.conv_backward(x, w, dout, stride, pad)
        return (dx if needs_dx else None), dw, db
    dx, dw, db = np.empty_like(x) if needs_dx else None, np.empty_like(w), np.empty_like(b)
    nndl_fast.conv_backward(x, w, dout, dx, dw, db, stride, pad, _threads, _winograd(conv_param))
    return dx, dw, db


def max_pool_forward_fast(x, pool_param):
    """Take the largest number of each window.

    Parameters
    ----------
    x : ndarray of shape (N, C, H, W)
    pool_param : dict
        ``pool_height`` and ``pool_width`` of a window, and ``stride``, the step between windows.

    Returns
    -------
    out : ndarray of shape (N, C, H', W'), H' = 1 + (H - pool_height) // stride, W' likewise
    cache : tuple for `max_pool_backward_fast`
    """
    (x,) = _alike(x)
    height, width, stride = size = [_whole(pool_param, name, 1) for name in ("pool_height", "pool_width", "stride")]
    if x.ndim != 4 or height > x.shape[2] or width > x.shape[3]:
        raise ValueError(f"windows of {height} x {width} do not fit into x of shape {x.shape}")
    shape = (*x.shape[:2], 1 + (x.shape[2] - height) // stride, 1 + (x.shape[3] - width) // stride)
    if nndl_fast is None or 0 in shape:
        out, chosen = numpy_layers.max_pool_forward(x, *size)
    else:
        out, chosen = np.empty(shape, x.dtype), np.empty(shape, np.uint8 if nndl_fast.is_pool2(*size) else np.int32)
        nndl_fast.max_pool_forward(x, out, chosen, *size)
    return out, (x.shape, x.dtype, chosen, size)


def max_pool_backward_fast(dout, cache):
    """Gradient of a scalar loss through `max_pool_forward_fast`; of several equal maxima the first gets it.

    Parameters
    ----------
    dout : ndarray of shape (N, C, H', W')
    cache : tuple
        What `max_pool_forward_fast` returned.

    Returns
    -------
    dx : ndarray of shape (N, C, H, W)
    """
    shape, dtype, chosen, (height, width, stride) = cache
    dout = np.ascontiguousarray(dout, dtype)
    if dout.shape != chosen.shape:
        raise ValueError(f"dout has shape {dout.shape}, the output {chosen.shape}")
    if nndl_fast is None or not chosen.size:
        return numpy_layers.max_pool_backward(dout, chosen, shape, width, stride)
    dx = np.empty(shape, dtype)
    nndl_fast.max_pool_backward(dout, chosen, dx, height, width, stride)
    return dx


def _default_threads():
    """Return how many threads the environment allows, else how many processors there are."""
    allowed = os.environ.get("OMP_NUM_THREADS", "").partition(",")[0]
    if allowed.isdecimal() and int(allowed):
        return int(allowed)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


_threads = _default_threads()
_SINGLE = {np.dtype(np.float32)}


def _alike(*arrays):
    """Return the arrays C-contiguous, in float32 if all are, else in float64; without a copy where they already are."""
    arrays = [np.asarray(array, order="C") for array in arrays]
    wanted = np.float32 if {array.dtype for array in arrays} == _SINGLE else np.float64
    return [np.asarray(array, wanted, order="C") for array in arrays]


def _whole(param, name, least):
    """Return a parameter as an int; ``(filter_size - 1) / 2`` is a float."""
    value = param[name]
    if value != int(value) or value < least:
        raise ValueError(f"{name} must be a whole number from {least} on, not {value!r}")
    return int(value)


def _out_shape(x, w, b, stride, pad):
    if x.ndim != 4 or w.ndim != 4 or x.shape[1] != w.shape[1] or b.shape != w.shape[:1]:
        raise ValueError(f"x {x.shape}, w {w.shape} and b {b.shape} do not fit: (N, C, H, W), (F, C, HH, WW) and (F,)")
    spans = [x.shape[axis] + 2 * pad - w.shape[axis] for axis in (2, 3)]
    if min(spans) < 0 or not w.size:
        raise ValueError(f"filters of shape {w.shape} do not fit into x of shape {x.shape} with {pad} of padding")
    return (x.shape[0], w.shape[0], *(1 + span // stride for span in spans))


def _winograd(conv_param):
    """Return 0 where Winograd's algorithm is ruled out, 1 where it may be used by default, 2 where asked for."""
    allowed = conv_param.get("winograd")
    return 1 if allowed is None else 2 * bool(allowed)
