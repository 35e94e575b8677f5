"""The commands ``autograder data list``, ``get`` and ``info``."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from autograder.errors import UsageError, nearest
from autograder.session import Session

_EVERY_S = 5.0  # between two lines of progress, where there is no terminal

data = typer.Typer(help="Data sets: which are here, and getting those that are not.", rich_markup_mode=None)
Name = Annotated[str, typer.Argument(help="cifar10 or shapes10.")]


@data.command("list")
def show_list(context: typer.Context) -> int:
    """Say which data sets there are, where, and which is used."""
    from autograder.data import overview

    session: Session = context.obj
    for name, words in overview(session.course().root):
        print(f"{name:10}{words}")
    return 0


@data.command()
def info(context: typer.Context, name: Name) -> int:
    """Read a data set and say what is in it."""
    from autograder.data import describe

    session: Session = context.obj
    course = session.course()
    for line in describe(name, course.root, course.solutions):
        print(line)
    return 0


@data.command()
def get(
    context: typer.Context,
    name: Name,
    origin: Annotated[
        Path | None, typer.Option("--from", metavar="PATH", help="An archive or a folder, instead of the net.")
    ] = None,
    url: Annotated[str | None, typer.Option(metavar="URL", help="A mirror; the checksum stays the same.")] = None,
) -> int:
    """Download a data set into the course's folder, or take it from a file or folder."""
    from dataclasses import replace

    from autograder.data import get_cifar10
    from autograder.data.listing import NAMES
    from autograder.data.published import ARCHIVE

    session: Session = context.obj
    if name == "shapes10":
        print("shapes10 is drawn when it is needed: there is nothing to get")
        return 0
    if name != "cifar10":
        raise UsageError(f"no data set {name!r}{nearest(name, NAMES)}; there are {' and '.join(NAMES)}")
    course = session.course()
    archive = ARCHIVE if url is None else replace(ARCHIVE, url=url)
    progress = _Progress()
    try:
        folder = get_cifar10(course.root, course.solutions, origin, progress=progress, archive=archive)
    finally:
        progress.end()
    print(f"cifar10 is in {folder}")
    return 0


class _Progress:
    """Shows how far a download is: a line that is written over on a terminal, now and then a line elsewhere."""

    def __init__(self) -> None:
        self._said = time.monotonic()
        self._open = False

    def __call__(self, have: int, whole: int) -> None:
        """Take note of `have` of `whole` bytes."""
        words = f"{have / 1e6:.0f} of {whole / 1e6:.0f} MB ({have * 100 // whole}%)"
        if sys.stdout.isatty():
            print(f"\r{words} ", end="", flush=True)
            self._open = True
        elif time.monotonic() - self._said > _EVERY_S:
            self._said = time.monotonic()
            print(words, flush=True)

    def end(self) -> None:
        """End the line that was begun."""
        if self._open:
            print()
