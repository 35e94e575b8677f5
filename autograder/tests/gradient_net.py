"""A convolutional network in plain NumPy, and ways to get its backward pass wrong, for measuring gradient checks.

`SOURCE` is a module text, so that a mistake is a replacement in it. Its ``loss(p)`` and ``gradients(p)`` take a dict of
arrays, among them the images ``x``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

SOURCE = """
import numpy as np

LABELS = np.array([0, 2, 1, 3])
REG = 0.1
EPS = 1e-5
KEEP = 0.8

def taps(w, out, stride):
    for i in range(w.shape[2]):
        for j in range(w.shape[3]):
            yield i, j, np.s_[:, :, i : i + stride * out.shape[2] : stride, j : j + stride * out.shape[3] : stride]

def conv_forward(x, w, b, stride, pad):
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    rows, cols = ((padded.shape[a] - w.shape[a]) // stride + 1 for a in (2, 3))
    out = np.zeros((len(x), len(w), rows, cols)) + b[:, None, None]
    for i, j, place in taps(w, out, stride):
        out += np.einsum("nchw,fc->nfhw", padded[place], w[:, :, i, j])
    return out, (padded, w, stride, pad)

def conv_backward(dout, cache):
    padded, w, stride, pad = cache
    dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
    for i, j, place in taps(w, dout, stride):
        dw[:, :, i, j] = np.einsum("nfhw,nchw->fc", dout, padded[place])
        dpadded[place] += np.einsum("nfhw,fc->nchw", dout, w[:, :, i, j])
    db = dout.sum(axis=(0, 2, 3))
    return dpadded[:, :, pad : padded.shape[2] - pad, pad : padded.shape[3] - pad], dw, db

def batchnorm_forward(x, gamma, beta):
    mu, var = x.mean(axis=0), x.var(axis=0)
    normal = (x - mu) / np.sqrt(var + EPS)
    return gamma * normal + beta, (normal, gamma, var)

def batchnorm_backward(dout, cache):
    normal, gamma, var = cache
    dgamma, dbeta = (dout * normal).sum(axis=0), dout.sum(axis=0)
    dnormal = dout * gamma
    centred = dnormal - dnormal.mean(axis=0) - normal * (dnormal * normal).mean(axis=0)
    return centred / np.sqrt(var + EPS), dgamma, dbeta

def to_columns(x):
    return x.transpose(0, 2, 3, 1).reshape(-1, x.shape[1])

def to_images(columns, shape):
    return columns.reshape(shape[0], shape[2], shape[3], shape[1]).transpose(0, 3, 1, 2)

def pool_forward(x):
    tiles = x.reshape(*x.shape[:2], x.shape[2] // 2, 2, x.shape[3] // 2, 2)
    out = tiles.max(axis=(3, 5), keepdims=True)
    mask = tiles == out  # outputs without an input above 0 are equal: where they tie, they move together
    return out[:, :, :, 0, :, 0], (tiles, mask / mask.sum(axis=(3, 5), keepdims=True))

def pool_backward(dout, cache):
    tiles, mask = cache
    dtiles = mask * dout[:, :, :, None, :, None]
    return dtiles.reshape(*dout.shape[:2], 2 * dout.shape[2], 2 * dout.shape[3])

def forward(p):
    c = {}
    a, c["conv1"] = conv_forward(p["x"], p["w1"], p["b1"], 1, 1)
    c["shape"] = a.shape
    a, c["bn1"] = batchnorm_forward(to_columns(a), p["gamma1"], p["beta1"])
    a = to_images(a, c["shape"])
    c["relu1"] = a
    a, c["conv2"] = conv_forward(np.maximum(a, 0), p["w2"], p["b2"], 2, 2)
    c["relu2"] = a
    a, c["pool"] = pool_forward(np.maximum(a, 0))
    c["flat"] = a
    c["in3"] = a.reshape(len(a), -1)
    a, c["bn3"] = batchnorm_forward(c["in3"] @ p["w3"] + p["b3"], p["gamma3"], p["beta3"])
    c["relu3"] = a
    c["drop"] = (np.random.default_rng(0).random(a.shape) < KEEP) / KEEP
    c["in4"] = np.maximum(a, 0) * c["drop"]
    scores = c["in4"] @ p["w4"] + p["b4"]
    shifted = scores - scores.max(axis=1, keepdims=True)
    c["log_p"] = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    weights = sum((p[name] ** 2).sum() for name in ("w1", "w2", "w3", "w4"))
    return -c["log_p"][np.arange(len(LABELS)), LABELS].mean() + 0.5 * REG * weights, c

def loss(p):
    return forward(p)[0]

def gradients(p):
    _, c = forward(p)
    g = {}
    d = np.exp(c["log_p"])
    d[np.arange(len(LABELS)), LABELS] -= 1
    d /= len(LABELS)
    g["w4"], g["b4"] = c["in4"].T @ d, d.sum(axis=0)
    d = d @ p["w4"].T
    d = d * c["drop"]
    d = d * (c["relu3"] > 0)
    d, g["gamma3"], g["beta3"] = batchnorm_backward(d, c["bn3"])
    g["w3"], g["b3"] = c["in3"].T @ d, d.sum(axis=0)
    d = (d @ p["w3"].T).reshape(c["flat"].shape)
    d = pool_backward(d, c["pool"])
    d = d * (c["relu2"] > 0)
    d, g["w2"], g["b2"] = conv_backward(d, c["conv2"])
    d = d * (c["relu1"] > 0)
    d, g["gamma1"], g["beta1"] = batchnorm_backward(to_columns(d), c["bn1"])
    g["x"], g["w1"], g["b1"] = conv_backward(to_images(d, c["shape"]), c["conv1"])
    for name in ("w1", "w2", "w3", "w4"):
        g[name] = g[name] + REG * p[name]
    return g
"""

# What stands in the backward pass, and what a mistake makes of it.
MISTAKES = [
    ("db = dout.sum(axis=(0, 2, 3))", "db = dout.mean(axis=(0, 2, 3))"),
    ("db = dout.sum(axis=(0, 2, 3))", "db = dout.sum(axis=(0, 2, 3)) / len(dout)"),
    ("db = dout.sum(axis=(0, 2, 3))", "db = dout[0].sum(axis=(1, 2))"),
    ('dw[:, :, i, j] = np.einsum("nfhw,nchw->fc", dout, padded[place])', "dw[:, :, i, j] = 0"),
    (
        'dw[:, :, i, j] = np.einsum("nfhw,nchw->fc", dout, padded[place])',
        'dw[:, :, j, i] = np.einsum("nfhw,nchw->fc", dout, padded[place])',
    ),
    ("dw[:, :, i, j] = np", "dw[:, :, -1 - i, -1 - j] = np"),
    ('np.einsum("nfhw,nchw->fc", dout, padded[place])', 'np.einsum("nfhw,nchw->fc", dout, padded[place]) / len(dout)'),
    ("dout, padded[place])", "dout, padded[:, :, i : i + dout.shape[2], j : j + dout.shape[3]])"),
    ("dout, padded[place])", "dout[:1], padded[place][:1])"),
    ("dpadded[place] +=", "dpadded[place] ="),
    ("dpadded[place] +=", "dpadded[:, :, i : i + dout.shape[2], j : j + dout.shape[3]] +="),
    ('np.einsum("nfhw,fc->nchw", dout, w[:, :, i, j])', 'np.einsum("nfhw,fc->nchw", dout, w[:, :, j, i])'),
    ('np.einsum("nfhw,fc->nchw", dout, w[:, :, i, j])', 'np.einsum("nfhw,fc->nchw", dout, w[:, :, -1 - i, -1 - j])'),
    ("dpadded[:, :, pad : padded.shape[2] - pad, pad :", "dpadded[:, :, 0 : padded.shape[2] - 2 * pad, pad :"),
    ("dgamma, dbeta = (dout * normal).sum(axis=0)", "dgamma, dbeta = dout.sum(axis=0)"),
    ("dgamma, dbeta = (dout * normal).sum(axis=0)", "dgamma, dbeta = (dout * normal).mean(axis=0)"),
    ("normal).sum(axis=0), dout.sum(axis=0)", "normal).sum(axis=0), dout.mean(axis=0)"),
    ("dnormal = dout * gamma", "dnormal = dout"),
    ("centred = dnormal - dnormal.mean(axis=0) - normal * (dnormal * normal).mean(axis=0)", "centred = dnormal"),
    ("dnormal - dnormal.mean(axis=0) - normal", "dnormal - normal"),
    (" - normal * (dnormal * normal).mean(axis=0)", ""),
    (" - normal * (dnormal * normal).mean(axis=0)", " - normal * (dnormal * normal).sum(axis=0)"),
    (" - normal * (dnormal * normal).mean(axis=0)", " + normal * (dnormal * normal).mean(axis=0)"),
    ("return centred / np.sqrt(var + EPS)", "return centred / (var + EPS)"),
    ("return centred / np.sqrt(var + EPS)", "return centred * np.sqrt(var + EPS)"),
    ("return centred / np.sqrt(var + EPS)", "return centred / np.sqrt(var + 1e-2)"),
    ("dtiles = mask * dout", "dtiles = (0 * mask + 0.25) * dout"),
    ("dtiles = mask * dout", "dtiles = tiles * mask * dout"),
    ("dtiles = mask * dout", "dtiles = (mask == 0) * dout"),
    ("    d[np.arange(len(LABELS)), LABELS] -= 1\n", ""),
    ("    d /= len(LABELS)\n", ""),
    ("    d /= len(LABELS)\n", "    d /= d.size\n"),
    ("d.sum(axis=0)\n    d = d @ p", "d.mean(axis=0)\n    d = d @ p"),
    ('    d = d * c["drop"]\n', ""),
    ('d = d * c["drop"]', 'd = d * (c["drop"] > 0)'),
    ('d = d * c["drop"]', "d = d * KEEP"),
    ('    d = d * (c["relu3"] > 0)\n', ""),
    ('d * (c["relu2"] > 0)', 'd * (c["relu2"] < 0)'),
    ('d * (c["relu2"] > 0)', 'd * c["relu2"]'),
    ('    d = d * (c["relu1"] > 0)\n', ""),
    ('("w1", "w2", "w3", "w4"):\n        g', '("w1", "w2", "w3"):\n        g'),
    ("g[name] + REG * p[name]", "g[name] + 2 * REG * p[name]"),
    ("g[name] + REG * p[name]", "g[name]"),
    ("g[name] + REG * p[name]", "g[name] + REG * abs(p[name])"),
    ('c["in3"].T @ d, d.sum', '0.999 * c["in3"].T @ d, d.sum'),
]


def functions(old: str = "", new: str = "") -> dict[str, Any]:
    """Return ``loss`` and ``gradients`` of the network, with one place of its backward pass replaced."""
    if old and SOURCE.count(old) != 1:
        raise ValueError(f"{old!r} stands {SOURCE.count(old)} times in the source")
    space: dict[str, Any] = {}
    exec(compile(SOURCE.replace(old, new) if old else SOURCE, "gradient_net", "exec"), space)
    return space


def point(seed: int) -> dict[str, np.ndarray]:
    """Draw images and parameters."""
    rng = np.random.default_rng(seed)
    shapes = {"x": (4, 3, 9, 5), "w1": (5, 3, 3, 3), "w2": (6, 5, 3, 3), "w3": (36, 8), "w4": (8, 4)}
    at = {name: 0.5 * rng.standard_normal(shape) for name, shape in shapes.items()}
    for layer, width in ((1, 5), (2, 6), (3, 8), (4, 4)):
        at[f"b{layer}"] = rng.standard_normal(width)
    for layer, width in ((1, 5), (3, 8)):
        at[f"gamma{layer}"], at[f"beta{layer}"] = 1 + 0.3 * rng.standard_normal(width), rng.standard_normal(width)
    return at


def is_alarm(check: Callable[..., None], space: dict[str, Any], right: dict[str, Any], seed: int) -> bool:
    """Whether `check` finds the gradients of `space` wrong, held against the loss of `right`."""
    at = point(seed)
    try:
        check(space["gradients"](at), right["loss"], at, np.random.default_rng(seed))
    except AssertionError:
        return True
    return False
