"""Make text that came from a student safe to print, to store and to name files with.

A leaf: nothing of the project is imported here.
"""

from __future__ import annotations

import re
import unicodedata

# Control characters (escape sequences of terminals among them), line separators, marks that reorder
# text, and halves of surrogate pairs, which no encoder accepts. Newline and tab are left alone.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_NOT_IN_FILE_NAMES = re.compile(r'[\s/\\:*?"<>|]+')
_NOT_FIRST = "._-=+@"  # hidden files, options of commands, formulas of spreadsheets
_FORMULA = re.compile(r"[=+\-@\t\r](?![\d.]+$)")  # what spreadsheets would evaluate, but for numbers
_NAME_BYTES = 100  # leaves room for a suffix and a counter within the 255 bytes of a file name


def printable(text: str) -> str:
    r"""Return `text` with every character that could harm a terminal or a file written as ``\x1b``."""
    return _UNSAFE.sub(_escape, text.replace("\r\n", "\n"))


def one_line(text: str, limit: int = 300) -> str:
    """Return `text` printable, on one line, and cut to at most `limit` characters."""
    line = " ".join(printable(text).split())
    return line if len(line) <= limit else line[: limit - 3] + "..."


def file_name(text: str, default: str = "student") -> str:
    """Return the nearest text to `text` that is a good file name: no separators, no odd start, not long.

    Letters of every script are kept; what cannot be is replaced by an underscore.
    """
    name = _UNSAFE.sub("_", unicodedata.normalize("NFC", text))
    name = _NOT_IN_FILE_NAMES.sub("_", name).lstrip(_NOT_FIRST).rstrip("._")
    return name.encode()[:_NAME_BYTES].decode(errors="ignore") or default


def as_cell(text: str) -> str:
    """Return `text` as a cell of a table: an apostrophe tells spreadsheets not to take it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
