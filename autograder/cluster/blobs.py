"""What travels between the command and the workers of a cluster: bytes, named by their content.

Both sides are the grader's own, but what a worker says of a submission is data to validate as everywhere: it is
msgpack, decoded into types of ours, and never unpickled.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from autograder.errors import UsageError
from autograder.suite.conditions import files_below
from autograder.suite.messages import Problem, Ready, Setup
from autograder.types import Outcome


class Bundle(msgspec.Struct, frozen=True, kw_only=True):
    """A suite with all that it needs: hidden tests, solutions and all; only workers ever get it."""

    setup: Setup  # with places relative to the course's folder
    needs: tuple[str, ...]
    files: dict[str, bytes]  # by path, relative to the course's folder


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker says: that a suite is ready, or what it found in a submission, or why it did neither."""

    host: str = ""  # name of the worker's machine
    conditions: str = ""
    facts: dict[str, str] = {}  # what they are, for people
    ready: Ready | None = None
    outcome: Outcome | None = None
    refused: list[Problem] = []
    fault: str = ""


def digest(blob: bytes) -> str:
    """Return the name of a blob."""
    return hashlib.sha256(blob).hexdigest()


def bundle_of(setup: Setup, needs: tuple[str, ...]) -> bytes:
    """Return the bundle of a suite that is on this machine."""
    root = Path(setup.root)
    places = {name: Path(getattr(setup, name)) for name in ("tests", "solutions", "release")}
    files = {"course.yaml": b"# on a worker, the set-up says all that matters of it\n"}
    for name in ("tests", "solutions"):
        files |= {f"{_below(root, places[name])}/{file}": path.read_bytes() for file, path in files_below(places[name])}
    release = _below(root, places["release"])
    files |= {f"{release}/{file}": (places["release"] / file).read_bytes() for file in setup.given}
    relative = {name: _below(root, place) for name, place in places.items()}
    moved = msgspec.structs.replace(setup, root=".", private=[], jobs=1, **relative)
    return msgspec.msgpack.encode(Bundle(setup=moved, needs=needs, files=files))


def unpack(blob: bytes, folder: Path) -> tuple[Setup, tuple[str, ...]]:
    """Write the files of a bundle into an empty folder; return its set-up for there, and what submissions need."""
    bundle = msgspec.msgpack.decode(blob, type=Bundle)
    for name, data in bundle.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    places = {name: str(folder / getattr(bundle.setup, name)) for name in ("root", "tests", "solutions", "release")}
    return msgspec.structs.replace(bundle.setup, private=[str(folder)], **places), bundle.needs


def _below(root: Path, place: Path) -> str:
    if not place.is_relative_to(root):
        raise UsageError(f"{place} is not in {root}: on a cluster, all of a course has to be in its folder")
    return place.relative_to(root).as_posix()
