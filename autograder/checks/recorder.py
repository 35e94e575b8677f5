"""What a check notes besides passing or failing: remarks, which cost nothing, and numbers for formulas.

Whoever runs a check drains the recorder after it, so that nothing is carried over to the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple


class Remark(NamedTuple):
    """Something worth telling that costs no points."""

    code: str
    message: str


_remarks: list[Remark] = []
_metrics: dict[str, float] = {}


def remark(code: str, message: str) -> None:
    """Note something about style; `code` names the kind, `message` may be read by the student."""
    note = Remark(code, message)
    if note not in _remarks:
        _remarks.append(note)


@contextmanager
def remark_failure(code: str, message: str) -> Iterator[None]:
    """Note something if the block fails, and go on: for what a good solution can do but nobody was asked for."""
    try:
        yield
    except Exception:  # noqa: BLE001 (any error of the student's code is what the remark is about)
        remark(code, message)


def metric(name: str, value: float) -> None:
    """Note a number such as an accuracy; the last value of a name counts."""
    _metrics[name] = float(value)


def drain() -> tuple[list[Remark], dict[str, float]]:
    """Return what was noted since the last call, and forget it."""
    noted = list(_remarks), dict(_metrics)
    _remarks.clear()
    _metrics.clear()
    return noted
