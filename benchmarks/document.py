"""Puts figures where a document has marks for them, so that nobody copies them by hand."""

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np


def write(file: Path, mark: str, lines: Sequence[str]) -> None:
    """Write `lines` between ``<!-- mark -->`` and the next ``<!-- end -->`` of a document, and the machine."""
    document = file.read_text(encoding="utf-8")
    marked = re.compile(rf"(<!-- {mark} -->\n).*?(\n<!-- end -->)", re.DOTALL)
    if not marked.search(document):
        sys.exit(f"{file}: no lines <!-- {mark} --> and <!-- end --> to write between")
    text = "\n".join([*lines, "", f"Measured on {_machine()}."])
    file.write_text(marked.sub(lambda match: match[1] + text + match[2], document), encoding="utf-8")


def _machine() -> str:
    model = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return f"{os.cpu_count()} cores of {model[1] if model else platform.processor()}, NumPy {np.__version__}"
