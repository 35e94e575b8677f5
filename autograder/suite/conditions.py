"""All that decides what a suite finds in a submission, but for the submission: in one digest.

Two gradings under the same conditions find the same, so one of them is enough (`autograder.grade.outcomes`). Points,
in course.yaml or as marks of checks, titles and due dates are not among them; they only decide what is made of an
outcome. Of the solutions, those packages count that the suite can get to.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import platform
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from autograder.suite.messages import Ready, Setup
from autograder.suite.seeds import without_points

_PACKAGE = Path(__file__).parents[1]
_JUDGES_NOTHING = (
    "tests",
    "release",
    "report",
    "check",
    "verify",
    "grade",
    "gradebook",
    "platforms",
    "cluster",
)  # parts of the autograder
_LIBRARIES = ("numpy", "msgspec", "pytest", "nndl-fast")
_BUILT = ("__pycache__", ".pytest_cache", ".ruff_cache", ".ipynb_checkpoints", "build")


def conditions(setup: Setup, needs: Iterable[str] = ()) -> str:
    """Return the sha256 of the conditions of grading as `setup` says, as far as they are known before it starts.

    `needs` are the libraries that submissions need beside NumPy.
    """
    whole = hashlib.sha256()
    for name, data in _parts(setup, needs):
        whole.update(f"{name}\0{len(data)}\0".encode() + data)
    return whole.hexdigest()


def complete(known: str, ready: Ready) -> str:
    """Return the conditions that were `known` with what the suite's process has said of itself."""
    return hashlib.sha256(repr((known, ready.isolation, ready.data)).encode()).hexdigest()


def facts(ready: Ready) -> dict[str, str]:
    """Return what the conditions of grading here are, in short and for people, with what a suite's process has said."""
    own = hashlib.sha256()
    for name, data in _own_code():
        own.update(f"{name}\0{len(data)}\0".encode() + data)
    return {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "autograder": f"{_version('autograder')} ({own.hexdigest()[:8]})",
        **{library: _version(library) for library in _LIBRARIES},
        "isolation": ready.isolation,
        "data": ready.data,
    }


def _parts(setup: Setup, needs: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    places = dict.fromkeys(("root", "solutions", "tests", "release", "isolation"), "")
    said = msgspec.structs.replace(setup, **places, private=[], jobs=0)
    yield "setup", msgspec.msgpack.encode(said, order="deterministic")
    versions = [f"{name} {_version(name)}" for name in (*_LIBRARIES, *needs)]
    yield "machine", repr((platform.machine(), platform.python_version(), *versions)).encode()
    for name, data in sorted(reached(Path(setup.tests), Path(setup.solutions), setup.package).items()):
        yield name, without_points(data) if name.startswith("tests/") else data
    yield from ((name, Path(setup.release, name).read_bytes()) for name in setup.given)
    yield from _own_code()


def _own_code() -> Iterator[tuple[str, bytes]]:
    for name, path in files_below(_PACKAGE):
        if name.endswith(".py") and name.partition("/")[0] not in _JUDGES_NOTHING:
            yield name, path.read_bytes()


def reached(tests: Path, solutions: Path, package: str) -> dict[str, bytes]:
    """Return the files of a suite, and those of the solutions that it can get to, with names that tell which is which.

    These are the package and the support code, and what else is named in any of all that.
    """
    found = {f"tests/{name}": path.read_bytes() for name, path in files_below(tests)}
    others: dict[str, dict[str, Path]] = {}  # by the name by which they are imported
    for file, path in files_below(solutions):
        others.setdefault(file.partition("/")[0].removesuffix(".py"), {})[file] = path
    due = {package, "utils"} & others.keys()
    while due:
        for name in due:
            found |= {f"solutions/{file}": path.read_bytes() for file, path in others.pop(name).items()}
        due = {name for name in others if any(name.encode() in data for data in found.values())}
    return found


def files_below(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files that people wrote in a folder, with their names below it; none that was built from others."""
    for where, folders, names in os.walk(folder, followlinks=True):
        folders[:] = sorted(name for name in folders if name not in _BUILT and not name.endswith(".egg-info"))
        for name in sorted(names):
            path = Path(where, name)
            yield path.relative_to(folder).as_posix(), path


def _version(library: str) -> str:
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"
