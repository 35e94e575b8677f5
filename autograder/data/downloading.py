"""Download one large file: with progress, resumed where an earlier attempt stopped, checked before it is used."""

from __future__ import annotations

import errno
import http.client
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from autograder.data.published import Archive, md5_of
from autograder.errors import UsageError

Progress = Callable[[int, int], None]  # bytes so far, bytes altogether

_BLOCK = 1 << 18
_PATIENCE_S = 30.0
_ATTEMPTS = 3


def download(archive: Archive, folder: Path, progress: Progress) -> Path:
    """Download `archive` into `folder` and return its path; what has arrived is kept for the next attempt.

    Raises
    ------
    UsageError
        When there is no network, no space, or what arrived is not the archive.
    """
    target = folder / archive.name
    part = target.with_name(target.name + ".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _want_space(archive, part)
        _fetch(archive, part, progress)
        if part.stat().st_size != archive.size or md5_of(part) != archive.md5:
            part.unlink()
            raise UsageError(
                f"{archive.url}: what arrived is not the published archive (its checksum differs), and was removed; "
                "run the command again, or give a copy with --from"
            )
        return part.replace(target)
    except OSError as error:
        raise UsageError(_reason(error, folder)) from error


def _fetch(archive: Archive, part: Path, progress: Progress) -> None:
    """Fetch what is missing of `part`, trying again where a connection breaks but brought something."""
    for attempt in range(1, _ATTEMPTS + 1):
        before = _size(part)
        try:
            _fetch_rest(archive, part, progress)
        except (urllib.error.URLError, http.client.HTTPException, ConnectionError, TimeoutError) as error:
            gained = _size(part) > before
            if attempt == _ATTEMPTS or not gained or isinstance(error, urllib.error.HTTPError):
                raise _unreachable(archive, part, error) from error
        if _size(part) >= archive.size:
            return
    raise _unreachable(archive, part, ConnectionError("the connection broke off"))


def _fetch_rest(archive: Archive, part: Path, progress: Progress) -> None:
    have = _size(part)
    if have >= archive.size:
        return
    request = urllib.request.Request(archive.url, headers={"Range": f"bytes={have}-"} if have else {})
    with urllib.request.urlopen(request, timeout=_PATIENCE_S) as answer:
        resumed = answer.status == http.client.PARTIAL_CONTENT
        with part.open("ab" if resumed else "wb") as file:
            have = have if resumed else 0
            while have <= archive.size and (block := answer.read1(_BLOCK)):
                file.write(block)
                have += len(block)
                progress(min(have, archive.size), archive.size)


def _want_space(archive: Archive, part: Path) -> None:
    needed = archive.size - _size(part)
    if shutil.disk_usage(part.parent).free < needed:
        raise OSError(errno.ENOSPC, f"{needed / 1e6:.0f} MB are needed")


def _size(part: Path) -> int:
    return part.stat().st_size if part.is_file() else 0


def _unreachable(archive: Archive, part: Path, error: Exception) -> UsageError:
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    kept = f"; {_size(part) / 1e6:.0f} MB are kept, and the next attempt goes on from there" if _size(part) else ""
    words = f"{archive.url} cannot be downloaded: {reason}{kept}; run it again, or give a copy with --from"
    return UsageError(words)


def _reason(error: OSError, folder: Path) -> str:
    if error.errno == errno.ENOSPC:
        return f"no space left for the download in {folder} ({error.strerror}): make room and run it again"
    return f"{folder}: {error.strerror or error}"
