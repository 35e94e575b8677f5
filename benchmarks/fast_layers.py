"""Time the fast layers against plain loops and, where it is installed, PyTorch, and training through the Solver.

Contenders take turns in one process, after a round that warms them up, so that a machine that speeds up or slows down
meets them alike. Times are medians: of processor time for one thread, which neighbours disturb least, of wall time for
two. A ratio is the median of the ratios of the rounds. Takes about three minutes.
``python benchmarks/fast_layers.py [--seconds 1.0] [--json FILE] [--write docs/performance.md]``; PyTorch, if installed,
in its default layout.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import document
import fast_tables
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "solutions"))

from utils import fast_layers, solver  # noqa: E402 - found on the path just set

torch = None
if importlib.util.find_spec("torch"):
    import torch

# x (N, C, H, W), w (F, C, HH, WW), stride, pad; pools of 2 by 2 follow
SHAPES = {
    "S0": ((100, 3, 31, 31), (25, 3, 3, 3), 2, 1),
    "S1": ((50, 3, 32, 32), (32, 3, 7, 7), 1, 3),
    "S2": ((50, 3, 32, 32), (64, 3, 3, 3), 1, 1),
    "S3": ((50, 32, 16, 16), (64, 32, 3, 3), 1, 1),
    "S4": ((100, 64, 16, 16), (64, 64, 3, 3), 1, 1),
}
POOL = {"pool_height": 2, "pool_width": 2, "stride": 2}
Contenders = dict[str, Callable[[], object]]
Row = dict[str, object]


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
        "training": lambda: _training(options.seconds * 3),
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
    }


def _rounds(contenders: Contenders, seconds: float, clock: Callable[[], float]) -> dict[str, list[float]]:
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


def _row(name: str, contenders: Contenders, seconds: float, clock: Callable[[], float] = time.process_time) -> Row:
    """Return median milliseconds, and how many times longer than ours, the first, the others take."""
    times = _rounds(contenders, seconds, clock)
    ours, *others = times
    row: Row = {"what": name, **{f"{other}_ms": _rounded(1e3 * statistics.median(times[other])) for other in times}}
    for other in others:
        pairs = zip(times[other], times[ours], strict=True)
        row[f"{other}/{ours}"] = _rounded(statistics.median(a / b for a, b in pairs))
        row[f"least_{other}/least_{ours}"] = _rounded(min(times[other]) / min(times[ours]))
    return row


def _rounded(value: float) -> float:
    return float(f"{value:.3g}")


def _drawn(*shapes: tuple[int, ...], dtype: str) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [rng.standard_normal(shape).astype(dtype) for shape in shapes]


def _warm_up(threads: int) -> None:
    """Work for a second, in which the clock rises and threads find processors of their own."""
    x_shape, w_shape, stride, pad = SHAPES["S4"]
    x, w, b = _drawn(x_shape, w_shape, w_shape[:1], dtype="float64")
    forward, _, _ = _convolutions(x, w, b, {"stride": stride, "pad": pad})
    _rounds({"ours": _with_threads(threads, forward["ours"])}, 1.0, time.perf_counter)
    fast_layers.set_num_threads(1)


def _against_torch(seconds: float) -> Iterator[Row]:
    _warm_up(1)
    for dtype in ("float64", "float32"):
        for name, (x_shape, w_shape, stride, pad) in SHAPES.items():
            x, w, b = _drawn(x_shape, w_shape, w_shape[:1], dtype=dtype)
            param = {"stride": stride, "pad": pad}
            forward, backward, out = _convolutions(x, w, b, param)
            if dtype == "float32" and w_shape[2] == 3 and stride == 1 and x_shape[1] > 3:
                with_winograd = _convolutions(x, w, b, {**param, "winograd": True})
                forward["winograd"], backward["winograd"] = with_winograd[0]["ours"], with_winograd[1]["ours"]
            pool_forward, pool_backward = _pools(out)
            yield _row(f"{name} {dtype} conv forward", forward, seconds)
            yield _row(f"{name} {dtype} conv backward", backward, seconds)
            yield _row(f"{name} {dtype} pool forward", pool_forward, seconds / 2)
            yield _row(f"{name} {dtype} pool backward", pool_backward, seconds / 2)


def _convolutions(
    x: np.ndarray, w: np.ndarray, b: np.ndarray, param: dict
) -> tuple[Contenders, Contenders, np.ndarray]:
    out, cache = fast_layers.conv_forward_fast(x, w, b, param)
    (dout,) = _drawn(out.shape, dtype=out.dtype.name)
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
    (dout,) = _drawn(out.shape, dtype=out.dtype.name)
    forward: Contenders = {"ours": lambda: fast_layers.max_pool_forward_fast(x, POOL)}
    backward: Contenders = {"ours": lambda: fast_layers.max_pool_backward_fast(dout, cache)}
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
            means[key], means[f"{key}, least"] = _rounded(statistics.geometric_mean(values)), _rounded(min(values))
    return means


def _against_loops(seconds: float) -> Iterator[Row]:
    """Compare with plain loops over images, channels, rows and columns, at S0 in double precision."""
    x_shape, w_shape, stride, pad = SHAPES["S0"]
    x, w, b, images = _drawn(x_shape, w_shape, w_shape[:1], (100, 3, 32, 32), dtype="float64")
    forward, backward, out = _convolutions(x, w, b, {"stride": stride, "pad": pad})
    pool_forward, pool_backward = _pools(images)
    (dout,) = _drawn(out.shape, dtype="float64")
    for name, ours, loops in (
        ("conv forward", forward["ours"], lambda: _conv_loops(x, w, b, stride, pad)),
        ("conv backward", backward["ours"], lambda: _conv_backward_loops(x, w, dout, stride, pad)),
        ("pool forward", pool_forward["ours"], lambda: _pool_loops(images)),
        ("pool backward", pool_backward["ours"], lambda: _pool_backward_loops(images)),
    ):
        started = time.process_time()
        loops()
        slow = time.process_time() - started
        fast = statistics.median(_rounds({"ours": ours}, seconds, time.process_time)["ours"])
        yield {
            "what": f"S0 float64 {name}",
            "ours_ms": _rounded(1e3 * fast),
            "loops_ms": _rounded(1e3 * slow),
            "loops/ours": round(slow / fast),
        }


def _windows(x: np.ndarray, size: tuple[int, int], stride: int) -> Iterator[tuple[tuple[int, ...], tuple]]:
    """Yield image, row and column of each output, and the part of x that it is computed from."""
    rows, cols = ((length - k) // stride + 1 for length, k in zip(x.shape[2:], size, strict=True))
    for n, i, j in np.ndindex(len(x), rows, cols):
        yield (n, i, j), np.s_[n, :, i * stride : i * stride + size[0], j * stride : j * stride + size[1]]


def _padded(x: np.ndarray, pad: int) -> np.ndarray:
    return np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))


def _conv_loops(x: np.ndarray, w: np.ndarray, b: np.ndarray, stride: int, pad: int) -> np.ndarray:
    padded, out = _padded(x, pad), {}
    for (n, i, j), window in _windows(padded, w.shape[2:], stride):
        for f in range(len(w)):
            out[n, f, i, j] = np.sum(padded[window] * w[f]) + b[f]
    return out


def _conv_backward_loops(x: np.ndarray, w: np.ndarray, dout: np.ndarray, stride: int, pad: int) -> tuple:
    padded = _padded(x, pad)
    dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
    for (n, i, j), window in _windows(padded, w.shape[2:], stride):
        for f in range(len(w)):
            dw[f] += padded[window] * dout[n, f, i, j]
            dpadded[window] += w[f] * dout[n, f, i, j]
    return dpadded, dw, dout.sum(axis=(0, 2, 3))


def _pool_loops(x: np.ndarray) -> dict:
    out = {}
    for (n, i, j), window in _windows(x, (2, 2), 2):
        for c in range(x.shape[1]):
            out[n, c, i, j] = np.max(x[window][c])
    return out


def _pool_backward_loops(x: np.ndarray) -> np.ndarray:
    dx = np.zeros_like(x)
    for _, window in _windows(x, (2, 2), 2):
        for c in range(x.shape[1]):
            tile = x[window][c]
            dx[window][c] += (tile == np.max(tile)) * 1.0
    return dx


def _two_threads(seconds: float) -> Iterator[Row]:
    """Compare one thread with two, by wall time."""
    _warm_up(2)
    for dtype in ("float64", "float32"):
        for name, (x_shape, w_shape, stride, pad) in SHAPES.items():
            x, w, b = _drawn(x_shape, w_shape, w_shape[:1], dtype=dtype)
            forward, backward, _ = _convolutions(x, w, b, {"stride": stride, "pad": pad})
            for what, run in (("forward", forward["ours"]), ("backward", backward["ours"])):
                contenders = {"two": _with_threads(2, run), "one": _with_threads(1, run)}
                yield _row(f"{name} {dtype} conv {what}", contenders, seconds / 2, time.perf_counter)
    fast_layers.set_num_threads(1)


def _with_threads(count: int, run: Callable[[], object]) -> Callable[[], object]:
    def limited() -> object:
        fast_layers.set_num_threads(count)
        return run()

    return limited


def _training(seconds: float) -> Iterator[Row]:
    """Compare steps of a Solver on ThreeLayerConvNet, 32 filters of 7 by 7, batches of 50, with the same in torch."""
    if not importlib.util.find_spec("nndl.cnn"):
        print("nndl.cnn is not here")
        return
    from nndl.cnn import ThreeLayerConvNet

    rng = np.random.default_rng(0)
    for dtype in ("float64", "float32"):
        for hidden in (100, 500):
            images, labels = rng.standard_normal((500, 3, 32, 32)).astype(dtype), rng.integers(10, size=500)
            data = {"X_train": images, "y_train": labels, "X_val": images[:50], "y_val": labels[:50]}
            for rule in ("sgd", "adam"):
                if not hasattr(solver.optim, rule):
                    continue
                model = ThreeLayerConvNet(hidden_dim=hidden, dtype=np.dtype(dtype).type)
                trainer = solver.Solver(
                    model, data, batch_size=50, update_rule=rule, optim_config={"learning_rate": 1e-3}, verbose=False
                )
                contenders: Contenders = {"ours": trainer._step}
                if torch:
                    contenders["torch"] = _torch_step(images, labels, hidden, rule)
                row = _row(f"{dtype} hidden {hidden} {rule}", contenders, seconds)
                row["images_per_s"] = round(50e3 / float(row["ours_ms"]))
                yield row


def _torch_step(images: np.ndarray, labels: np.ndarray, hidden: int, rule: str) -> Callable[[], object]:
    nn, dtype = torch.nn, getattr(torch, images.dtype.name)
    layers = [nn.Conv2d(3, 32, 7, padding=3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(32 * 256, hidden)]
    model = nn.Sequential(*layers, nn.ReLU(), nn.Linear(hidden, 10)).to(dtype)
    optimizer = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[rule](model.parameters(), lr=1e-3)
    x, y = torch.from_numpy(images), torch.from_numpy(labels)

    def step() -> None:
        chosen = torch.randint(len(x), (50,))
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x[chosen]), y[chosen]).backward()
        optimizer.step()

    return step


if __name__ == "__main__":
    main()
