"""What is published as CIFAR-10, "python version", and where this machine keeps it.

A leaf: it knows names, sizes and checksums, and reads nothing but checksums of files.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

FOLDER = "cifar-10-batches-py"
DATASETS = "datasets"  # below the course's folder
PAGE = "https://www.cs.toronto.edu/~kriz/cifar.html"
# MD5 of each file, as https://www.cs.toronto.edu/~kriz/cifar.html's archive holds it.
FILES = {
    "data_batch_1": "c99cafc152244af753f735de768cd75f",
    "data_batch_2": "d4bba439e000b95fd0a9bffe97cbabec",
    "data_batch_3": "54ebc095f3ab1f0389bbae665268c751",
    "data_batch_4": "634d18415352ddfa80567beed471001a",
    "data_batch_5": "482c414d41f54cd18b22e5b47cb7c3cb",
    "test_batch": "40351d587109b95175f43aff81a1287e",
    "batches.meta": "5ff9c542aee3614f3951f8cda6e48888",
}
NEEDED = tuple(name for name in FILES if name != "batches.meta")
LARGEST_FILE = 64 << 20  # twice what the largest has
_BLOCK = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Archive:
    """A file to download: where it is, and how to know that it arrived whole."""

    url: str
    md5: str
    size: int  # bytes

    @property
    def name(self) -> str:
        """The file's name."""
        return self.url.rpartition("/")[2]


ARCHIVE = Archive(
    url="https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
    md5="c58f30108f718f92721af3b95e74349a",
    size=170_498_071,
)
UNPACKED_BYTES = 186_000_000


def folders(root: Path) -> list[Path]:
    """Return where CIFAR-10 is looked for, first to last, as students' `get_CIFAR10_data` does from `root`."""
    named = os.environ.get("CIFAR10_DIR")
    first = [Path(named), Path(named, FOLDER)] if named else []
    absolute = root.absolute()
    return first + [base / DATASETS / FOLDER for base in (absolute, *absolute.parents)]


def find(root: Path) -> Path | None:
    """Return the first of `folders` that holds CIFAR-10, or None."""
    return next((folder for folder in folders(root) if os.access(folder / "test_batch", os.R_OK)), None)


def missing(folder: Path) -> list[str]:
    """Return which of the needed files are not in `folder`."""
    return [name for name in NEEDED if not (folder / name).is_file()]


def md5_of(path: Path) -> str:
    """Return the MD5 of a file; it tells damage, not malice, which readers have to withstand anyway."""
    digest = hashlib.md5(usedforsecurity=False)
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
