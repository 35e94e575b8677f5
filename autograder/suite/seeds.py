"""Seeds: the same for every student, new with every change of a suite, and recorded in the result.

How it works
------------
Who knew a suite's seed would know the inputs of hidden checks, and the labels of images that are measured on. Student
code sees numbers that come from it, so each is derived by a function that is slow on purpose: finding the seed by
trying all would take 2 ** 63 digests. The seed itself comes from the files of the suite; where those are public, from a
`secret` in course.yaml.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pytest

    from autograder.course import Course

_ROUNDS = 1000  # a quarter of a millisecond
_POINTS = re.compile(rb"^[ \t]*@pytest\.mark\.points\([^()\n]*\)[ \t]*\n", re.MULTILINE)


def without_points(source: bytes) -> bytes:
    """Return the source of a suite's file without what its checks weigh, which decides nothing of what they find."""
    return _POINTS.sub(b"", source)


def suite_sha256(folder: Path) -> str:
    """Return a digest of the files of a suite, but for what its checks weigh."""
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*.py")):
        content = without_points(file.read_bytes())
        digest.update(f"{file.relative_to(folder).as_posix()}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def suite_seed(course: Course, assignment: str, version: str) -> int:
    """Return the seed of a suite in the version with digest `version`; 53 bits, so that JSON keeps it exactly."""
    text = "\0".join([course.name, course.term, assignment, version, course.secret])
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") >> 11


def check_rng(seed: int, check: str) -> np.random.Generator:
    """Return the generator of one check, independent of all others and of their order."""
    import numpy as np  # here, because the command line needs seeds but no arrays

    return np.random.default_rng(_derived("inputs", seed, check))


def check_seed(seed: int, check: str) -> int:
    """Return a seed for the images of one check, independent of those of all others."""
    return _derived("images", seed, check)


def submission_seed(seed: int, check: str) -> int:
    """Return what the submission's own NumPy generator starts from; tells nothing about `check_rng`."""
    return _derived("submission", seed, check) % (1 << 32)


def prepare(seed: int, names: Iterable[str], items: Iterable[str]) -> None:
    """Derive once what checks will ask for in every submission: by their names, and by their items of pytest."""
    for name in names:
        submission_seed(seed, name)
    for item in items:
        _derived("inputs", seed, item)


def item_name(item: pytest.Item) -> str:
    """Return what a check's random numbers depend on."""
    return f"{item.path.name}::{item.name}"


@functools.cache
def _derived(purpose: str, seed: int, check: str) -> int:
    """Return a number of 128 bits from which nothing can be told about `seed`, nor about those for other purposes."""
    key = hashlib.pbkdf2_hmac("sha256", f"{purpose}\0{check}".encode(), str(seed).encode(), _ROUNDS, dklen=16)
    return int.from_bytes(key, "big")
