"""What earlier results tell of how long a hand-in will take, so that the last ones to be graded are short."""

from __future__ import annotations

import math
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import msgspec

from autograder.intake import HandIn


class _Took(msgspec.Struct):
    """As much of a result as is read here."""

    seconds: float


def longest_first(hand_ins: Iterable[HandIn], earlier: Path) -> list[HandIn]:
    """Return hand-ins in the order in which to grade them, by the results in the folder `earlier`.

    Those that nothing is known of come first, since they may take long. Attempts of a student stay together.
    """
    seconds: dict[str, float] = {}
    hand_ins = list(hand_ins)
    for hand_in in hand_ins:
        if hand_in.student not in seconds:
            seconds[hand_in.student] = _seconds(earlier / f"{hand_in.student}.json")
    return sorted(hand_ins, key=lambda hand_in: -seconds[hand_in.student])


def _seconds(file: Path) -> float:
    with suppress(OSError, msgspec.MsgspecError):
        return msgspec.json.decode(file.read_bytes(), type=_Took).seconds
    return math.inf
