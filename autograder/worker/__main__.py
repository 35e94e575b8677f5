"""The program of a sandbox: load everything generic, shut the door, then ask for work.

Started as ``python -P -s -S -B .../worker/__main__.py CONFIG`` with a JSON object as its only argument, since a
sandbox has neither the grader's environment nor its files. `-P` keeps this folder from being searched for modules,
`-S` skips site-packages' start-up files.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from pathlib import Path
from typing import Any


def _load_package(folder: Path) -> None:
    """Make this folder importable as the package `worker`, wherever it is mounted."""
    spec = importlib.util.spec_from_file_location(
        "worker",
        folder / "__init__.py",
        submodule_search_locations=[str(folder)],
    )
    if spec is None or spec.loader is None:
        raise ImportError(str(folder))
    module = importlib.util.module_from_spec(spec)
    sys.modules["worker"] = module
    spec.loader.exec_module(module)


def main(config: dict[str, Any]) -> None:
    """Run the worker as `config` says (see `autograder.sandbox.isolation`, which writes it)."""
    sys.path.extend(config["path"])
    _load_package(Path(__file__).resolve().parent)
    from worker import confine  # type: ignore[import-not-found]

    rules = {key: tuple(value) if isinstance(value, list) else value for key, value in config["confine"].items()}
    if config["channel"] is None:  # a trial of the level
        confine.confine(confine.Confinement(**rules))
        os.chdir(config["scratch"])
        return
    from worker import serve

    requests, replies = config["channel"]
    channel = serve.Channel(requests, replies, config["max_message_bytes"])
    confine.confine(confine.Confinement(**rules))
    serve.serve(channel, config["scratch"])


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
