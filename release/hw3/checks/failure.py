"""The failure of a check, in two parts: what every student may read, and what would give answers away."""

from __future__ import annotations

from typing import NamedTuple


class Cause(NamedTuple):
    """Why a result is wrong: a name for counting, and a sentence that tells no expected values, inputs or seeds."""

    name: str
    message: str


class CheckFailure(AssertionError):
    """A wrong result.

    Parameters
    ----------
    message : str
        How the result differs, with the student's own values at most. It is shown for hidden checks
        too, so it never holds expected values, inputs or seeds.
    detail : str
        Expected against actual; shown for visible checks only.
    causes : tuple of Cause
        Why, as far as the numbers leave no doubt; shown for hidden checks too.
    missing : bool
        Whether what was asked for is still as it was released.
    """

    def __init__(self, message: str, detail: str = "", causes: tuple[Cause, ...] = (), missing: bool = False) -> None:
        super().__init__(message, detail, causes, missing)
        self.message = message
        self.detail = detail
        self.causes = causes
        self.missing = missing

    def __str__(self) -> str:
        return f"{self.message}\n{self.detail}" if self.detail else self.message
