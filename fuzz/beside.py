"""Fuzz what is read beside packages: downloads of other systems, clones, tables, notebooks and weights.

How it works: the first byte of an input says what the rest is. Whatever it is, it is understood or refused in one
line, by the one exception that is meant for that; names that come out of it are fit for files and terminals.

    python fuzz/beside.py [--plain] [--seconds 60] [--count 1000000] [--seed 1]
"""

from __future__ import annotations

import os
import sys
import tempfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import loop

with loop.instrumented():
    from autograder.accuracy import notebooks, weights
    from autograder.extensions import read_extensions
    from autograder.intake import BOUNDS, commits, gradescope, roster, systems
    from autograder.intake.downloads import Downloads

from intake import with_entries

from autograder.checks import CheckFailure
from autograder.errors import UsageError
from autograder.text import file_name, printable

CORPUS = Path(__file__).parent / "corpus/beside"
SEPARATOR = b"\n--\n"
SHA = b"0123456789abcdef0123456789abcdef01234567"


@cache
def place() -> Path:
    """Return a folder, in memory where that can be, with a clone in it."""
    memory = Path("/dev/shm")
    folder = tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None)
    place.folder = folder  # type: ignore[attr-defined] # removed at the end of the process
    (Path(folder.name) / "clone/.git/objects/pack").mkdir(parents=True)
    (Path(folder.name) / "clone/.git/objects" / SHA[:2].decode()).mkdir()
    return Path(folder.name)


def written(data: bytes, name: str) -> Path:
    """Return a file that holds `data`."""
    path = place() / name
    path.write_bytes(data)
    return path


def names(data: bytes) -> None:
    """A folder of names, some of them folders' own."""
    listed = [line.decode("utf-8", "surrogateescape") for line in data.split(b"\n")]
    found = systems.recognise({name.rstrip("/"): name.endswith("/") for name in listed}, "hw3", {"layers.py"})
    for member in found.members if found else ():
        fit(file_name(member.student))


def download(data: bytes) -> None:
    """A zip whose entries have any names."""
    downloads = Downloads(assignment="hw3", tops={"layers.py", "nndl"})
    found = downloads.in_zip(written(with_entries(data), "download.zip"), BOUNDS)
    for hand_in in found[0] if found else ():
        fit(hand_in.student, hand_in.id, hand_in.name, hand_in.email)


def metadata(data: bytes) -> None:
    """What Gradescope says of submissions."""
    found = gradescope.export(gradescope.parse(data, "submission_metadata.yml"), {"submission_1": True})
    for member in found.members:
        fit(file_name(member.student))


def clone(data: bytes) -> None:
    """A repository: what HEAD says, an index, a pack, and the bytes of a loose object before they are packed."""
    git = place() / "clone/.git"
    head, index, pack, loose = (*data.split(SEPARATOR, 3), b"", b"", b"")[:4]
    (git / "HEAD").write_bytes(head)
    (git / "objects/pack/p.idx").write_bytes(index)
    (git / "objects/pack/p.pack").write_bytes(pack)
    path = git / "objects" / SHA[:2].decode() / SHA[2:].decode()
    path.unlink(missing_ok=True)
    if loose:
        path.write_bytes(zlib.compress(loose, 1))
    time = commits.committed_at(git.parent)
    fit(time or "")


def delta(data: bytes) -> None:
    """A difference and its base, as packs have them; `committed_at` handles what it raises."""
    base, _, rest = data.partition(SEPARATOR)
    with suppress(commits._Odd, IndexError):
        commits._apply(base, rest)


def table(data: bytes) -> None:
    """A roster, and extensions for its students."""
    path = written(data, "table.csv")
    with suppress(UsageError):
        for student in roster.read_roster(path).students:
            fit(student.student)
    read_extensions(path, "hw3", ("hw3", "hw4"))


def notebook(data: bytes) -> None:
    """The cells of a notebook, and what its outputs claim."""
    for claim in notebooks.claims(notebooks.read_cells(data, "play.ipynb")):
        if not 0 <= claim <= 1:
            raise AssertionError("an accuracy that is none")


def arrays(data: bytes) -> None:
    """Weights."""
    found = weights.read_npz(data, "best.npz")
    if sum(array.nbytes for array in found.values()) > 1 << 28:
        raise AssertionError("more than is read of any weights")


KINDS: tuple[Callable[[bytes], None], ...] = (names, download, metadata, clone, delta, table, notebook, arrays)


def fit(*texts: str) -> None:
    """Refuse text that is not fit for a terminal or the name of a file."""
    if any(printable(text) != text or "\n" in text for text in texts):
        raise AssertionError("words that could harm a terminal")
    if texts and ("/" in texts[0] or texts[0] in (".", "..")):
        raise AssertionError("a name that leads elsewhere")


def check(data: bytes) -> None:
    """Read what `data` stands for. Any exception but the two that say what is wrong with it is a finding."""
    kind = KINDS[data[0] % len(KINDS)] if data else names
    try:
        kind(data[1:])
    except (UsageError, CheckFailure) as error:
        if not str(error).strip():
            raise AssertionError("refused without a word") from error


if __name__ == "__main__":
    loop.main("beside", check, CORPUS, most_bytes=4096)
