"""Grades one submission with a collected suite, in a process of its own.

How it works
------------
Every check runs against the submission's own code, those first on which nothing else is needed. Those that fail are
then judged apart from what is wrong below them (`cascades`). What builds on a function that timed out is judged that
way at once: an endless loop costs its own question, and not the submission's whole time.

A check that ends with an error which is neither a failed assertion nor the student's exception is doubtful: only the
reference solution can tell whether the suite is to blame, and it is asked (`examine`) in a process that no
submission's data has touched.
"""

from __future__ import annotations

import functools
import itertools
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import pytest

from autograder.accuracy import records
from autograder.accuracy.handed_in import NotHandedIn
from autograder.checks import CheckFailure, recorder
from autograder.diagnosis.conditions import Watch, with_conditions
from autograder.diagnosis.fingerprints import fingerprint
from autograder.sandbox import Clock, Contents, Sandbox, Session
from autograder.sandbox.contents import unchanged
from autograder.sandbox.remote import RemoteName
from autograder.suite import lending, messages, peculiarities, seeds
from autograder.suite.budget import Overrun, OwnTime
from autograder.suite.cascades import Cascades, Run
from autograder.suite.collecting import running_order
from autograder.suite.dialects import Speech, Translated, in_their_way, speech_for
from autograder.suite.proxies import Current
from autograder.suite.verdicts import Judgement, NotAsked, judge
from autograder.text import printable
from autograder.types import (
    Cause,
    Check,
    CheckOutcome,
    Dialect,
    Exhibit,
    Fingerprint,
    Limits,
    Outcome,
    Plan,
    Remark,
    Verdict,
)
from autograder.worker.wire import NameRef

_AGAIN = (
    "",
    "_alt",
)  # some courses ask for a second backward pass, such as batchnorm_backward_alt, from the same cache
_WRONG = frozenset(verdict for verdict in Verdict if verdict.graded and verdict is not Verdict.PASSED)
_MAX_WORDS = 4000  # of a message; a suite may quote what a student's code gave


class Phases:
    """A pytest plugin that keeps the first error of the running check's set-up, call and tear-down."""

    def __init__(self) -> None:
        self.error: BaseException | None = None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> object:
        """Note what a phase raised."""
        if call.excinfo is not None and self.error is None:
            self.error = call.excinfo.value
        return (yield)


@dataclass(frozen=True, kw_only=True)
class Suite:
    """A collected suite and what grading with it takes."""

    items: tuple[pytest.Item, ...]
    checks: tuple[Check, ...]
    phases: Phases
    current: Current
    tests: Path
    level: str
    limits: Limits
    seed: int
    lend: bool
    carried: tuple[str, ...]  # functions that submissions bring along, which other assignments judge
    support: dict[str, bytes]
    reference: dict[str, bytes]
    package: str
    given: dict[str, bytes]  # modules of the package without holes
    dialects: tuple[Dialect, ...] = ()
    old_code: bool = True


class Grading:
    """One submission on its way through a suite. What is in `given` is not run."""

    def __init__(
        self,
        suite: Suite,
        files: dict[str, bytes],
        spare: Sandbox | None = None,
        given: Mapping[str, CheckOutcome] | None = None,
        plan: Plan | None = None,
    ) -> None:
        self._suite, self._given, self._plan = suite, given or {}, plan or Plan()
        self._speech = speech_for(suite.dialects, suite.package, files)
        self._contents = _contents(suite, files, self._speech)
        self._clock = Clock(suite.limits)
        self._lent_clock = Clock(suite.limits)  # what was late without the reference's functions need not be with them
        self._sessions: list[Session] = []
        self._own_time = OwnTime(suite.limits)
        self._watch = Watch()
        self._own = self._session(spare=spare)
        self._cascades = Cascades(
            suite.checks,
            lends=suite.lend,
            carried=suite.carried,
            methods=not self._speech,  # objects of a dialect hold other things
            run=self._run_lent,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End all sandboxes."""
        for session in self._sessions:
            session.end()

    def leave(self, sandbox: Sandbox) -> bool:
        """Leave the sandbox that it was given for the next; say whether it can be used."""
        return self._own.leave(sandbox)

    def run(self, tell: Callable[[messages.CheckDone], None]) -> messages.Graded:
        """Grade; `tell` hears of each check as it is done, and again if its verdict changes."""
        started = time.monotonic()
        first: dict[int, Run] = {}
        order = running_order(self._suite.checks, self._plan)
        run = [position for position in order if self._suite.checks[position].name not in self._given]
        following = dict(itertools.pairwise(run))  # for which pytest keeps what both need
        for position in order:
            endless = self._cascades.judgements(first, frozenset({Verdict.TIMEOUT}))
            first[position] = self._first(position, following.get(position), endless)
            tell(first[position].done())
            if self._plan.first_failure and first[position].outcome.verdict is not Verdict.PASSED:
                return self._graded(first, started)
        if self._speech:
            self._choose_ways(self._speech, first, tell)
        runs = dict(sorted(first.items()))
        for position in order:  # a function that is right on top of the reference's others is not wrong any more
            runs[position] = self._again(position, first[position], self._cascades.judgements(runs, _WRONG))
            if runs[position] is not first[position]:
                tell(runs[position].done())
        return self._graded(runs, started)

    def _graded(self, runs: Mapping[int, Run], started: float) -> messages.Graded:
        outcome = Outcome(
            checks=with_conditions([run.outcome for run in runs.values()], self._suite.checks, self._watch),
            isolation=self._suite.level,
            seconds=time.monotonic() - started,
            remarks=self._remarks(),
        )
        return messages.Graded(outcome, tuple(run.outcome.name for run in runs.values() if run.doubtful))

    def _remarks(self) -> tuple[Remark, ...]:
        replaced = sorted(self._cascades.lent)
        words = f"what builds on {lending.listed(replaced)} was judged with the reference's in its place"
        lent = (Remark(code="lent", message=words),) if replaced else ()
        dialect = (self._speech.remark(),) if self._speech else ()
        return (*dialect, *lent, *peculiarities.remarks(self._own.notes(), self._contents.everything()))

    def _choose_ways(self, speech: Speech, runs: dict[int, Run], tell: Callable[[messages.CheckDone], None]) -> None:
        """Take, for each entry of the dialect that has several, the way by which most checks pass.

        Where that does not tell, it is the way that most other entries follow, else the first.
        """
        before = dict(runs)
        for key, ways in speech.undecided():
            self._choose(speech, key, range(1, ways), runs, more=1)
        for key in [key for key, _ in speech.undecided() if not speech.ways[key]]:
            self._choose(speech, key, speech.usual(key), runs, more=0)
        for position, run in runs.items():
            if run is not before[position]:
                tell(run.done())

    def _choose(self, speech: Speech, key: str, ways: Iterable[int], runs: dict[int, Run], *, more: int) -> None:
        """Take one of `ways` if by it at least so many `more` checks pass."""
        using = [position for position, run in runs.items() if key in run.choices]
        failed = [position for position in using if runs[position].outcome.verdict is not Verdict.PASSED]
        best, passes = speech.ways.get(key, 0), len(using) - len(failed)
        for way in ways if failed else ():
            speech.ways[key] = way
            tried = {position: self._try(position) for position in failed}
            if any(run.outcome.verdict is Verdict.PASSED for run in tried.values()) or not more:
                tried |= {each: self._try(each) for each in using if each not in tried}
            passed = sum(run.outcome.verdict is Verdict.PASSED for run in tried.values())
            if passed >= passes + more:
                best, passes = way, passed
                runs.update(tried)
        speech.ways[key] = best

    def _try(self, position: int) -> Run:
        return self._check(position, self._trying(self._suite.checks[position].visible))

    @functools.cache  # noqa: B019 (lives as long as the process that grades this one submission)
    def _trying(self, visible: bool) -> Session:
        """Return a session with time of its own, for trying out ways of a dialect on visible or on hidden checks."""
        return self._session(clock=Clock(self._suite.limits))

    def _first(self, position: int, following: int | None, endless: frozenset[str]) -> Run:
        check = self._suite.checks[position]
        given = self._given.get(check.name)
        if given:
            return Run(given, doubtful=True)
        on_reference = self._cascades.on_reference(position, endless, frozenset())
        if on_reference and on_reference.passed:
            return on_reference
        return self._check(position, self._own_for(check), following)

    def _again(self, position: int, run: Run, wrong: frozenset[str]) -> Run:
        """Judge a check apart from what is wrong below what it judges."""
        check = self._suite.checks[position]
        if check.name in self._given:
            return run
        run = self._cascades.without_wrong(position, run, wrong)
        return run if self._plan.trusted or check.budget_s else self._cascades.without_carried(position, run)

    def _run_lent(self, position: int, lent: frozenset[str]) -> Run:
        apart = self._suite.checks[position].visible and not self._plan.trusted
        return self._check(position, self._lending(lent, apart))

    def _own_for(self, check: Check) -> Session:
        """Return the session on the submission's own code: a new one, with its own time, for a check that trains."""
        if not check.budget_s:
            return self._own
        seconds = check.budget_s + self._suite.limits.check_time_s  # what is left over is for measuring
        return self._session(limits=replace(self._suite.limits, time_s=seconds, check_time_s=seconds))

    def _check(self, position: int, session: Session, following: int | None = None) -> Run:
        suite = self._suite
        item, check = suite.items[position], suite.checks[position]
        session.begin_check(seeds.submission_seed(suite.seed, check.name), self._plan.seconds.get(check.name))
        suite.current.session, suite.phases.error = session, None
        if self._speech:
            suite.current.session = Translated(session, self._speech)
            self._speech.touched.clear()
        recorder.drain()
        recorder.drain_exhibits()
        records.drain()
        session.observer = self._watch
        self._watch.begins(check.name)
        started = time.monotonic()
        with self._own_time.of_a_check():
            item.config.hook.pytest_runtest_protocol(
                item=item, nextitem=None if following is None else suite.items[following]
            )
        if isinstance(suite.phases.error, Overrun):
            session.drop()  # it may have been in the middle of an answer
        seconds = time.monotonic() - started
        allowed = suite.tests if not check.visible else None
        if self._speech and isinstance(suite.phases.error, NotHandedIn):  # other courses have other notebooks
            suite.phases.error = NotAsked(str(suite.phases.error))
        judgement = judge(suite.phases.error, hidden_in=allowed, blank=session.blank)
        if judgement.verdict in (Verdict.FAILED, Verdict.ERROR):
            self._watch.fails(recorder.sight())
        seen = self._fingerprint() if judgement.verdict is Verdict.FAILED else None
        outcome = _outcome(item, check, suite.phases.error, judgement, seconds, session, seen)
        called = frozenset(session.called)
        if self._plan.probe:
            outcome = replace(outcome, reached=self._probed(session))
        if check.budget_s:
            session.end()
        return Run(
            outcome,
            called,
            judgement.undecided,
            frozenset(self._speech.touched if self._speech else ()),
        )

    def _probed(self, session: Session) -> tuple[str, ...]:
        """Return what the plan's probe says after a check."""
        module, _, name = self._plan.probe.rpartition(".")
        session.begin_check(0)
        return tuple(str(each) for each in RemoteName(NameRef(module, name), self._suite.current)())

    def _fingerprint(self) -> Fingerprint | None:
        """Return that of what a check failed over; None where that is data of which there is none."""
        try:
            with self._own_time.of_a_check():
                return fingerprint(recorder.sight())
        except (Overrun, ArithmeticError, ValueError, MemoryError):  # it explains a verdict, and is none
            return None

    @functools.cache  # noqa: B019 (lives as long as the process that grades this one submission)
    def _lending(self, lent: frozenset[str], visible: bool) -> Session:
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
        ref = self._contents.rename(NameRef(module, function))
        return f"{ref.module}.{ref.path}"

    def _session(
        self,
        lent: dict[str, Callable[..., object]] | None = None,
        spare: Sandbox | None = None,
        clock: Clock | None = None,
        limits: Limits | None = None,
    ) -> Session:
        contents = replace(self._contents, lent=lent or {})
        clock = Clock(limits) if limits else clock or self._clock
        session = Session(self._suite.level, limits or self._suite.limits, contents, spare, clock)
        self._sessions.append(session)
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


def examine(suite: Suite, name: str) -> str:
    """Return how the reference solution fails the check called `name`, or an empty text."""
    position = next(position for position, check in enumerate(suite.checks) if check.name == name)
    with Grading(suite, suite.reference) as grading:
        outcome = grading._check(position, grading._own_for(suite.checks[position])).outcome
    return "" if outcome.verdict is Verdict.PASSED else outcome.message or outcome.verdict.value


def _causes(error: BaseException | None) -> tuple[Cause, ...]:
    found = error.causes if isinstance(error, CheckFailure) else ()
    return tuple(Cause(name=cause.name, message=printable(cause.message[:_MAX_WORDS])) for cause in found)


def _outcome(
    item: pytest.Item,
    check: Check,
    error: BaseException | None,
    judgement: Judgement,
    seconds: float,
    session: Session,
    seen: Fingerprint | None,
) -> CheckOutcome:
    remarks, metrics = recorder.drain()
    trainings, measurements = records.drain()
    exhibits = recorder.drain_exhibits() if judgement.verdict is Verdict.FAILED else ()
    hint = item.get_closest_marker("hint")
    return CheckOutcome(
        name=check.name,
        verdict=judgement.verdict,
        message=printable(judgement.message[:_MAX_WORDS]),
        hint=str(hint.args[0]) if hint and judgement.verdict is not Verdict.PASSED else "",
        seconds=seconds,
        output=printable(session.output()),
        metrics=metrics,
        asked=not isinstance(error, NotAsked),
        remarks=tuple(Remark(code=code, message=printable(message[:_MAX_WORDS])) for code, message in remarks),
        trainings=trainings,
        measurements=measurements,
        causes=_causes(error) if judgement.verdict is Verdict.FAILED else (),
        exhibits=tuple(Exhibit(**each._asdict()) for each in exhibits),
        fingerprint=seen,
    )
