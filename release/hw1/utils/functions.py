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
