"""Submissions in real sandboxes, for tests."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from autograder.sandbox import Contents, Session, levels
from autograder.sandbox.remote import RemoteName
from autograder.types import Limits
from autograder.worker.wire import NameRef

LEVELS = [level.name for level in levels() if level.works]
SHUT_IN = [level for level in LEVELS if level != "none"]
QUICK = Limits(time_s=20, check_time_s=1.0, memory_mb=300, processes=8, output_mb=0.01)


def files(**sources: str) -> dict[str, bytes]:
    """Return the files of a package `nndl` with these modules."""
    modules = {f"nndl/{name}.py": textwrap.dedent(source).encode() for name, source in sources.items()}
    return {"nndl/__init__.py": b""} | modules


@contextmanager
def opened(
    level: str,
    submission: Mapping[str, bytes],
    limits: Limits = QUICK,
    *,
    support: Mapping[str, bytes] | None = None,
    lent: Mapping[str, Callable[..., Any]] | None = None,
) -> Iterator[Session]:
    """Have a session with `submission`, in its first check."""
    session = Session(level, limits, Contents(files=submission, support=support or {}, lent=lent or {}))
    session.begin_check(1)
    try:
        yield session
    finally:
        session.end()


def name(session: Session, path: str) -> RemoteName:
    """Return the stand-in for ``nndl.module.name``."""
    package, module, *rest = path.split(".")
    return RemoteName(NameRef(f"{package}.{module}", ".".join(rest)), lambda: session)
