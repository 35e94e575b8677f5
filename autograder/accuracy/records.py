"""What a running check has trained and measured; whoever runs it drains this after it, like the recorder of checks."""

from __future__ import annotations

from autograder.types import Measurement, Training

_trainings: list[Training] = []
_measurements: list[Measurement] = []


def trained(training: Training) -> None:
    """Note how a training run went."""
    _trainings.append(training)


def measured(measurement: Measurement) -> None:
    """Note what was measured, and how it was decided."""
    _measurements.append(measurement)


def drain() -> tuple[tuple[Training, ...], tuple[Measurement, ...]]:
    """Return what was noted since the last call, and forget it."""
    noted = tuple(_trainings), tuple(_measurements)
    _trainings.clear()
    _measurements.clear()
    return noted
