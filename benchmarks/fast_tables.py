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
    lines = [f"Kernels: {machine['kernels']}. PyTorch: {machine['torch']}. Load before: {machine['load']:.1f}.", ""]
    if machine["torch"]:
        for dtype in ("float64", "float32"):
            for layer in ("conv", "pool"):
                lines += _beside_torch(report["one_thread"], dtype, layer)
        lines += _means(report["geometric_means"])
    return lines + _loops(report["naive_loops"]) + _two_threads(report["two_threads"])[:-1]


def training(report: dict) -> list[str]:
    rows = [
        [row["what"], *_numbers(row, "ours_ms", "torch_ms", "torch/ours", "images_per_s")] for row in report["training"]
    ]
    rows = [
        [*row, next((str(goal) for start, goal in TRAINING.items() if row[0].startswith(start)), "")] for row in rows
    ]
    return _table(["", "ours, ms", "torch, ms", "torch / ours", "images per s", "goal"], rows)[:-1]


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
    heads = ["", "forward", "torch", "torch / ours", "backward", "torch", "torch / ours"]
    return [f"{title}, {dtype}, one thread, ms", "", *_table(heads + ["with `winograd`"] * with_winograd, cells)]


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
    keys = "one_ms", "two_ms", "one/two", "least_one/least_two"
    cells = [[row["what"], *_numbers(row, *keys)] for row in rows]
    title = "One and two threads, wall time, ms; the goal is 1.8. Other programs disturb the least times least."
    return [title, "", *_table(["", "one", "two", "one / two", "least one / least two"], cells)]


def _numbers(row: dict, *keys: str) -> list[str]:
    return [str(row.get(key, "")) for key in keys]


def _table(heads: list[str], rows: list[list[str]]) -> list[str]:
    lines = [heads, ["---"] * len(heads), *rows]
    return ["| " + " | ".join(line) + " |" for line in lines] + [""]
