"""What the suite found in submissions, kept so that the same work is never graded twice and nothing is lost.

How it works
------------
An outcome is kept as soon as it is there, under what decides it: the digest of the submission's files in a folder for
the conditions of grading (`autograder.suite.conditions`). A run that was killed goes on from there, and a change of
points, titles or due dates is only scored again. An outcome that says nothing of the submission, since the suite or
the grader failed, is not kept. Each file appears whole; one that cannot be read counts as none.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from autograder.errors import AutograderError
from autograder.intake import digest
from autograder.types import Outcome, Submission
from autograder.writing import replace_file

FOLDER = ".outcomes"  # in the folder of results
_CONDITIONS = 4  # so many, the latest, are kept


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """An outcome, and when its grading was started (ISO 8601, UTC)."""

    outcome: Outcome
    started: str


@dataclass(frozen=True, kw_only=True)
class Outcomes:
    """The outcomes in a folder of results, under the conditions of one run.

    `fresh`: those of other runs do not count.
    """

    folder: Path
    conditions: str
    fresh: bool = False
    own: set[str] = field(default_factory=set)  # keys of what this run has found itself

    def find(self, key: str) -> Kept | None:
        """Return what is known of the submission with this key."""
        if self.fresh and key not in self.own:
            return None
        with suppress(OSError, msgspec.MsgspecError):
            return msgspec.msgpack.decode((self._place / key).read_bytes(), type=Kept)
        return None

    def keep(self, key: str, kept: Kept) -> None:
        """Keep what was found in the submission with this key; AutograderError if there is no room."""
        if not all(check.verdict.graded for check in kept.outcome.checks):
            return
        path = self._place / key
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise AutograderError(f"{path.parent} cannot be made: {error.strerror}") from error
        replace_file(path, msgspec.msgpack.encode(kept), lasting=False)  # if power fails, it is found again
        self.own.add(key)

    def tidy(self) -> None:
        """Remove what was kept under conditions of long ago."""
        with suppress(OSError):
            self._place.touch()
        others = sorted(self.folder.joinpath(FOLDER).glob("*"), key=_age)
        for old in others[:-_CONDITIONS]:
            shutil.rmtree(old, ignore_errors=True)

    @property
    def _place(self) -> Path:
        return self.folder / FOLDER / self.conditions


def key(submission: Submission) -> str:
    """Return the digest of all that the suite gets of a submission."""
    files = {f"files/{path}": data for path, data in submission.files.items()}
    return digest(files | {f"extras/{name}": data for name, data in submission.extras.items()})


def _age(folder: Path) -> float:
    with suppress(OSError):
        return folder.stat().st_mtime
    return 0.0
