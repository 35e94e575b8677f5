"""Seeds: the same for every student, new with every change of a suite, and recorded in the result."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


def suite_sha256(folder: Path) -> str:
    """Return a digest of the files of a suite."""
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*.py")):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(folder).as_posix()}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def suite_seed(course: str, term: str, assignment: str, version: str) -> int:
    """Return the seed of a suite in the version with digest `version`; 48 bits, so that JSON keeps it exactly."""
    return _hash(f"{course}\0{term}\0{assignment}\0{version}")


def check_rng(seed: int, check: str) -> np.random.Generator:
    """Return the generator of one check, independent of all others and of their order."""
    import numpy as np  # here, because the command line needs seeds but no arrays

    return np.random.default_rng([seed, _hash(check)])


def check_seed(seed: int, check: str) -> int:
    """Return a seed for the images of one check, independent of those of all others."""
    return _hash(f"images\0{seed}\0{check}")


def submission_seed(seed: int, check: str) -> int:
    """Return what the submission's own NumPy generator starts from; tells nothing about `check_rng`."""
    return _hash(f"submission\0{seed}\0{check}") % (1 << 32)


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=6).digest(), "big")
