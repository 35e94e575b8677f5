"""Find the lines that mark solutions, hidden tests and mark schemes, and those that only look as if they did.

nbgrader cuts at any line that *contains* ``BEGIN SOLUTION`` or ``END SOLUTION`` in capitals, ignores an END
without a BEGIN, and takes every other spelling for ordinary text: ``### BEGIN SOLUTON`` would release the
answer without a word. So here a marker is one exact line, and a line that resembles one is a mistake.
"""

from __future__ import annotations

import difflib
import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass


class Kind(enum.StrEnum):
    """What a marked region holds; the value is the word that nbgrader's delimiters end with."""

    SOLUTION = "SOLUTION"
    TESTS = "HIDDEN TESTS"
    SCHEME = "MARK SCHEME"


@dataclass(frozen=True, kw_only=True)
class Region:
    """The lines from a BEGIN marker to its END marker, both numbered from 1."""

    kind: Kind
    begin: int
    end: int

    def holds(self, line: int) -> bool:
        """Say whether `line` is one of the region's, markers included."""
        return self.begin <= line <= self.end


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """What is wrong with the markers on one line of a text."""

    line: int
    message: str


_MARKERS = {f"### {edge} {kind}": (edge, kind) for kind in Kind for edge in ("BEGIN", "END")}
_DELIMITERS = tuple(marker.removeprefix("### ") for marker in _MARKERS)  # what nbgrader searches lines for
_EDGES = ("BEGIN", "BEGINS", "END", "ENDS", "START", "STOP")
_LOOKALIKES = [
    *(edge + word for edge in _EDGES[:4] for word in ("SOLUTION", "SOLUTIONS")),
    "BEGINHIDDENTESTS",
]
_LOOKALIKES += ["ENDHIDDENTESTS", "BEGINMARKSCHEME", "ENDMARKSCHEME"]
_SHORT = 4  # words: a comment longer than this is prose, unless it shouts


def find_regions(text: str) -> tuple[list[Region], list[Mistake]]:
    """Return the regions of `text` in order, and every marker that is stray, nested, unclosed or misspelt."""
    regions: list[Region] = []
    mistakes: list[Mistake] = []
    opened: tuple[Kind, int] | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        edge, kind = _MARKERS.get(line.strip(), (None, None))
        if edge is None or kind is None:
            if looks_like_marker(line):
                mistakes.append(Mistake(line=number, message=_misspelt(line)))
        elif edge == "BEGIN":
            if opened is not None:
                mistakes.append(Mistake(line=number, message=_nested(kind, *opened)))
            opened = (kind, number)
        elif opened is None or opened[0] is not kind:
            mistakes.append(
                Mistake(line=number, message=f"### END {kind} closes nothing; write ### BEGIN {kind} above it")
            )
            opened = None
        else:
            regions.append(Region(kind=kind, begin=opened[1], end=number))
            opened = None
    if opened is not None:
        mistakes.append(
            Mistake(line=opened[1], message=f"### BEGIN {opened[0]} is never closed; write ### END {opened[0]}")
        )
    return regions, mistakes


def is_marker(line: str) -> bool:
    """Say whether `line` is exactly a marker, but for the white space around it."""
    return line.strip() in _MARKERS


def looks_like_marker(line: str) -> bool:
    """Say whether `line`, which is no marker, was meant as one or would be taken for one by nbgrader."""
    if any(delimiter in line for delimiter in _DELIMITERS):
        return True
    return any(_resembles(part) for part in _comments(line))


def _comments(line: str) -> Iterator[str]:
    """Yield what may hold a marker: a line of words alone, and what follows each run of ``#``."""
    if not re.search(r"[=+()\[\]{},.'\"@]", line):
        yield line
    for match in re.finditer(r"#+", line):
        yield line[match.end() :]


def _resembles(comment: str) -> bool:
    words = [word.upper() for word in re.findall(r"[A-Za-z]+", comment)]
    shouted = len(words) > 1 and f"{words[0]} {words[1]}" in re.sub(r"[\W_]+", " ", comment)
    if len(words) > _SHORT and not shouted:
        return False
    if len(words) <= _SHORT and difflib.get_close_matches("".join(words), _LOOKALIKES, n=1, cutoff=0.89):
        return True
    return _is_pair(words, shouted) or _is_pair([*words[1::-1], *words[2:]], shouted)


def _is_pair(words: list[str], shouted: bool) -> bool:
    """Say whether `words` begin like BEGIN SOLUTION or END HIDDEN TESTS; HIDDEN alone must be shouted."""
    if len(words) < 2 or not _close(words[0], _EDGES):
        return False
    if _close(words[1], ("HIDDEN",)):
        return shouted or (len(words) > 2 and _close(words[2], ("TEST", "TESTS")))
    return _close(words[1], ("SOLUTION", "SOLUTIONS", "SOLN", "SOL"))


def _close(word: str, words: tuple[str, ...]) -> bool:
    return bool(difflib.get_close_matches(word, words, n=1, cutoff=0.75))


def _misspelt(line: str) -> str:
    marker = difflib.get_close_matches(re.sub(r"^\W*", "### ", line.strip().upper()), _MARKERS, n=1, cutoff=0.0)[0]
    return f"{line.strip()[:60]!r} looks like a marker but is none; write a line {marker!r}, or other words"


def _nested(kind: Kind, outer: Kind, line: int) -> str:
    return f"### BEGIN {kind} inside the region that ### BEGIN {outer} opened on line {line}; close that one first"
