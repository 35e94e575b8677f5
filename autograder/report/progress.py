"""Progress while a class is graded: a bar on a terminal, lines in a log, or events for scripts.

Rich is imported only when something is shown, because the suite's process can start meanwhile. Names that students
chose are never interpreted as markup.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from autograder.report.pace import Pace, in_words
from autograder.report.terminal import flag, total
from autograder.rows import Row
from autograder.scoring import points_text
from autograder.text import one_line
from autograder.types import Verdict

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.progress import Progress

_EVERY_S = 30.0  # between lines that say how far it is, in logs
_NAME_WIDTH = 24


class Bar:
    """Progress as a bar with an estimate, and below it the verdicts so far and who takes longest."""

    def __init__(self) -> None:
        self._progress: Progress | None = None

    def begin(self, names: Sequence[str], expected: Mapping[str, float]) -> None:
        """Draw the empty bar."""
        self._pace = Pace(names, expected)
        self._progress = _bar(self._pace)
        self._task = self._progress.add_task("", total=len(names))
        self._progress.start()

    def begun(self, name: str) -> None:
        """Take note of who is being graded."""
        self._pace.begun(name)

    def finished(self, name: str, row: Row) -> None:
        """Advance the bar."""
        self._pace.finished(name, row)
        if self._progress is not None:
            self._progress.update(self._task, advance=1)

    def close(self) -> None:
        """Remove the bar."""
        if self._progress is not None:
            self._progress.stop()


def _bar(pace: Pace) -> Progress:
    """Return a bar that draws itself four times a second."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.text import Text

    class _Below(Progress):
        def get_renderables(self) -> Iterable[RenderableType]:
            for task in self.tasks:
                task.description = estimate(pace)
            yield from super().get_renderables()
            for line in (verdicts(pace), running(pace)):
                yield Text(line, "dim", no_wrap=True, overflow="ellipsis")

    columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    return _Below(*columns, refresh_per_second=4, transient=True)


class Lines:
    """Progress as a line for each result and, where there is none for long, a line on what is being done."""

    def __init__(self) -> None:
        self._over = threading.Event()
        self._quiet = threading.Event()
        self._ticker: threading.Thread | None = None

    def begin(self, names: Sequence[str], expected: Mapping[str, float]) -> None:
        """Remember how many there will be."""
        import rich.console
        import rich.table  # noqa: F401 -- both for the table at the end; the suite is collected meanwhile

        self._pace = Pace(names, expected)
        self._ticker = threading.Thread(target=self._tick, daemon=True)
        self._ticker.start()

    def begun(self, name: str) -> None:
        """Take note of who is being graded."""
        self._pace.begun(name)

    def finished(self, name: str, row: Row) -> None:
        """Print a line."""
        self._quiet.clear()
        pace = self._pace
        pace.finished(name, row)
        words = f"{total(row)} of {points_text(row.max_score)} ({flag(row)})"
        print(f"[{pace.done:{len(str(pace.total))}}/{pace.total}] {row.student}: {words}", flush=True)

    def _tick(self) -> None:
        while not self._over.wait(_EVERY_S):
            if self._quiet.is_set():
                words = [f"{self._pace.done} of {self._pace.total} done", estimate(self._pace), running(self._pace)]
                print("; ".join(filter(None, words)), flush=True)
            self._quiet.set()

    def close(self) -> None:
        """Say no more."""
        self._over.set()
        if self._ticker is not None:
            self._ticker.join()


class Silent:
    """No progress, where only the outcome is wanted."""

    def begin(self, names: Sequence[str], expected: Mapping[str, float]) -> None:
        """Say nothing."""

    def begun(self, name: str) -> None:
        """Say nothing."""

    def finished(self, name: str, row: Row) -> None:
        """Say nothing."""

    def close(self) -> None:
        """Do nothing more."""


class Events:
    """Progress as JSON, a line for each event on standard error."""

    def begin(self, names: Sequence[str], expected: Mapping[str, float]) -> None:
        """Say how many there are."""
        self._pace = Pace(names, expected)
        self._say("begin", total=len(names))

    def begun(self, name: str) -> None:
        """Say who is being graded."""
        self._pace.begun(name)
        self._say("started", student=name)

    def finished(self, name: str, row: Row) -> None:
        """Say what came of it, and how far the class is."""
        graded = self._pace.graded
        self._pace.finished(name, row)
        left_s = self._pace.remaining_s()
        self._say(
            "finished",
            student=name,
            status=row.status,
            score=row.score,
            max_score=row.max_score,
            bonus=row.bonus,
            final=row.final,
            verdicts={verdict.value: count for verdict, count in row.verdicts},
            seconds=row.seconds,
            known=self._pace.graded == graded,
            done=self._pace.done,
            total=self._pace.total,
            left_s=None if left_s is None else round(left_s, 1),
        )

    def close(self) -> None:
        """Do nothing more: the document with all results is the end."""

    def _say(self, event: str, **what: object) -> None:
        print(json.dumps({"event": event, **what}), file=sys.stderr, flush=True)


def estimate(pace: Pace) -> str:
    """Return how long it will take, as far as that is known."""
    left_s = pace.remaining_s()
    return f"about {in_words(left_s)} left" if left_s else ""


def verdicts(pace: Pace) -> str:
    """Return how many checks have ended how."""
    found = [(verdict.value.replace("_", " "), pace.verdicts[verdict]) for verdict in Verdict]
    counts = [f"{count} {word}" for word, count in found if count]
    return f"checks: {', '.join(counts)}" if counts else "loading the suite"


def running(pace: Pace) -> str:
    """Return who is being graded, those first who take longest."""
    names = [f"{one_line(name, _NAME_WIDTH)} {in_words(seconds)}" for name, seconds in pace.running()]
    return f"running: {', '.join(names)}" if names else ""
