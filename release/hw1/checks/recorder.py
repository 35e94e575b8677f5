"""What a check notes besides passing or failing: remarks, which cost nothing, and numbers for formulas.

Whoever runs a check drains the recorder after it, so that nothing is carried over to the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from .exhibits import Exhibit

_MOST_EXHIBITS = 4  # of one check


class Remark(NamedTuple):
    """Something worth telling that costs no points."""

    code: str
    message: str


_remarks: list[Remark] = []
_metrics: dict[str, float] = {}
_exhibits: dict[tuple[str, str], Exhibit] = {}  # by kind and name


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


def note_exhibit(exhibit: Exhibit) -> None:
    """Note data for a picture in case the check fails; the last of a kind and name counts, and the last few of all."""
    key = exhibit.kind, exhibit.name
    _exhibits.pop(key, None)
    _exhibits[key] = exhibit
    if len(_exhibits) > _MOST_EXHIBITS:
        del _exhibits[next(iter(_exhibits))]


def drain_exhibits() -> tuple[Exhibit, ...]:
    """Return the exhibits that were noted since the last call, and forget them."""
    noted = tuple(_exhibits.values())
    _exhibits.clear()
    return noted


def drain() -> tuple[list[Remark], dict[str, float]]:
    """Return what was noted since the last call, and forget it."""
    noted = list(_remarks), dict(_metrics)
    _remarks.clear()
    _metrics.clear()
    return noted
