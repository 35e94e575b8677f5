"""The sessions that one submission is graded in: on its own code, on that with the reference's functions, on trial."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import replace

from autograder.sandbox import Clock, Contents, Sandbox, Session
from autograder.sandbox.contents import unchanged
from autograder.suite import lending
from autograder.suite.collected import Suite
from autograder.suite.dialects import Speech, in_their_way
from autograder.types import Check, Limits
from autograder.worker.wire import NameRef

_AGAIN = ("", "_alt")  # some courses ask for a second backward pass from the same cache: batchnorm_backward_alt


class Sessions:
    """The sessions of one submission, each started when it is first needed; `end` ends them all."""

    def __init__(self, suite: Suite, files: Mapping[str, bytes], speech: Speech | None, spare: Sandbox | None) -> None:
        self.contents = _contents(suite, files, speech)
        self._suite, self._speech = suite, speech
        self._clock = Clock(suite.limits)
        self._lent_clock = Clock(suite.limits)  # what was late without the reference's functions need not be with them
        self._all: list[Session] = []
        self.own = self._session(spare=spare)

    def own_for(self, check: Check) -> Session:
        """Return the session on the submission's own code: a new one, with its own time, for a check that trains."""
        if not check.budget_s:
            return self.own
        seconds = check.budget_s + self._suite.limits.check_time_s  # what is left over is for measuring
        return self._session(limits=replace(self._suite.limits, time_s=seconds, check_time_s=seconds))

    @functools.cache  # noqa: B019 (lives as long as the process that grades this one submission)
    def trying(self, visible: bool) -> Session:
        """Return a session with time of its own, for trying out ways of a dialect on visible or on hidden checks."""
        return self._session(clock=Clock(self._suite.limits))

    @functools.cache  # noqa: B019 (lives as long as the process that grades this one submission)
    def lending(self, lent: frozenset[str], visible: bool) -> Session:
        """Return a session with the reference's functions for visible or for hidden checks, which share none."""
        known: dict[str, Callable[..., object]] = {}
        for name in lent:
            function = lending.of_reference(name)
            if function and lending.is_method(name):
                known[lending.method_key(name)] = function
            elif function:
                adapted = self._in_their_way(name, function)
                known |= {self._theirs(name) + end: adapted for end in _AGAIN}
        return self._session(lent=known, clock=self._lent_clock)

    def _in_their_way(self, name: str, function: Callable[..., object]) -> Callable[..., object]:
        return in_their_way(self._speech, name, function) if self._speech else function

    def _theirs(self, name: str) -> str:
        """Return what the submission calls a function."""
        module, _, function = name.rpartition(".")
        ref = self.contents.rename(NameRef(module, function))
        return f"{ref.module}.{ref.path}"

    def end(self) -> None:
        """End all sandboxes."""
        for session in self._all:
            session.end()

    def _session(
        self,
        lent: dict[str, Callable[..., object]] | None = None,
        spare: Sandbox | None = None,
        clock: Clock | None = None,
        limits: Limits | None = None,
    ) -> Session:
        contents = replace(self.contents, lent=lent or {})
        clock = Clock(limits) if limits else clock or self._clock
        session = Session(self._suite.level, limits or self._suite.limits, contents, spare, clock)
        self._all.append(session)
        return session


def _contents(suite: Suite, files: Mapping[str, bytes], speech: Speech | None) -> Contents:
    """Sort what was handed in, and add what it builds on.

    In the package that is graded, the submission's own modules count, but for those of the support code; everywhere
    else ours come first, and the submission's where we have none.
    """
    package = speech.dialect.package if speech else suite.package
    names = dict(speech.dialect.names) if speech else {}
    below = {path.partition("/")[2] for path in suite.support} - {"__init__.py"}
    own = {
        path: data
        for path, data in files.items()
        if path.partition("/")[0] == package and not (speech and path.partition("/")[2] in below)
    }
    given = {_path(names.get(_module(path), _module(path)), path): data for path, data in suite.given.items()}
    return Contents(
        files=own,
        support=given | suite.support,
        beside={path: data for path, data in files.items() if path not in own},
        names=names,
        rename=speech.rename if speech else unchanged,
        old=suite.old_code,
    )


def _module(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".")


def _path(module: str, like: str) -> str:
    return like if like.endswith("__init__.py") else module.replace(".", "/") + ".py"
