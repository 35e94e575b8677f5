"""Put CIFAR-10 where courses look for it: from the net, from an archive, or from a folder.

Files are read by the course's own restricted reader before they are put in place, so that nothing in them is run
and a damaged one is noticed here and not in the middle of grading.
"""

from __future__ import annotations

import errno
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from types import ModuleType

from autograder.data.downloading import Progress, download
from autograder.data.published import ARCHIVE, DATASETS, FOLDER, LARGEST_FILE, NEEDED, PAGE, Archive, missing
from autograder.data.support import support
from autograder.errors import UsageError
from autograder.text import one_line


def get_cifar10(
    root: Path, solutions: Path, origin: Path | None = None, *, progress: Progress, archive: Archive = ARCHIVE
) -> Path:
    """Put CIFAR-10 into ``datasets/`` below `root` and return its folder.

    Parameters
    ----------
    solutions : Path
        The course's solutions, whose reader of CIFAR-10's files is used.
    origin : Path, optional
        An archive or a folder to take it from, instead of the net.

    Raises
    ------
    UsageError
        When it cannot be had, or is not CIFAR-10; what was there before stays.
    """
    reader = support(solutions, "cifar10_files")
    datasets = root / DATASETS
    target = datasets / FOLDER
    if origin is None:
        file = download(archive, datasets, progress)
        _install(target, reader, lambda folder: _unpack(file, folder), file)
        file.unlink()
    elif origin.is_dir():
        found = next((folder for folder in (origin, origin / FOLDER) if not missing(folder)), None)
        if found is None:
            raise UsageError(f"{origin}: CIFAR-10's files are {', '.join(NEEDED)}; {_lacking(origin)}")
        _install(target, reader, lambda folder: _copy(found, folder), origin)
    elif origin.is_file():
        _install(target, reader, lambda folder: _unpack(origin, folder), origin)
    else:
        raise UsageError(f"{origin}: no such file or folder; give the archive or {FOLDER}, from {PAGE}")
    return target


def _lacking(origin: Path) -> str:
    inner = origin / FOLDER if (origin / FOLDER).is_dir() else origin
    return f"{inner} has no {', '.join(missing(inner))}"


def _install(target: Path, reader: ModuleType, fill: Callable[[Path], None], origin: Path) -> None:
    """Fill a new folder, check what is in it, and put it in the place of `target`."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".new-") as temporary:
            folder = Path(temporary) / FOLDER
            folder.mkdir()
            fill(folder)
            for name in NEEDED:
                reader.read_batch(folder / name)
            if target.exists():
                target.rename(Path(temporary) / "old")
            folder.rename(target)
    except OSError as error:
        if isinstance(error, FileNotFoundError):
            raise UsageError(str(error)) from error
        room = " (no space left: make room and run it again)" if error.errno == errno.ENOSPC else ""
        raise UsageError(f"{target}: {error.strerror or error}{room}") from error
    except ValueError as error:  # of the reader: says which file, why, and what to do
        raise UsageError(f"{origin}: {str(error).replace(f'{folder}/', '')}") from error


def _copy(source: Path, folder: Path) -> None:
    for name in NEEDED:
        if (source / name).stat().st_size > LARGEST_FILE:
            raise UsageError(f"{source / name}: larger than any file of CIFAR-10")
        shutil.copyfile(source / name, folder / name)


def _unpack(archive: Path, folder: Path) -> None:
    """Take the files of CIFAR-10, and nothing else, out of an archive."""
    try:
        with tarfile.open(archive, "r:*") as tar:
            for member in tar:
                name = PurePosixPath(member.name).name
                if name in NEEDED and member.isfile():
                    if member.size > LARGEST_FILE:
                        raise UsageError(f"{archive}: {name} in it is larger than any file of CIFAR-10")
                    _take(tar, member, folder / name)
    except (tarfile.TarError, EOFError, zlib.error) as error:
        why = one_line(str(error).partition(":")[0], 80)  # tarfile lists all kinds of archives that it is not
        message = f"{archive}: not an archive of CIFAR-10, or cut short ({why}); download it again from {PAGE}"
        raise UsageError(message) from error
    if lacking := missing(folder):
        raise UsageError(f"{archive}: {', '.join(lacking)} not in it; download it again from {PAGE}")


def _take(tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    source = tar.extractfile(member)
    if source is None:
        raise tarfile.ReadError(f"{member.name} has no content")
    with target.open("wb") as file:
        shutil.copyfileobj(source, file)
