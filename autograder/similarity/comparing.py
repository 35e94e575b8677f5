"""Compares the code of a class, in a process of its own.

How it works: the texts go to `autograder.similarity.child`, where copydetect replaces names and compares fingerprints
of what is left (winnowing, as MOSS does). It lexes what students wrote, so it may take long or fail; it is not
imported here, and one odd hand-in spoils no other.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.errors import AutograderError, UsageError
from autograder.text import one_line

Tell = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two students, how much of each one's code the other has too, and the longest passages, side by side."""

    first: str
    second: str
    part_of_first: float
    part_of_second: float
    common: int  # characters, with every name as one
    passages: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Similarity:
    """What was compared, and the pairs that have most in common, those first."""

    compared: int
    pairs: tuple[Pair, ...]
    failed: tuple[str, ...]  # students whose code could not be compared

    @property
    def note(self) -> str:
        """What the pairs mean, in words."""
        odd = f" Not compared, for their code is too odd or too long: {', '.join(self.failed)}." if self.failed else ""
        return (
            f"Compared are {self.compared} hand-ins: the modules that students fill in and the code cells of "
            "notebooks, whatever names they use. What the release gives, or a quarter of the class has, does not "
            f"count. Having much in common proves nothing by itself: read the passages.{odd}"
        )


def compare(texts: Mapping[str, str], given: Sequence[str], tell: Tell) -> Similarity:
    """Compare the code of students, by name, without what stands in the texts that they were `given`.

    `tell` hears how many of how many have been read. Raises UsageError if the extra is not installed, AutograderError
    if comparing ends early.
    """
    if importlib.util.find_spec("copydetect") is None:
        raise UsageError("comparing submissions needs copydetect: pip install '.[similarity]'")
    asked = {student: text for student, text in texts.items() if text.strip()}
    found = _ask({"texts": asked, "given": list(given)}, tell)
    pairs = (
        Pair(**{**each, "passages": tuple((here, there) for here, there in each["passages"])})
        for each in found["pairs"]
    )
    failed = tuple(found["failed"])
    return Similarity(compared=len(asked) - len(failed), pairs=tuple(pairs), failed=failed)


def _ask(question: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
    """Have the process answer. Strings have the same hashes in it each time, so that the answer is the same."""
    command = [sys.executable, "-m", "autograder.similarity.child"]
    environment = {**os.environ, "PYTHONHASHSEED": "0", "MPLBACKEND": "agg"}
    with (
        tempfile.TemporaryFile() as log,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, env=environment) as child,
    ):
        answer = _converse(child, json.dumps(question).encode(), tell)
        if answer is None:
            log.seek(0)
            last = (log.read().decode(errors="replace").strip() or "nothing was said").splitlines()[-1]
            raise AutograderError(f"comparing submissions ended early: {one_line(last)}")
    return answer


def _converse(child: subprocess.Popen[bytes], question: bytes, tell: Tell) -> dict[str, Any] | None:
    if child.stdin is None or child.stdout is None:
        return None
    try:
        with child.stdin as stream:
            stream.write(question)
    except BrokenPipeError:
        return None
    for line in child.stdout:
        message: dict[str, Any] = json.loads(line)
        if "pairs" in message:
            return message
        tell(message["done"], message["of"])
    return None
