"""Remarks on what a sandbox found unusual about a submission. None costs points, so none has to be believed.

Students read them, and student code can forge them. So that no input of a hidden check gets out that way, only what is
made of words that were handed in is told.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
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


_OWN_WORDS = frozenset({"TooLong", "newshape", *dir(builtins)})
_WORD = re.compile(r"\w+")
_ODD = re.compile(r"[^\w./:()= -]|[./:()= -]{3}")
_LONGEST_NUMBER = 5  # digits, of a line


def remarks(notes: Iterable[str], files: Mapping[str, bytes]) -> Iterator[Remark]:
    """Yield a remark for each kind of note; what is of no known kind, or not of words in `files`, is passed over."""
    found: dict[str, list[str]] = {}
    for note in _of_words_in(files, list(islice(notes, _LOOKED_AT))):
        kind, _, detail = note.partition(":")
        if kind.startswith("numpy."):
            kind, detail = "numpy", kind.replace("numpy", "np") + (f":{detail}" if detail else "")
        if kind in _WORDS:
            found.setdefault(kind, []).append(one_line(_readable(detail), 120))
    for kind, details in found.items():
        listed = ", ".join(details[:_MOST]) + (f" and {len(details) - _MOST} more" if len(details) > _MOST else "")
        yield Remark(code=kind.replace(" ", "_"), message=f"the submission {_WORDS[kind].format(listed)}")


def _of_words_in(files: Mapping[str, bytes], notes: Sequence[str]) -> Iterator[str]:
    """Yield the notes whose words, behind the kind, all stand in a file or in its name."""
    known = _OWN_WORDS | {word for text in _texts(files) for word in _WORD.findall(text)} if notes else _OWN_WORDS
    for note in notes:
        kind, _, detail = note.partition(":")
        said = detail if kind in _WORDS else note.removeprefix("numpy.")
        numbers = {word for word in _WORD.findall(said) if word.isdigit() and len(word) <= _LONGEST_NUMBER}
        if not _ODD.search(said) and known.issuperset(set(_WORD.findall(said)) - numbers):
            yield note


def _texts(files: Mapping[str, bytes]) -> Iterator[str]:
    for name, data in files.items():
        yield name
        yield data.decode(errors="replace")


def _readable(detail: str) -> str:
    """Return ``nndl/layers.py, line 3 (ImportError)`` for ``nndl/layers.py:3:ImportError``."""
    file, _, rest = detail.partition(":")
    line, _, error = rest.partition(":")
    error = "takes too long" if error == "TooLong" else error
    if line.isdigit():
        return f"{file}, line {line} ({error})"
    return f"{file} ({line})" if line else file
