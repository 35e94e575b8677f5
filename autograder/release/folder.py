"""Write a folder whole or not at all, and compare one with what it should hold."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from autograder.errors import UsageError

SIGN = "conftest.py"  # every release has it, so a folder that has none is somebody's own
_CACHES = {"__pycache__", ".pytest_cache", ".ipynb_checkpoints", ".ruff_cache", ".mypy_cache"}


def replace_folder(target: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Replace `target` by a folder of these files, given by POSIX path, and return where each is now.

    Raises
    ------
    UsageError
        `target` is a link, a file or a folder that no release was written to, or cannot be written.
    """
    refusal = _refusal(target)
    if refusal is not None:
        raise UsageError(f"{target} {refusal}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as scratch:
            _write(Path(scratch, "new"), files)
            _swap(Path(scratch, "new"), target, Path(scratch, "old"))
    except OSError as error:
        raise UsageError(f"{target} cannot be written: {error.strerror or error}; choose another --output") from error
    return [target / path for path in sorted(files)]


def folder_differences(folder: Path, files: Mapping[str, bytes]) -> list[str]:
    """Return a line for each difference between a folder and the files it should hold; caches are ignored."""
    return [f"{path}: {what}" for path, what in sorted(_differences(folder, files))]


def _refusal(target: Path) -> str | None:
    """Say why a target must not be replaced, if so."""
    if target.is_symlink():
        return "is a link, which is not followed; remove it, or choose another --output"
    if target.exists() and not target.is_dir():
        return "is a file; remove it, or choose another --output"
    if target.is_dir() and any(target.iterdir()) and not (target / SIGN).is_file():
        return f"holds files but no {SIGN}, so it is no release; move it away, or choose another --output"
    return None


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.mkdir(mode=0o755)
    for path, raw in sorted(files.items()):
        file = folder / path
        file.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        file.write_bytes(raw)


def _swap(new: Path, target: Path, old: Path) -> None:
    """Put `new` in the place of `target`; should that fail or be interrupted, `target` is what it was."""
    if not target.exists():
        new.rename(target)
        return
    try:
        target.rename(old)
        new.rename(target)
    finally:
        if old.exists() and not target.exists():
            old.rename(target)


def _differences(folder: Path, files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    there = {file.relative_to(folder).as_posix(): file for file in folder.rglob("*") if _counts(file, folder)}
    for path in files.keys() | there.keys():
        file = there.get(path)
        if file is None:
            yield path, "missing"
        elif path not in files:
            yield path, "is not part of the release"
        elif file.is_symlink():
            yield path, "is a link instead of a file"
        elif (found := file.read_bytes()) != files[path]:
            yield path, _where(found, files[path])


def _counts(file: Path, folder: Path) -> bool:
    cached = _CACHES.intersection(file.relative_to(folder).parts)
    return not cached and (file.is_symlink() or not file.is_dir())


def _where(found: bytes, wanted: bytes) -> str:
    """Say in which line two files begin to differ."""
    pairs = zip(found.split(b"\n"), wanted.split(b"\n"), strict=False)
    same = next((n for n, (one, other) in enumerate(pairs) if one != other), None)
    lines = same if same is not None else min(found.count(b"\n"), wanted.count(b"\n"))
    return f"differs from line {lines + 1} on"
