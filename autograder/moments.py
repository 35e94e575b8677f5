"""Points in time, as people and systems write them; nothing else of the project is needed here."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_EARLIEST, _LATEST = 1990, 2200  # years; what lies outside is nobody's deadline, and overflows when added to
_ZONE = re.compile(r"\s*(?:UTC|GMT)$")
_OFFSET = re.compile(r"\s+([+-]\d\d):?(\d\d)$")
_FRACTION = re.compile(r"(\.\d{6})\d+")


def moment(text: str) -> datetime:
    """Return a point in time from ISO 8601 or what nbgrader, Gradescope and Ruby write; it must say its offset.

    ValueError for anything else.
    """
    text = _FRACTION.sub(r"\1", _OFFSET.sub(r"\1:\2", _ZONE.sub("+00:00", text.strip())))
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError(f"{text!r} says no offset from UTC")
    if not _EARLIEST <= time.year <= _LATEST:
        raise ValueError(f"{text!r} is out of range")
    return time


def iso(value: object) -> str | None:
    """Return a time as ISO 8601, or None if it is none; a time without an offset is UTC only if it is a datetime."""
    if isinstance(value, datetime):
        value = (value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()
    try:
        return moment(str(value)).isoformat()
    except ValueError:
        return None
