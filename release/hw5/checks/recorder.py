"""What a check notes besides passing or failing: remarks, numbers for formulas, and what it is looking at.

Whoever runs a check drains the recorder after it, so that nothing is carried over to the next.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from .exhibits import Exhibit

_MOST_EXAMINED = 24
_LARGEST_EXAMINED = 1 << 20  # entries; what is larger is not kept
_MOST_EXHIBITS = 4  # of one check


class Remark(NamedTuple):
    """Something worth telling that costs no points."""

    code: str
    message: str


class Examined(NamedTuple):
    """An array that student code returned, as it was when a check looked at it, and what it should have been."""

    name: str
    values: npt.NDArray[Any]
    expected: npt.NDArray[Any] | None = None


class Sight(NamedTuple):
    """What a check has been looking at since a comparison last held, and how many have held."""

    held: int
    examined: tuple[Examined, ...]


_remarks: list[Remark] = []
_metrics: dict[str, float] = {}
_exhibits: dict[tuple[str, str], Exhibit] = {}  # by kind and name
_examined: deque[Examined] = deque(maxlen=_MOST_EXAMINED)
_held = 0
_examples = 0
_watch: list[Callable[[str], None]] = []


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
        _exhibits.clear()  # the check does not fail over these


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


def examine(name: str, values: npt.NDArray[Any]) -> None:
    """Note what student code returned; should the check fail over it, others may know that mistake."""
    if values.size > _LARGEST_EXAMINED:
        return
    again = [i for i, each in enumerate(_examined) if each.name == name and np.array_equal(each.values, values)]
    expected = [_examined[i].expected for i in again]
    for i in reversed(again):
        del _examined[i]
    _examined.append(Examined(name, values.copy(), next((each for each in expected if each is not None), None)))


def expect(expected: npt.NDArray[Any]) -> None:
    """Note what the array that was examined last should have been."""
    if _examined and expected.size <= _LARGEST_EXAMINED:
        _examined[-1] = _examined[-1]._replace(expected=np.array(expected))


def held() -> None:
    """Note that a comparison held: what it looked at is not what the check fails over."""
    global _held
    _held += 1
    for tell in _watch:
        tell(_examined[-1].name if _examined else "")
    _examined.clear()


def watch(tell: Callable[[str], None]) -> None:
    """From now on, have `tell` called with the name of what was compared whenever a comparison has held."""
    _watch[:] = [tell]


def note_examples(count: int) -> None:
    """Note how many examples student code was given last; 0 if nobody knows."""
    global _examples
    _examples = count


def examples() -> int:
    """Return how many examples student code was given last, or 0."""
    return _examples


def sight() -> Sight:
    """Return what the check is looking at."""
    return Sight(_held, tuple(_examined))


def drain() -> tuple[list[Remark], dict[str, float]]:
    """Return what was noted since the last call, and forget all."""
    global _held, _examples
    noted = list(_remarks), dict(_metrics)
    _remarks.clear()
    _metrics.clear()
    _examined.clear()
    _held = _examples = 0
    return noted
