"""The autograder itself as a wheel, and what it needs, at the versions that are installed here.

A package has to grade as the instructor's machine does, without the clone that it was made in. The wheel is made from
what is installed, editable or not, so that making it needs neither network nor build tools.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import autograder
from autograder.errors import AutograderError, UsageError

_NAME = "autograder"
_ONCE = (2026, 1, 1, 0, 0, 0)  # of every file, so that the same sources make the same archive
_NOT_SHIPPED = {"tests", "__pycache__"}
_WHEEL = "Wheel-Version: 1.0\nGenerator: autograder\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def wheel() -> tuple[str, bytes]:
    """Return the autograder's wheel: its file name and its bytes, the same for the same sources.

    Raises AutograderError if it is not known what this installation needs, which pip writes down.
    """
    known = importlib.metadata.distribution(_NAME)
    info = f"{_NAME}-{known.version}.dist-info"
    about = {
        "METADATA": known.read_text("METADATA") or known.read_text("PKG-INFO"),  # in a clone, before it is installed
        "entry_points.txt": known.read_text("entry_points.txt"),
    }
    if not all(about.values()):
        raise AutograderError(f"the installation of {_NAME} is not complete: pip install it again")
    files = {f"{_NAME}/{name}": path.read_bytes() for name, path in _sources(Path(autograder.__file__).parent)}
    files |= {f"{info}/{name}": (text or "").encode() for name, text in about.items()}
    files[f"{info}/WHEEL"] = _WHEEL.encode()
    files[f"{info}/RECORD"] = _record(files, f"{info}/RECORD").encode()
    return f"{_NAME}-{known.version}-py3-none-any.whl", archive(files)


def pinned(roots: Iterable[str]) -> list[str]:
    """Return ``name==version`` for libraries and all that these need, as installed here, by name.

    Raises UsageError if one of the `roots` is not installed.
    """
    found: dict[str, str] = {}
    waiting = [(Requirement(root), True) for root in roots]
    while waiting:
        wanted, is_root = waiting.pop()
        name = canonicalize_name(wanted.name)
        if name in found:
            continue
        try:
            known = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError as error:
            if is_root:
                what = f"{wanted.name} is needed there and not installed here"
                raise UsageError(f"{what}: pip install it first") from error
            continue  # an optional part of this machine's Python, such as a backport
        found[name] = known.version
        waiting += [(each, False) for each in _needs(known)]
    return [f"{name}=={version}" for name, version in sorted(found.items())]


def base_requirements() -> list[str]:
    """Return what grading needs, without extras."""
    return [str(each) for each in _needs(importlib.metadata.distribution(_NAME))]


def archive(files: dict[str, bytes], programs: Iterable[str] = ()) -> bytes:
    """Return a zip of files, some of which may be run, the same for the same files."""
    stream, programs = io.BytesIO(), set(programs)
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _ONCE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o100755 if name in programs else 0o100644) << 16
            packed.writestr(entry, data)
    return stream.getvalue()


def _needs(known: importlib.metadata.Distribution) -> Iterator[Requirement]:
    for text in known.requires or ():
        wanted = Requirement(text)
        if wanted.marker is None or wanted.marker.evaluate({"extra": ""}):
            wanted.marker = None
            yield wanted


def _sources(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and not _NOT_SHIPPED.intersection(name.parts):
            yield name.as_posix(), path


def _record(files: dict[str, bytes], own: str) -> str:
    lines = [f"{name},sha256={_digest(data)},{len(data)}" for name, data in sorted(files.items())]
    return "\n".join([*lines, f"{own},,", ""])


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
