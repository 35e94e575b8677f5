"""Times contenders that take turns in one process, so that a machine that speeds up or slows down meets them alike."""

from __future__ import annotations

import importlib
import importlib.util
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "solutions"))  # for whoever imports this module first

torch = importlib.import_module("torch") if importlib.util.find_spec("torch") else None
Contenders = dict[str, Callable[[], object]]
Row = dict[str, object]


def rounds(contenders: Contenders, seconds: float, clock: Callable[[], float]) -> dict[str, list[float]]:
    """Return the times of each contender, round by round, at least five times."""
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for run in contenders.values():
        run()
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times[next(iter(times))]) < 5:
        for name, run in contenders.items():
            started = clock()
            run()
            times[name].append(clock() - started)
    return times


def row(name: str, contenders: Contenders, seconds: float, clock: Callable[[], float] = time.process_time) -> Row:
    """Return median milliseconds, and how many times longer than ours, the first, the others take."""
    times = rounds(contenders, seconds, clock)
    ours, *others = times
    row: Row = {"what": name, **{f"{other}_ms": rounded(1e3 * statistics.median(times[other])) for other in times}}
    for other in others:
        pairs = zip(times[other], times[ours], strict=True)
        row[f"{other}/{ours}"] = rounded(statistics.median(a / b for a, b in pairs))
        row[f"least_{other}/least_{ours}"] = rounded(min(times[other]) / min(times[ours]))
    return row


def rounded(value: float) -> float:
    return float(f"{value:.3g}")


def drawn(*shapes: tuple[int, ...], dtype: str) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [rng.standard_normal(shape).astype(dtype) for shape in shapes]
