"""Fuzz what reads hand-ins: any zip or notebook gives a submission, with files or with a reason, and never an error.

How it works: the first byte of an input says what the rest is: a zip; the content of a notebook; or a program, in which
pieces of the input name the entries of a zip that is whole, with names and kinds that no honest program writes.

    python fuzz/intake.py [--plain] [--seconds 60] [--count 1000000] [--seed 1]
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
import warnings
import zipfile
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import loop

with loop.instrumented():
    from autograder.intake import BOUNDS, HandIn, read

from autograder.course import Assignment
from autograder.tests.sample_course import KNOWN, assignment
from autograder.text import printable

CORPUS = Path(__file__).parent / "corpus/intake"
ZIP, NOTEBOOK, ENTRIES = range(3)
_KINDS = (0, 0o100644, 0o120777, 0o040755, 0o010644, 0o020644, 0o060644, 0o140644)  # of files, as Unix has them
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)


@cache
def place() -> tuple[Path, Assignment]:
    """Return a folder for hand-ins, in memory where that can be, and what they are for."""
    memory = Path("/dev/shm")
    folder = tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None)
    place.folder = folder  # type: ignore[attr-defined] # removed at the end of the process
    return Path(folder.name), assignment(Path(folder.name))


def with_entries(data: bytes) -> bytes:
    """Return a zip whose entries are the lines of `data`: a byte for the kind, one for the method, a name."""
    stream = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "w") as archive:
        warnings.simplefilter("ignore")  # zipfile's own, about names that are there twice
        for line in data.split(b"\n")[:50]:
            kind, method, name = line[:1], line[1:2], line[2:].decode("utf-8", "replace")
            info = zipfile.ZipInfo("nndl/layers.py")
            info.filename = name  # zipfile would make it an honest one
            info.external_attr = _KINDS[sum(kind) % len(_KINDS)] << 16
            info.compress_type = _METHODS[sum(method) % len(_METHODS)]
            archive.writestr(info, line)
    return stream.getvalue()


def check(data: bytes) -> None:
    """Read the hand-in that `data` stands for. An error, or a submission that is neither good nor bad, is a finding."""
    folder, wanted = place()
    mode, rest = (data[0] % 3, data[1:]) if data else (ZIP, b"")
    path = folder / ("eve.ipynb" if mode == NOTEBOOK else "eve.zip")
    path.write_bytes(with_entries(rest) if mode == ENTRIES else rest)
    submission = read(HandIn(student="eve", path=path), wanted, KNOWN)
    if bool(submission.files) == bool(submission.problem):
        raise AssertionError("neither files nor a problem, or both")
    said = [submission.problem, *submission.files, *(remark.message for remark in submission.remarks)]
    if any(printable(text) != text or "\n" in text or text != text.strip() for text in said):
        raise AssertionError("words that could harm a terminal")
    if any(Path(name).is_absolute() or ".." in Path(name).parts for name in submission.files):
        raise AssertionError("a path that leads out of the hand-in")
    if any(str(parent) in submission.files for name in submission.files for parent in Path(name).parents):
        raise AssertionError("a file in a file")
    if any(len(part.encode()) > 255 for name in submission.files for part in Path(name).parts):
        raise AssertionError("a name that no disk can hold")
    if sum(map(len, submission.files.values())) > BOUNDS.package_bytes:
        raise AssertionError("more than is read of any hand-in")


if __name__ == "__main__":
    loop.main("intake", check, CORPUS, most_bytes=4096)
