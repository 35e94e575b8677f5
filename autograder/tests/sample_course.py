"""A small course and hand-ins for tests of everything between a path and a result."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from autograder.course import Assignment, load_course

COURSE = """\
format: 1
course: {name: Networks, term: 2026 fall}
assignments:
  hw3:
    title: Layers
    due: 2026-10-26T23:59:00-07:00
    package: nndl
    notebooks: [fc_nets.ipynb]
    holes: [nndl.layers.affine_forward, nndl.layers.affine_backward, nndl.fc_net.TwoLayerNet.loss]
    questions:
      affine: {points: 10, title: Affine layer}
      nets: {points: 6, title: Networks}
      inline: {points: 4, title: Inline question, manual: true, notebook: fc_nets.ipynb}
  hw4:
    title: Optimizers
    due: 2026-11-26T23:59:00-07:00
    package: nndl
    holes: [nndl.optim]
    questions:
      optim: {points: 10}
"""

LAYERS = b"def affine_forward(x, w, b):\n    return 1\n"
FC_NET = b"class TwoLayerNet:\n    pass\n"
WHOLE = {"nndl/__init__.py": b"", "nndl/layers.py": LAYERS, "nndl/fc_net.py": FC_NET}
KNOWN = ("hw3", "hw4")


def write_course(root: Path) -> Path:
    """Write the course into a folder, with a suite and a solution of one file each."""
    write(root, {"course.yaml": COURSE.encode(), "tests/hw3/test_layers.py": b"# hidden\n"})
    return write(root, {"solutions/nndl/layers.py": b"# solved\n"})


def assignment(folder: Path, name: str = "hw3") -> Assignment:
    """Return an assignment of the course."""
    return load_course(write_course(folder / "course of the tests")).assignment(name)


def write(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write files below a folder, and return it."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return a zip of files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()
