"""How far a long command is, as a bar on a terminal."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Counter:
    """Shows how many of how many are done while it is entered; where there is no terminal, nothing."""

    def __init__(self, title: str, *, quiet: bool = False) -> None:
        self._title, self._shown = title, not quiet and sys.stdout.isatty()
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        """Draw the bar."""
        if self._shown:
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            self._progress = Progress(*columns, auto_refresh=False, transient=True)
            self._task = self._progress.add_task(self._title, total=None)
            self._progress.start()
        return self

    def __call__(self, done: int, total: int) -> None:
        """Show that so many are done."""
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, completed=done, total=total, refresh=True)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the bar."""
        if self._progress is not None:
            self._progress.stop()
