"""The failure of a check, in two parts: what every student may read, and what would give answers away."""

from __future__ import annotations


class CheckFailure(AssertionError):
    """A wrong result.

    Parameters
    ----------
    message : str
        How the result differs, with the student's own values at most. It is shown for hidden checks
        too, so it never holds expected values, inputs or seeds.
    detail : str
        Expected against actual; shown for visible checks only.
    """

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message, detail)
        self.message = message
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.message}\n{self.detail}" if self.detail else self.message
