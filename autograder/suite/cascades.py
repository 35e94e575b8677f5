"""Keeps a wrong function from dragging down what builds on it.

How it works
------------
A check that fails although another one found a function wrong on which it builds is either `unchecked` or, where the
course lends, run again with the reference's in its place. What a submission has brought along from other assignments
no check of this one judges: there a check that fails is tried with the reference's in place of all of it that the
check builds on, and if it passes, with as few of them as it takes, which are the culprits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from autograder.suite import lending, messages
from autograder.types import Cause, Check, CheckOutcome, Fault, Verdict


@dataclass(frozen=True)
class Run:
    """One check's outcome, and what it called directly. `doubtful`: the suite may be to blame.

    `choices`: entries of the submission's dialect with several ways that it used.
    """

    outcome: CheckOutcome
    called: frozenset[str] = frozenset()
    doubtful: bool = False
    choices: frozenset[str] = frozenset()

    @property
    def passed(self) -> bool:
        """Whether the check passed."""
        return self.outcome.verdict is Verdict.PASSED

    @property
    def at_fault(self) -> bool:
        """Whether the submission is blamed."""
        return self.outcome.verdict.fault is Fault.STUDENT and not self.passed

    def done(self) -> messages.CheckDone:
        """Return what to tell of it."""
        return messages.CheckDone(self.outcome, self.doubtful)


def judged(check: Check, run: Run) -> frozenset[str]:
    """Return the functions that a check judges: those that it called itself and does not merely build on."""
    return frozenset(name for name in run.called if not lending.requires(check, name))


class Cascades:
    """Runs checks of one submission again on top of the reference's functions.

    Parameters
    ----------
    checks : sequence of Check
        All of the suite, which are known by their positions.
    lends : bool
        Whether what passes that way passes; else it is `unchecked`.
    carried : iterable of str
        Functions that the submission brings along.
    methods : bool
        Whether methods can be lent.
    run : callable
        Runs the check at a position with these functions lent.
    """

    def __init__(
        self,
        checks: Sequence[Check],
        *,
        lends: bool,
        carried: Iterable[str],
        methods: bool,
        run: Callable[[int, frozenset[str]], Run],
    ) -> None:
        self.lent: set[str] = set()  # in whose place the reference's were, in what was told
        self._checks, self._lends, self._methods, self._run = checks, lends, methods, run
        self._carried = lending.groups(carried)
        self._culprits: dict[frozenset[str], None] = {}  # of what was brought along

    def judgements(self, runs: Mapping[int, Run], verdicts: frozenset[Verdict]) -> frozenset[str]:
        """Return the functions that checks with one of these verdicts judge.

        A training calls whatever is there, and its accuracy says of no function that it is wrong.
        """
        chosen = [(i, run) for i, run in runs.items() if run.outcome.verdict in verdicts]
        return frozenset().union(*(judged(self._checks[i], run) for i, run in chosen if not run.outcome.trainings))

    def on_reference(self, position: int, wrong: frozenset[str], judges: frozenset[str]) -> Run | None:
        """Run a check with the reference's functions for `wrong` ones that it needs, unless it judges one of them."""
        check = self._checks[position]
        needed = lending.needed(check, wrong)
        lent = frozenset(name for name in lending.lendable(needed) if self._methods or not lending.is_method(name))
        if not self._lends or not lent or lent & judges:
            return None
        run = self._run(position, lent)
        if lent & judged(check, run):  # it got further than on the submission's own, to what it judges
            return None
        if not run.passed and not lent.issuperset(needed):  # what it builds on is still wrong in part
            return None
        return self._told(run, [name for name in needed if name in lent])

    def without_wrong(self, position: int, run: Run, wrong: frozenset[str]) -> Run:
        """Judge a check that failed apart from the functions that other checks found wrong."""
        check = self._checks[position]
        blamed = lending.needed(check, wrong)
        if not run.at_fault or not blamed:
            return run
        words = f"not judged: it builds on {lending.listed(blamed)}, which other checks found wrong or missing"
        return self.on_reference(position, wrong, judged(check, run)) or _unchecked(run, words)

    def without_carried(self, position: int, run: Run) -> Run:
        """Judge a check that failed apart from what is wrong of the functions that were brought along."""
        check = self._checks[position]
        if not run.at_fault:
            return run
        judges, tried = judged(check, run), dict[frozenset[str], Run]()

        def passes(lent: frozenset[str]) -> bool:
            if lent not in tried:
                tried[lent] = self._run(position, lent)
            return tried[lent].passed and not lent & judged(check, tried[lent])

        groups = [each for each in self._carried if not each & judges and lending.needed(check, each)]
        known = [each for each in self._culprits if each <= frozenset().union(*groups)]
        culprits = next(filter(passes, known), None) or lending.fewest(groups, passes)
        if not culprits:
            return run
        self._culprits[culprits] = None
        if self._lends:
            return self._told(tried[culprits], sorted(culprits))
        return _unchecked(run, f"not judged: with {lending.listed(sorted(culprits))} of the reference it passes")

    def _told(self, run: Run, replaced: list[str]) -> Run:
        self.lent.update(replaced)
        if not run.passed:
            return run
        words = f"judged on top of the reference's {lending.listed(replaced)}"
        return replace(run, outcome=replace(run.outcome, message=words))


def _unchecked(run: Run, words: str) -> Run:
    causes = (Cause(name="builds-on", message=words),)
    return Run(replace(run.outcome, verdict=Verdict.UNCHECKED, message=words, causes=causes))
