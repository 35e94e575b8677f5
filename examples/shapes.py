"""The shapes in which work is handed in: deep in folders, with litter of other programs, as zips."""

from __future__ import annotations

import io
import zipfile

from packages import Files

MOMENT = (2026, 10, 20, 18, 30, 0)  # of every file in a zip, so that the class is the same every time


def below(folder: str, files: Files) -> Files:
    """Return the files moved into a folder."""
    return {f"{folder}/{path}": data for path, data in files.items()}


def littered(files: Files) -> Files:
    """Return the files with what macOS and Jupyter leave beside each: metadata, and copies that are out of date."""
    litter = {".DS_Store": b"\0\0\0\1Bud1", ".ipynb_checkpoints/two_layer_nn-checkpoint.ipynb": b"{}"}
    for path, data in files.items():
        folder, _, name = path.rpartition("/")
        litter[f"__MACOSX/{folder}/._{name}"] = b"\0\5\x16\7\0\2\0\0Mac OS X"
        stem, _, suffix = name.rpartition(".")
        litter[f"{folder}/.ipynb_checkpoints/{stem}-checkpoint.{suffix}"] = data[: len(data) // 2]
    return {**litter, **files}


def zipped(files: Files) -> bytes:
    """Return a zip of the files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, data in files.items():
            info = zipfile.ZipInfo(path, MOMENT)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    return buffer.getvalue()


def saved_on_windows(files: Files) -> Files:
    """Return the files as Notepad saves them: with a byte order mark, and lines that end in CR LF."""
    return {path: b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n") for path, data in files.items()}
