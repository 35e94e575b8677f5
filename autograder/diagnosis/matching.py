"""Which known mistake a submission makes: the one that gives the same numbers wherever it is seen.

How it works
------------
A known mistake is what the suite made of one wrong variant of the reference: the checks that it fails and the
fingerprint of each failure. It is a submission's own if the submission fails those checks too, with the same numbers;
other numbers are allowed where none was expected, because training that diverges gives others every time.
Functions that return zeros have that in common with many, so that such failures say nothing; a single number says
something only beside another one. Where the submission fails exactly the checks that the mistake fails, less is enough:
one number or, if most checks pass, zeros.
A mistake whose failures are all explained by another one, which explains more, is left out; if more than two remain for
a check, nothing is said of it, because nothing is certain.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from autograder.diagnosis.fingerprints import expected, same, similar, weight
from autograder.types import Cause, Check, CheckOutcome, Fingerprint, Verdict

MOST = 2  # causes that are told of a check
_ENOUGH = 2  # of the weights of failures
_SAY_NOTHING = frozenset({Verdict.PASSED, Verdict.UNCHECKED})


@dataclass(frozen=True, kw_only=True)
class Known:
    """A wrong variant of the reference, and what a suite made of it: its failures by name of check."""

    question: str
    cause: Cause
    failures: Mapping[str, Fingerprint | None]  # None: failed without numbers, as by an exception
    listed: bool = True  # by the suite's author; else it is a mutant, which counts only where nothing listed does


def explained(
    outcomes: Iterable[CheckOutcome], checks: Iterable[Check], known: Iterable[Known]
) -> tuple[CheckOutcome, ...]:
    """Return the outcomes of a submission with the causes of those failures that known mistakes explain."""
    by_question: dict[str, dict[str, CheckOutcome]] = {}
    question_of = {check.name: check.question for check in checks}
    outcomes = tuple(outcomes)
    for outcome in outcomes:
        by_question.setdefault(question_of[outcome.name], {})[outcome.name] = outcome
    found = [(each, names) for each in known if (names := _explains(each, by_question.get(each.question, {})))]
    for listed in (False, True):  # what comes last stays
        causes = _by_check([(each, names) for each, names in found if each.listed is listed])
        outcomes = tuple(_with_causes(outcome, causes.get(outcome.name, [])) for outcome in outcomes)
    return outcomes


def _by_check(found: Iterable[tuple[Known, frozenset[str]]]) -> dict[str, list[Cause]]:
    """Return the causes of each check, without mistakes whose failures another one explains with more."""
    found, causes = list(found), dict[str, list[Cause]]()
    for each, names in found:
        if not any(names < others for _, others in found):
            for name in names:
                causes.setdefault(name, []).append(each.cause)
    return causes


def _explains(known: Known, outcomes: Mapping[str, CheckOutcome]) -> frozenset[str]:
    """Return the failures that a known mistake explains, of a submission with these outcomes in its question."""
    asked = {name: outcomes[name] for name in known.failures if name in outcomes}
    if any(outcome.verdict is Verdict.PASSED for outcome in asked.values()):
        return frozenset()
    pairs = {
        name: (theirs, ours)
        for name, outcome in asked.items()
        if (theirs := known.failures[name]) is not None and (ours := outcome.fingerprint) is not None
    }
    alike = frozenset(name for name, (theirs, ours) in pairs.items() if same(theirs, ours))
    other = (pair for name, pair in pairs.items() if name not in alike and not similar(*pair))
    if any(expected(theirs) or expected(ours) for theirs, ours in other):
        return frozenset()
    evidence = sum(weight(pairs[name][1]) for name in alike)
    passed = [name for name, outcome in outcomes.items() if outcome.verdict is Verdict.PASSED]
    failed = {name for name, outcome in outcomes.items() if outcome.verdict not in _SAY_NOTHING}
    exactly = failed == known.failures.keys() and (evidence > 0 or len(passed) >= len(failed))
    return alike if evidence >= _ENOUGH or exactly else frozenset()


def _with_causes(outcome: CheckOutcome, causes: Collection[Cause]) -> CheckOutcome:
    distinct = {cause.message: cause for cause in causes}
    if not distinct or len(distinct) > MOST:
        return outcome
    return replace(outcome, causes=tuple(distinct.values()))
