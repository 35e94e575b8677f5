"""Remarks on what a sandbox found unusual about a submission. None costs points, so none has to be believed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from autograder.text import one_line
from autograder.types import Remark

_MOST = 5
_LOOKED_AT = 100
_WORDS = {
    "numpy": "uses {} of older NumPys, which was run as it was meant",
    "single": "uses an array with one entry as a number, as older NumPys allowed; it was run as it was meant",
    "python2": "is written for Python 2, and was run as that: / divides integers as it did",
    "tabs": "mixes tabs and spaces; tabs were read as 8 spaces",
    "absent": "imports {}, which is not there where submissions are graded",
    "left out": "cannot be run as a whole when it is imported; left out: {}",
    "init": "the __init__.py of its package fails; its modules were loaded without it: {}",
}


def remarks(notes: Iterable[str]) -> Iterator[Remark]:
    """Yield a remark for each kind of note; what is of no known kind is passed over."""
    found: dict[str, list[str]] = {}
    for note in islice(notes, _LOOKED_AT):
        kind, _, detail = note.partition(":")
        if kind.startswith("numpy."):
            kind, detail = "numpy", kind.replace("numpy", "np") + (f":{detail}" if detail else "")
        if kind in _WORDS:
            found.setdefault(kind, []).append(one_line(_readable(detail), 120))
    for kind, details in found.items():
        listed = ", ".join(details[:_MOST]) + (f" and {len(details) - _MOST} more" if len(details) > _MOST else "")
        yield Remark(code=kind.replace(" ", "_"), message=f"the submission {_WORDS[kind].format(listed)}")


def _readable(detail: str) -> str:
    """Return ``nndl/layers.py, line 3 (ImportError)`` for ``nndl/layers.py:3:ImportError``."""
    file, _, rest = detail.partition(":")
    line, _, error = rest.partition(":")
    error = "takes too long" if error == "TooLong" else error
    if line.isdigit():
        return f"{file}, line {line} ({error})"
    return f"{file} ({line})" if line else file
