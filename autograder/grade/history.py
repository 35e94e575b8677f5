"""What earlier results tell of how long a hand-in will take, so that the last ones to be graded are short."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from autograder.intake import HandIn


class _Took(msgspec.Struct):
    """As much of a result as is read here."""

    seconds: float


def expected(hand_ins: Iterable[HandIn], earlier: Path) -> dict[str, float]:
    """Return the seconds that hand-ins may take, by name, where the results in the folder `earlier` tell."""
    known: dict[str, float | None] = {}
    found = {}
    for hand_in in hand_ins:
        if hand_in.student not in known:
            known[hand_in.student] = _seconds(earlier / f"{hand_in.student}.json")
        if (seconds := known[hand_in.student]) is not None:
            found[hand_in.key] = seconds
    return found


def longest_first(hand_ins: Iterable[HandIn], seconds: Mapping[str, float]) -> list[HandIn]:
    """Return hand-ins in the order in which to grade them, by the seconds that are expected of some of them.

    Those that nothing is known of come first, since they may take long. Attempts of a student stay together.
    """
    return sorted(hand_ins, key=lambda hand_in: -seconds.get(hand_in.key, math.inf))


def _seconds(file: Path) -> float | None:
    with suppress(OSError, msgspec.MsgspecError):
        return msgspec.json.decode(file.read_bytes(), type=_Took).seconds
    return None
