"""Lays out what `fast_layers.py` measured, as tables in Markdown for docs/performance.md."""

from __future__ import annotations

GOALS = {
    "conv with winograd in float32": "3.0, least 1.0",
    "conv": "",
    "conv float64": "4",
    "conv float32 with winograd in float32": "2.1",
    "conv float32": "",
    "pool forward": "20",
    "pool backward": "1.5",
}
LOOPS = {"conv forward": 2800, "conv backward": 1490, "pool forward": 5000, "pool backward": 5000}
TRAINING = {"float64 hidden 100": 2.5, "float32 hidden 100": 1.2}
Rows = list[dict]


def layers(report: dict) -> list[str]:
    """Return the tables of layers: beside PyTorch if it was there, beside plain loops, and of two threads."""
    machine = report["machine"]
    product = " and ".join(f"{value:g} in {dtype}" for dtype, value in machine["numpy_gflops"].items())
    lines = [
        f"Kernels: {machine['kernels']}. PyTorch: {machine['torch']}. Load before: {machine['load']:.1f}.",
        f"NumPy's product of matrices: {product}, GFLOP/s of one thread.",
        "",
    ]
    if machine["torch"]:
        for dtype in ("float64", "float32"):
            for layer in ("conv", "pool"):
                lines += _beside_torch(report["one_thread"], dtype, layer)
        lines += _means(report["geometric_means"])
    return lines + _loops(report["naive_loops"]) + _two_threads(report["two_threads"])[:-1]


def training(report: dict) -> list[str]:
    rows = [
        [
            row["what"],
            *_numbers(row, "ours_ms", "torch_ms", "torch/ours", "torch_fused_ms", "torch_fused/ours", "images_per_s"),
        ]
        for row in report["training"]
    ]
    rows = [
        [*row, next((str(goal) for start, goal in TRAINING.items() if row[0].startswith(start)), "")] for row in rows
    ]
    heads = [
        "",
        "ours, ms",
        "torch, ms",
        "torch / ours",
        "torch fused, ms",
        "torch fused / ours",
        "images per s",
        "goal",
    ]
    return _table(heads, rows)[:-1]


def _beside_torch(rows: Rows, dtype: str, layer: str) -> list[str]:
    title = {"conv": "Convolution", "pool": "2x2 max pool of its output"}[layer]
    with_winograd = (dtype, layer) == ("float32", "conv")
    by_name = {row["what"]: row for row in rows}
    cells = []
    for shape in sorted({row["what"].split()[0] for row in rows}):
        passes = [by_name[f"{shape} {dtype} {layer} {name}"] for name in ("forward", "backward")]
        cells.append([shape, *(cell for row in passes for cell in _numbers(row, "ours_ms", "torch_ms", "torch/ours"))])
        if with_winograd:
            cells[-1].append(", ".join(_numbers(row, "winograd_ms")[0] for row in passes).strip(", "))
        if layer == "pool":
            cells[-1] += _numbers(passes[0], "copy_ms")
    last = {"pool": ["copy"], "conv": ["with `winograd`"] * with_winograd}[layer]
    heads = ["", "forward", "torch", "torch / ours", "backward", "torch", "torch / ours", *last]
    return [f"{title}, {dtype}, one thread, ms", "", *_table(heads, cells)]


def _means(means: dict) -> list[str]:
    rows = [[name, str(means[name]), str(means[f"{name}, least"]), goal] for name, goal in GOALS.items()]
    return ["Geometric means of PyTorch's time over ours:", "", *_table(["", "mean", "least", "goal"], rows)]


def _loops(rows: Rows) -> list[str]:
    cells = [
        [row["what"], *_numbers(row, "ours_ms", "loops_ms", "loops/ours"), str(goal)]
        for row in rows
        for layer, goal in LOOPS.items()
        if row["what"].endswith(layer)
    ]
    title = "Plain Python loops over images, channels, rows and columns, at S0 (the pool on (100, 3, 32, 32)), ms:"
    return [title, "", *_table(["", "ours", "loops", "loops / ours", "goal"], cells)]


def _two_threads(rows: Rows) -> list[str]:
    keys = "one_ms", "two_ms", "one/two", "least_one/least_two", "processes", "least_processes"
    cells = [[row["what"], *_numbers(row, *keys)] for row in rows]
    title = (
        "One and two threads, wall time, ms; the goal is 1.8. Others disturb the least times least. The last two "
        "columns are what two processes, a thread each, do at once over one of them: as much as there is to be had."
    )
    heads = ["", "one", "two", "one / two", "least one / least two", "two processes", "of least times"]
    return [title, "", *_table(heads, cells)]


def _numbers(row: dict, *keys: str) -> list[str]:
    return [str(row.get(key, "")) for key in keys]


def _table(heads: list[str], rows: list[list[str]]) -> list[str]:
    lines = [heads, ["---"] * len(heads), *rows]
    return ["| " + " | ".join(line) + " |" for line in lines] + [""]
