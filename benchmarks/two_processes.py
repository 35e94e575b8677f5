"""What two processes reach together over one, with a thread each: two threads of one process can hardly reach more.

A virtual machine's two processors may be one core, or be busy with other programs. How it works: two copies of this
file wait for work on their standard input; one of them, or both, do so many convolutions of their own.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "solutions"))

from utils import fast_layers

CALLS_S = 0.05  # at least so long is one process at work in a round


class TwoProcesses:
    """A context in which two processes are there for `gain`."""

    def __enter__(self) -> TwoProcesses:
        command = [sys.executable, __file__]
        self._processes = [
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)
        ]
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.communicate()

    def gain(self, case: dict[str, object], seconds: float) -> dict[str, float]:
        """Return how many times as much as one process both do at once, by medians and by least times."""
        calls = 1
        while (took := self._run(2, case, calls)) < CALLS_S:
            calls = int(1 + 1.5 * calls * CALLS_S / took)
        one, both = [], []
        end = time.perf_counter() + seconds
        while time.perf_counter() < end or len(one) < 5:
            one.append(self._run(1, case, calls))
            both.append(self._run(2, case, calls))
        return {
            "processes": round(statistics.median(2 * a / b for a, b in zip(one, both, strict=True)), 2),
            "least_processes": round(2 * min(one) / min(both), 2),
        }

    def _run(self, count: int, case: dict[str, object], calls: int) -> float:
        """Have so many processes do so many calls each, at once; return the seconds until all have."""
        started = time.perf_counter()
        for process in self._processes[:count]:
            print(json.dumps(case | {"calls": calls}), file=process.stdin, flush=True)
        for process in self._processes[:count]:
            if not process.stdout.readline():
                raise RuntimeError("a process of the comparison has ended")
        return time.perf_counter() - started


def _serve() -> None:
    """Do what each line says, and answer with an empty one."""
    fast_layers.set_num_threads(1)
    prepared: dict[str, Callable[[], object]] = {}
    for line in sys.stdin:
        case = json.loads(line)
        calls, key = case.pop("calls"), json.dumps(case)
        if key not in prepared:
            prepared = {key: _convolution(**case)}
        for _ in range(calls):
            prepared[key]()
        print(flush=True)


def _convolution(what: str, dtype: str, x: list[int], w: list[int], stride: int, pad: int) -> Callable[[], object]:
    rng = np.random.default_rng(0)
    arrays = [rng.standard_normal(shape).astype(dtype) for shape in (x, w, w[:1])]
    param = {"stride": stride, "pad": pad}
    out, cache = fast_layers.conv_forward_fast(*arrays, param)
    if what == "forward":
        return lambda: fast_layers.conv_forward_fast(*arrays, param)
    dout = rng.standard_normal(out.shape).astype(dtype)
    return lambda: fast_layers.conv_backward_fast(dout, cache)


if __name__ == "__main__":
    _serve()
