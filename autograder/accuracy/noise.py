"""How far a measured accuracy may be from the true one: pure arithmetic."""

from __future__ import annotations

import math
from statistics import NormalDist


def wilson(right: int, count: int, confidence: float) -> tuple[float, float]:
    """Return the interval of true accuracies that `right` of `count` images are compatible with.

    Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference, JASA 22: unlike the
    normal approximation it stays within 0 and 1, and has a width where everything is right.
    """
    if count <= 0:
        return 0.0, 1.0
    z = _z(confidence)
    p, spread = right / count, z * z / count
    middle = (p + spread / 2) / (1 + spread)
    half = z * math.sqrt(p * (1 - p) / count + spread / (4 * count)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def interval(right: int, count: int, *, runs: int, spread: float, confidence: float) -> tuple[float, float]:
    """Return Wilson's interval, widened by how much trainings with other seeds differ.

    Parameters
    ----------
    right, count : int
        Images classified rightly, and all, of all `runs` together.
    spread : float
        Standard deviation of the accuracy over seeds of the reference solution; 0 for weights that were handed in.
    """
    if count <= 0:
        return 0.0, 1.0
    low, high = wilson(right, count, confidence)
    p, seeds = right / count, _z(confidence) * spread / math.sqrt(max(runs, 1))
    return max(0.0, p - math.hypot(p - low, seeds)), min(1.0, p + math.hypot(high - p, seeds))


def _z(confidence: float) -> float:
    return NormalDist().inv_cdf((1 + confidence) / 2)
