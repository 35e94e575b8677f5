"""Time the fast layers against plain loops and, where it is installed, PyTorch, and training through the Solver.

Contenders take turns in one process, after a round that warms them up, so that a machine that speeds up or slows down
meets them alike. Times are medians: of processor time for one thread, which neighbours disturb least, of wall time for
two. A ratio is the median of the ratios of the rounds. Takes about four minutes.
``python benchmarks/fast_layers.py [--seconds 1.0] [--json FILE] [--write docs/performance.md]``; PyTorch, if installed,
in its default layout.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import document
import fast_loops
import fast_tables
import fast_training
import numpy as np
import timing
from timing import Contenders, Row, drawn, rounded, rounds, torch
from two_processes import TwoProcesses
from utils import fast_layers

# x (N, C, H, W), w (F, C, HH, WW), stride, pad; pools of 2 by 2 follow
SHAPES = {
    "S0": ((100, 3, 31, 31), (25, 3, 3, 3), 2, 1),
    "S1": ((50, 3, 32, 32), (32, 3, 7, 7), 1, 3),
    "S2": ((50, 3, 32, 32), (64, 3, 3, 3), 1, 1),
    "S3": ((50, 32, 16, 16), (64, 32, 3, 3), 1, 1),
    "S4": ((100, 64, 16, 16), (64, 64, 3, 3), 1, 1),
}
POOL = {"pool_height": 2, "pool_width": 2, "stride": 2}
ONE_THREAD = {name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}


def main() -> None:
    options = _options()
    if not os.environ.items() >= ONE_THREAD.items():  # libraries read them when they are loaded
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **ONE_THREAD})
    report: dict[str, object] = {"format": 1, "machine": _machine()}
    print(json.dumps(report["machine"], indent=1))
    parts = {
        "one_thread": lambda: _against_torch(options.seconds),
        "naive_loops": lambda: _against_loops(options.seconds),
        "two_threads": lambda: _two_threads(options.seconds),
        "training": lambda: fast_training.rows(options.seconds * 3),
    }
    for name, rows in parts.items():
        report[name] = table = []
        print(f"\n{name}")
        for row in rows():
            table.append(row)
            print("  ".join(f"{key} {value}" for key, value in row.items()), flush=True)
    if torch:
        report["geometric_means"] = _means(report["one_thread"])
        print("\ngeometric means of torch / ours\n" + json.dumps(report["geometric_means"], indent=1))
    if options.json:
        Path(options.json).write_text(json.dumps(report, indent=1) + "\n")
    if options.write:
        document.write(options.write, "layers", fast_tables.layers(report))
        document.write(options.write, "training", fast_tables.training(report))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=1.0, help="time for each row")
    parser.add_argument("--json", help="file to write the figures to")
    parser.add_argument("--write", type=Path, help="document to write the tables into, such as docs/performance.md")
    return parser.parse_args()


def _machine() -> dict[str, object]:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    model = next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine()
    )
    compiled = fast_layers.nndl_fast
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "kernels": compiled.build() if compiled else "numpy",
        "numpy": np.__version__,
        "torch": torch.__version__ if torch else None,
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        "numpy_gflops": {dtype: _gemm_gflops(dtype) for dtype in ("float64", "float32")},
    }


def _gemm_gflops(dtype: str) -> float:
    """Return the speed of NumPy's product of matrices, which bounds a convolution without Winograd's algorithm."""
    a, b = drawn((1024, 1024), (1024, 1024), dtype=dtype)
    return rounded(2 * 1024**3 / 1e9 / min(rounds({"product": lambda: a @ b}, 0.5, time.process_time)["product"]))


def _warm_up(threads: int) -> None:
    """Work for a second, in which the clock rises and threads find processors of their own."""
    x_shape, w_shape, stride, pad = SHAPES["S4"]
    x, w, b = drawn(x_shape, w_shape, w_shape[:1], dtype="float64")
    forward, _, _ = _convolutions(x, w, b, {"stride": stride, "pad": pad})
    rounds({"ours": _with_threads(threads, forward["ours"])}, 1.0, time.perf_counter)
    fast_layers.set_num_threads(1)


def _against_torch(seconds: float) -> Iterator[Row]:
    _warm_up(1)
    for dtype in ("float64", "float32"):
        for name, (x_shape, w_shape, stride, pad) in SHAPES.items():
            x, w, b = drawn(x_shape, w_shape, w_shape[:1], dtype=dtype)
            param = {"stride": stride, "pad": pad}
            forward, backward, out = _convolutions(x, w, b, param)
            if dtype == "float32" and w_shape[2] == 3 and stride == 1 and x_shape[1] > 3:
                with_winograd = _convolutions(x, w, b, {**param, "winograd": True})
                forward["winograd"], backward["winograd"] = with_winograd[0]["ours"], with_winograd[1]["ours"]
            pool_forward, pool_backward = _pools(out)
            yield timing.row(f"{name} {dtype} conv forward", forward, seconds)
            yield timing.row(f"{name} {dtype} conv backward", backward, seconds)
            yield timing.row(f"{name} {dtype} pool forward", pool_forward, seconds / 2)
            yield timing.row(f"{name} {dtype} pool backward", pool_backward, seconds / 2)


def _convolutions(
    x: np.ndarray, w: np.ndarray, b: np.ndarray, param: dict
) -> tuple[Contenders, Contenders, np.ndarray]:
    out, cache = fast_layers.conv_forward_fast(x, w, b, param)
    (dout,) = drawn(out.shape, dtype=out.dtype.name)
    forward: Contenders = {"ours": lambda: fast_layers.conv_forward_fast(x, w, b, param)}
    backward: Contenders = {"ours": lambda: fast_layers.conv_backward_fast(dout, cache)}
    if torch:
        inputs, gradient = [torch.from_numpy(a).requires_grad_() for a in (x, w, b)], torch.from_numpy(dout)
        compute = lambda: torch.nn.functional.conv2d(*inputs, stride=param["stride"], padding=param["pad"])  # noqa: E731
        result = compute()
        forward["torch"] = torch.no_grad()(compute)
        backward["torch"] = lambda: torch.autograd.grad(result, inputs, gradient, retain_graph=True)
    return forward, backward, out


def _pools(x: np.ndarray) -> tuple[Contenders, Contenders]:
    out, cache = fast_layers.max_pool_forward_fast(x, POOL)
    (dout,) = drawn(out.shape, dtype=out.dtype.name)
    forward: Contenders = {"ours": lambda: fast_layers.max_pool_forward_fast(x, POOL)}
    backward: Contenders = {"ours": lambda: fast_layers.max_pool_backward_fast(dout, cache)}
    copied = np.empty_like(x)
    forward["copy"] = lambda: np.copyto(copied, x)  # before torch, so that ours finds what torch left in the caches
    if torch:
        images, gradient = torch.from_numpy(x).requires_grad_(), torch.from_numpy(dout)
        result = torch.nn.functional.max_pool2d(images, 2)
        forward["torch"] = torch.no_grad()(lambda: torch.nn.functional.max_pool2d(images, 2))
        backward["torch"] = lambda: torch.autograd.grad(result, images, gradient, retain_graph=True)
    return forward, backward


def _means(rows: list[Row]) -> dict[str, float]:
    """Return geometric means of torch's time over ours, and the least ratio, by type and layer."""

    def ratios(words: tuple[str, ...], best: bool) -> list[float]:
        chosen = [row for row in rows if all(word in row["what"] for word in words)]
        return [
            row["torch/ours"] * (1 / row["winograd/ours"] if best and "winograd/ours" in row else 1) for row in chosen
        ]

    means = {}
    for label, words in {
        "conv": ("conv",),
        "conv float64": ("conv", "float64"),
        "conv float32": ("conv", "float32"),
        "pool forward": ("pool forward",),
        "pool backward": ("pool backward",),
    }.items():
        for best in (False, True) if label.startswith("conv") and label != "conv float64" else (False,):
            values = ratios(words, best)
            key = label + (" with winograd in float32" if best else "")
            means[key], means[f"{key}, least"] = rounded(statistics.geometric_mean(values)), rounded(min(values))
    return means


def _against_loops(seconds: float) -> Iterator[Row]:
    """Compare with plain loops over images, channels, rows and columns, at S0 in double precision."""
    x_shape, w_shape, stride, pad = SHAPES["S0"]
    x, w, b, images = drawn(x_shape, w_shape, w_shape[:1], (100, 3, 32, 32), dtype="float64")
    forward, backward, out = _convolutions(x, w, b, {"stride": stride, "pad": pad})
    pool_forward, pool_backward = _pools(images)
    (dout,) = drawn(out.shape, dtype="float64")
    for name, ours, loops in (
        ("conv forward", forward["ours"], lambda: fast_loops.conv(x, w, b, stride, pad)),
        ("conv backward", backward["ours"], lambda: fast_loops.conv_backward(x, w, dout, stride, pad)),
        ("pool forward", pool_forward["ours"], lambda: fast_loops.pool(images)),
        ("pool backward", pool_backward["ours"], lambda: fast_loops.pool_backward(images)),
    ):
        started = time.process_time()
        loops()
        slow = time.process_time() - started
        fast = statistics.median(rounds({"ours": ours}, seconds, time.process_time)["ours"])
        yield {
            "what": f"S0 float64 {name}",
            "ours_ms": rounded(1e3 * fast),
            "loops_ms": rounded(1e3 * slow),
            "loops/ours": round(slow / fast),
        }


def _two_threads(seconds: float) -> Iterator[Row]:
    """Compare one thread with two, by wall time, and one process with two, which bounds that."""
    _warm_up(2)
    with TwoProcesses() as processes:
        for dtype in ("float64", "float32"):
            for name, (x_shape, w_shape, stride, pad) in SHAPES.items():
                x, w, b = drawn(x_shape, w_shape, w_shape[:1], dtype=dtype)
                forward, backward, _ = _convolutions(x, w, b, {"stride": stride, "pad": pad})
                for what, run in (("forward", forward["ours"]), ("backward", backward["ours"])):
                    contenders = {"two": _with_threads(2, run), "one": _with_threads(1, run)}
                    found = timing.row(f"{name} {dtype} conv {what}", contenders, seconds / 2, time.perf_counter)
                    case = {"x": x_shape, "w": w_shape, "stride": stride, "pad": pad, "dtype": dtype, "what": what}
                    yield found | processes.gain(case, seconds / 2)
    fast_layers.set_num_threads(1)


def _with_threads(count: int, run: Callable[[], object]) -> Callable[[], object]:
    def limited() -> object:
        fast_layers.set_num_threads(count)
        return run()

    return limited


if __name__ == "__main__":
    main()
