"""What trials say of a suite: mistakes in it, mutants that it misses, checks and questions that do too little."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from autograder.catalogue import Catalogue
from autograder.types import Check, CheckOutcome, Verdict
from autograder.verify.mutants import Mutant
from autograder.verify.trial import Trial
from autograder.verify.variants import Kind

if TYPE_CHECKING:
    from autograder.course import Assignment

ANYTHING = "*"  # in the catalogue: whatever stands in place of lines that nobody is graded for
_WORTH_MORE = 3.0  # a question's share of the points, by its share of the wrong variants caught


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What is known of a suite after it was tried on variants of the solution."""

    assignment: str
    tried: Mapping[str, int]  # variants by kind
    problems: tuple[str, ...]  # right variants that lose points, wrong ones that lose none or others' points
    killed: tuple[tuple[Mutant, tuple[str, ...]], ...] = field(repr=False)  # and by which checks
    by_time: int  # of these, only because they did not end in time
    survivors: tuple[Mutant, ...]
    equivalent: tuple[tuple[Mutant, str], ...]  # and why
    idle: tuple[str, ...]  # checks that no wrong variant is seen to fail
    redundant: tuple[str, ...]  # checks that are never the only one; known only of a full trial
    overvalued: tuple[str, ...]  # a line for each question worth more than it tests
    full: bool  # every check was run on the mutants that it reaches, and not only until one failed

    @property
    def score(self) -> float:
        """The part of the mutants that are killed, of those that are not equivalent; 1 without any."""
        total = len(self.killed) + len(self.survivors)
        return len(self.killed) / total if total else 1.0


def judge(
    assignment: Assignment,
    catalogue: Catalogue,
    checks: Iterable[Check],
    trials: Iterable[Trial],
    *,
    full: bool,
    again: Iterable[Trial] = (),
) -> Verification:
    """Draw the conclusions from all trials of an assignment's suite; of those `again`, only whether one has a problem.

    What a check does that does not pass on the reference counts for nothing.
    """
    checks, trials = tuple(checks), tuple(trials)
    unsound = {name for trial in trials if trial.variant.kind is Kind.REFERENCE for name in trial.names}
    points = {
        name: question.points
        for name, question in assignment.questions.items()
        if not (question.manual or question.metric)
    }
    reasons = {(was, now): reason for was, now, reason in catalogue.equivalent}

    def reason(mutant: Mutant) -> str:
        return reasons.get((mutant.was, mutant.now)) or reasons.get((mutant.was, ANYTHING), "")

    mutants = [(trial.variant.mutant, trial.names - unsound) for trial in trials if trial.variant.mutant]
    missed = [mutant for mutant, names in mutants if not names]
    in_use = {(mutant.was, mutant.now) for mutant in missed}  # the same line may be caught in another function
    unused = {key: words for key, words in reasons.items() if key not in in_use}
    wrong = [t for t in trials if t.variant.kind in (Kind.HOLE, Kind.MISTAKE, Kind.MUTANT) and t.failed]
    return Verification(
        assignment=assignment.name,
        tried=Counter(trial.variant.kind.value for trial in trials),
        problems=_told(points, trials, again, unused),
        killed=tuple((mutant, tuple(sorted(names))) for mutant, names in mutants if names),
        survivors=tuple(mutant for mutant in missed if not reason(mutant)),
        equivalent=tuple((mutant, reason(mutant)) for mutant in missed if reason(mutant)),
        by_time=sum(
            all(o.verdict is Verdict.TIMEOUT for o in t.failed) for t in trials if t.variant.mutant and t.failed
        ),
        idle=tuple(check.name for check in checks if not any(check.name in trial.names for trial in wrong)),
        redundant=tuple(_redundant(checks, wrong)) if full else (),
        overvalued=tuple(_overvalued(points, wrong, checks)),
        full=full,
    )


def _told(
    full: Mapping[str, float],
    trials: Sequence[Trial],
    again: Iterable[Trial],
    reasons: Mapping[tuple[str, str], str],
) -> tuple[str, ...]:
    """Return the problems there are to tell: of the reference alone, if it has any, since the others have them too."""
    first = [trial for trial in trials if trial.variant.kind is Kind.REFERENCE]
    if of_reference := list(_problems(full, first, reasons)):
        return (*of_reference, "the others are not judged before the reference gets full points")
    return tuple(_problems(full, [*trials, *again], reasons))


def _problems(
    full: Mapping[str, float], trials: Iterable[Trial], reasons: Mapping[tuple[str, str], str]
) -> Iterator[str]:
    """Yield a line for each variant that is not judged as it should be."""
    for trial in trials:
        name = trial.variant.label
        for check in trial.broken[:1]:
            yield f"{name}: {check.name} fails by itself: {check.message}"
        lost = {question for question in full if trial.points.get(question, full[question]) < full[question]}
        for words in _RULES[trial.variant.kind](full, lost, trial):
            yield f"{name}: {words}"
        mutant = trial.variant.mutant
        if mutant and trial.failed and (mutant.was, mutant.now) in reasons:
            yield f"{name} is listed as equivalent ({reasons[mutant.was, mutant.now]}), but {_first(trial.failed)}"


Rule = Callable[[Mapping[str, float], set[str], Trial], Iterator[str]]


def _right(full: Mapping[str, float], lost: set[str], trial: Trial) -> Iterator[str]:
    if lost:
        yield f"loses points in {_listed(lost)}: {_first(trial.failed)}"


def _untouched(full: Mapping[str, float], lost: set[str], trial: Trial) -> Iterator[str]:
    for question, points in trial.points.items():
        if points > 0:
            yield f"gets {points:g} of {full[question]:g} points in {question}"


def _wrong(full: Mapping[str, float], lost: set[str], trial: Trial) -> Iterator[str]:
    expected = trial.variant.questions
    if not lost and not expected:
        yield "loses no points"
    if expected - lost:
        yield f"loses no points in {_listed(expected - lost)}"
    if trial.variant.hollow:
        yield from (f"gets {trial.points[name]:g} points in {name}" for name in expected if trial.points.get(name))
    others = lost - expected - trial.unchecked
    if expected and others:
        yield f"also loses points in {_listed(others)}, which it is not about"


def _mutated(full: Mapping[str, float], lost: set[str], trial: Trial) -> Iterator[str]:
    yield from ()


_RULES: Mapping[Kind, Rule] = {
    Kind.REFERENCE: _right,
    Kind.UNTOUCHED: _untouched,
    Kind.HOLE: _wrong,
    Kind.ALTERNATIVE: _right,
    Kind.MISTAKE: _wrong,
    Kind.MUTANT: _mutated,
}


def _redundant(checks: Iterable[Check], wrong: list[Trial]) -> Iterator[str]:
    alone = {name for trial in wrong if len(trial.names) == 1 for name in trial.names}
    ever = {name for trial in wrong for name in trial.names}
    yield from (check.name for check in checks if check.name in ever - alone)


def _overvalued(full: Mapping[str, float], wrong: list[Trial], checks: Iterable[Check]) -> Iterator[str]:
    question_of = {check.name: check.question for check in checks}
    caught = Counter(question for trial in wrong for question in {question_of[name] for name in trial.names})
    points, kills = sum(full.values()), sum(caught.values())
    for question, worth in full.items():
        if kills and points and worth / points > _WORTH_MORE * caught[question] / kills:
            yield (
                f"{question} is worth {worth / points:.0%} of the points, and catches {caught[question] / kills:.0%} "
                "of what is caught"
            )


def _first(failed: Iterable[CheckOutcome]) -> str:
    check = next(iter(failed))
    return f"{check.name} {check.verdict}: {check.message}".strip()


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
