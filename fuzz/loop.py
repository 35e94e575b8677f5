"""Run a check on many inputs: led by coverage where atheris is installed, else by chance.

Either way the seeds of the corpus come first, and an input on which the check raises is written to the folder
``.fuzz``, from where it goes into the corpus once it is understood.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

FOUND = Path(".fuzz")
Check = Callable[[bytes], None]


def instrumented() -> contextlib.AbstractContextManager[object]:
    """Return a context in which what is imported reports its coverage to atheris, if there is atheris."""
    if "--plain" in sys.argv or Path(sys.argv[0]).parent.resolve() != Path(__file__).parent:
        return contextlib.nullcontext()
    try:
        import atheris
    except ImportError:
        return contextlib.nullcontext()
    return atheris.instrument_imports(
        include=["autograder.worker", "autograder.intake", "autograder.accuracy", "zipfile"]
    )


def main(name: str, check: Check, corpus: Path, most_bytes: int) -> None:
    """Run `check` as the command line says."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--plain", action="store_true", help="do not use atheris")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--count", type=int, default=0, help="stop after this many inputs; 0 for no such limit")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    FOUND.mkdir(exist_ok=True)
    if "atheris" not in sys.modules:
        done, seconds = at_random(name, check, corpus, most_bytes, options)
        print(f"{name}: {done:,} inputs in {seconds:.0f} s, {done / seconds:,.0f} per second, nothing found")
        return
    import atheris

    arguments = [sys.argv[0], f"-max_total_time={options.seconds:.0f}", f"-seed={options.seed}", "-verbosity=1"]
    arguments += [f"-runs={options.count or -1}", f"-max_len={most_bytes}", "-print_final_stats=1"]
    arguments += [f"-artifact_prefix={FOUND}/{name}-", "-reload=0", "-report_slow_units=2", "-rss_limit_mb=2048"]
    grown = FOUND / f"{name}.corpus"
    grown.mkdir(exist_ok=True)
    atheris.Setup([*arguments, str(grown), str(corpus)], check)
    atheris.Fuzz()  # does not return; its last lines say how many inputs there were, and how many per second


def at_random(name: str, check: Check, corpus: Path, most_bytes: int, options: argparse.Namespace) -> tuple[int, float]:
    """Run `check` on the seeds and then on mutations of them; return how many, and in how many seconds."""
    seeds = [file.read_bytes() for file in sorted(corpus.iterdir())]
    source = random.Random(options.seed)
    start, done = time.monotonic(), 0
    for seed in seeds:
        attempt(name, check, seed)
    while time.monotonic() - start < options.seconds and (not options.count or done < options.count):
        for _ in range(1000):
            attempt(name, check, mutated(seeds, source, most_bytes))
        done += 1000
    return done + len(seeds), time.monotonic() - start


def attempt(name: str, check: Check, data: bytes) -> None:
    """Run `check` once; keep the input if it raises."""
    try:
        check(data)
    except BaseException:
        path = FOUND / f"{name}-{hashlib.sha256(data).hexdigest()[:12]}"
        path.write_bytes(data)
        print(f"{name}: found {path}", file=sys.stderr)
        raise


def mutated(seeds: list[bytes], source: random.Random, most_bytes: int) -> bytes:
    """Return a seed with a few of its bytes changed, or with a piece of another."""
    chance = source.random
    data = bytearray(seeds[int(chance() * len(seeds))])
    for _ in range(1 + int(chance() * 4)):
        where, kind = int(chance() * (len(data) + 1)), chance()
        if kind < 0.4:
            data[where : where + 1] = bytes([int(chance() * 256)])
        elif kind < 0.6:
            data.insert(where, int(chance() * 256))
        elif kind < 0.8:
            del data[where : where + 1 + int(chance() * 4)]
        else:
            other = seeds[int(chance() * len(seeds))]
            start = int(chance() * (len(other) + 1))
            data[where : where + int(chance() * 8)] = other[start : start + int(chance() * 32)]
    return bytes(data[:most_bytes])
