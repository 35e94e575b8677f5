"""Which known mistake a submission makes: the one that gives the same numbers wherever it is seen.

How it works
------------
A known mistake is what the suite made of one wrong variant of the reference: the checks that it fails and the
fingerprint of each failure. It is a submission's own if the submission fails those checks too, with the same numbers.
Functions that return zeros have that in common with many, so that such failures say nothing; a single number says
something only beside another one, or where the submission fails exactly the checks that the mistake fails.
A mistake whose failures are all explained by another one, which explains more, is left out; if more than two remain for
a check, nothing is said of it, because nothing is certain.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from autograder.diagnosis.fingerprints import same, similar, weight
from autograder.types import Cause, Check, CheckOutcome, Fingerprint, Verdict

MOST = 2  # causes that are told of a check
_ENOUGH = 2  # of the weights of failures


@dataclass(frozen=True, kw_only=True)
class Known:
    """A wrong variant of the reference, and what a suite made of it: its failures by name of check."""

    question: str
    cause: Cause
    failures: Mapping[str, Fingerprint | None]  # None: failed without numbers, as by an exception


def explained(
    outcomes: Iterable[CheckOutcome], checks: Iterable[Check], known: Iterable[Known]
) -> tuple[CheckOutcome, ...]:
    """Return the outcomes of a submission with the causes of those failures that known mistakes explain."""
    outcomes = tuple(outcomes)
    by_name = {outcome.name: outcome for outcome in outcomes}
    question_of = {check.name: check.question for check in checks}
    failed: dict[str, set[str]] = {}
    for outcome in outcomes:
        if outcome.verdict not in (Verdict.PASSED, Verdict.UNCHECKED):
            failed.setdefault(question_of[outcome.name], set()).add(outcome.name)
    found = [(each, names) for each in known if (names := _explains(each, by_name, failed.get(each.question, set())))]
    causes: dict[str, list[Cause]] = {}
    for each, names in found:
        if not any(names < others for _, others in found):
            for name in names:
                causes.setdefault(name, []).append(each.cause)
    return tuple(_with_causes(outcome, causes.get(outcome.name, [])) for outcome in outcomes)


def _explains(known: Known, outcomes: Mapping[str, CheckOutcome], failed: set[str]) -> frozenset[str]:
    """Return the failed checks in which a submission does what a known mistake does; none if it cannot be the same.

    `failed` are all checks of the question that the submission fails.
    """
    names: set[str] = set()
    evidence = 0
    for name, theirs in known.failures.items():
        outcome = outcomes.get(name)
        if outcome is None or outcome.verdict is Verdict.UNCHECKED:
            continue
        if outcome.verdict is Verdict.PASSED:
            return frozenset()
        ours = outcome.fingerprint
        if theirs is None or ours is None:
            continue
        if same(theirs, ours):
            names.add(name)
            evidence += weight(ours)
        elif not similar(theirs, ours):
            return frozenset()
    certain = evidence >= _ENOUGH or (evidence > 0 and failed == known.failures.keys())
    return frozenset(names) if certain else frozenset()


def _with_causes(outcome: CheckOutcome, causes: Collection[Cause]) -> CheckOutcome:
    distinct = {cause.message: cause for cause in causes}
    if not distinct or len(distinct) > MOST:
        return outcome
    return replace(outcome, causes=tuple(distinct.values()))
