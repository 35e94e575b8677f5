"""Measure gradient checks along random directions on a convolutional network: time, mistakes found, false alarms.

``python benchmarks/gradient_checks.py [--seeds 100] [--json FILE] [--write docs/performance.md]``; exits 1 if a mistake
was missed or an alarm false.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import document
import numpy as np

from autograder.checks import assert_gradients, assert_gradients_along
from autograder.tests import gradient_net


def main() -> None:
    options = _options()
    right = gradient_net.functions()
    seeds = range(options.seeds)
    found = {
        change: sum(
            gradient_net.is_alarm(assert_gradients_along, gradient_net.functions(*change), right, s) for s in seeds
        )
        for change in gradient_net.MISTAKES
    }
    at = gradient_net.point(0)
    gradients = right["gradients"](at)
    report = {
        "format": 1,
        "parameters": sum(array.size for array in at.values()),
        "directional_ms": _ms(
            lambda: assert_gradients_along(gradients, right["loss"], at, np.random.default_rng(0)), 20
        ),
        "element_wise_ms": _ms(lambda: assert_gradients(gradients, right["loss"], at), 1),
        "seeds": options.seeds,
        "mistakes": len(found),
        "found_at_every_seed": sum(count == options.seeds for count in found.values()),
        "missed": [f"{old!r} -> {new!r}: {count}" for (old, new), count in found.items() if count < options.seeds],
        "false_alarms": sum(gradient_net.is_alarm(assert_gradients_along, right, right, seed) for seed in seeds),
    }
    print(json.dumps(report, indent=1))
    if options.json:
        Path(options.json).write_text(json.dumps(report, indent=1) + "\n")
    if options.write:
        document.write(options.write, "gradient checks", _table(report))
    sys.exit(bool(report["missed"] or report["false_alarms"]))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=100, help="points at which each mistake is looked for")
    parser.add_argument("--json", help="file to write the figures to")
    parser.add_argument("--write", type=Path, help="document to write the table into, such as docs/performance.md")
    return parser.parse_args()


def _table(report: dict) -> list[str]:
    rows = {
        "parameters and inputs of the network": report["parameters"],
        "check of all gradients along random directions": f"{report['directional_ms']} ms",
        "check of every entry": f"{report['element_wise_ms']} ms",
        "mistakes injected into the backward pass": report["mistakes"],
        f"of them found at every one of {report['seeds']} random points": report["found_at_every_seed"],
        "false alarms at as many points, with biases before batch norm, whose gradient is 0": report["false_alarms"],
    }
    return ["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows.items())]


def _ms(run: Callable[[], None], times: int) -> float:
    taken = []
    for _ in range(times):
        started = time.process_time()
        run()
        taken.append(time.process_time() - started)
    return round(1e3 * statistics.median(taken), 1)


if __name__ == "__main__":
    main()
