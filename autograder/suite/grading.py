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

import itertools
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Self

from autograder.diagnosis.conditions import with_conditions
from autograder.sandbox import Sandbox
from autograder.suite import lending, messages, peculiarities
from autograder.suite.cascades import Cascades, Run
from autograder.suite.checking import Checking
from autograder.suite.collected import Suite
from autograder.suite.collecting import running_order
from autograder.suite.dialects import Speech, speech_for
from autograder.suite.sessions import Sessions
from autograder.types import CheckOutcome, Outcome, Plan, Remark, Verdict

_WRONG = frozenset(verdict for verdict in Verdict if verdict.graded and verdict is not Verdict.PASSED)


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
        self._sessions = Sessions(suite, files, self._speech, spare)
        self._checking = Checking(suite, self._speech, self._plan)
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
        self._sessions.end()

    def leave(self, sandbox: Sandbox) -> bool:
        """Leave the sandbox that it was given for the next; say whether it can be used."""
        return self._sessions.own.leave(sandbox)

    def alone(self, position: int) -> Run:
        """Run one check on the submission's own code."""
        return self._checking.run(position, self._sessions.own_for(self._suite.checks[position]))

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
            checks=with_conditions([run.outcome for run in runs.values()], self._suite.checks, self._checking.watch),
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
        return (
            *dialect,
            *lent,
            *peculiarities.remarks(self._sessions.own.notes(), self._sessions.contents.everything()),
        )

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
        return self._checking.run(position, self._sessions.trying(self._suite.checks[position].visible))

    def _first(self, position: int, following: int | None, endless: frozenset[str]) -> Run:
        check = self._suite.checks[position]
        given = self._given.get(check.name)
        if given:
            return Run(given, doubtful=True)
        on_reference = self._cascades.on_reference(position, endless, frozenset())
        if on_reference and on_reference.passed:
            return on_reference
        return self._checking.run(position, self._sessions.own_for(check), following)

    def _again(self, position: int, run: Run, wrong: frozenset[str]) -> Run:
        """Judge a check apart from what is wrong below what it judges."""
        check = self._suite.checks[position]
        if check.name in self._given:
            return run
        run = self._cascades.without_wrong(position, run, wrong)
        return run if self._plan.trusted or check.budget_s else self._cascades.without_carried(position, run)

    def _run_lent(self, position: int, lent: frozenset[str]) -> Run:
        apart = self._suite.checks[position].visible and not self._plan.trusted
        return self._checking.run(position, self._sessions.lending(lent, apart))


def examine(suite: Suite, name: str) -> str:
    """Return how the reference solution fails the check called `name`, or an empty text."""
    position = next(position for position, check in enumerate(suite.checks) if check.name == name)
    with Grading(suite, suite.reference) as grading:
        outcome = grading.alone(position).outcome
    return "" if outcome.verdict is Verdict.PASSED else outcome.message or outcome.verdict.value
