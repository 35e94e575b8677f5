"""What the results of a class have in common: pure arithmetic on results."""

from __future__ import annotations

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from autograder.report.audience import title_of
from autograder.results import CheckResult, QuestionResult, Result
from autograder.types import Fault, Verdict

_BINS = 20
_MOST_MISTAKES = 40
_MOST_NAMES = 12  # of students who made one mistake


@dataclass(frozen=True, kw_only=True)
class QuestionStatistics:
    """One question. Means are over those whose work is graded."""

    name: str
    title: str
    max_points: float
    graded: int
    mean_part: float | None  # of the points: 1 is easy
    discrimination: float | None  # correlation of its points with those of all other questions
    full: int
    none: int


@dataclass(frozen=True, kw_only=True)
class CheckStatistics:
    """One check."""

    name: str
    title: str
    question: str
    visible: bool
    passed: int
    graded: int
    verdicts: tuple[tuple[str, int], ...]  # other than passed, the most frequent first
    seconds: float  # median

    @property
    def part(self) -> float:
        """Part of the class that passes it."""
        return self.passed / self.graded if self.graded else 0.0


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """Something that several students got wrong in the same way."""

    words: str
    known: bool  # recognised by the numbers, and not only told in the same words
    checks: tuple[str, ...]
    students: tuple[str, ...]
    more: int  # students that are not named
    count: int


@dataclass(frozen=True, kw_only=True)
class Spread:
    """Final scores, where there is one: those of work that is graded."""

    count: int
    mean: float
    median: float
    deviation: float
    bins: tuple[int, ...]  # how many have so many of `_BINS` parts of the maximum; the last ones have more than that
    best: float
    worst: float


def spread(results: Sequence[Result]) -> Spread | None:
    """Return how final scores are spread, or None where nothing is graded."""
    finals = [result.final for result in results if result.final is not None]
    if not finals:
        return None
    most = max(result.max_score for result in results) or 1.0
    counts = Counter(min(_BINS, math.floor(final / most * _BINS + 1e-9)) for final in finals)
    return Spread(
        count=len(finals),
        mean=statistics.fmean(finals),
        median=statistics.median(finals),
        deviation=statistics.pstdev(finals),
        bins=tuple(counts[number] for number in range(_BINS + 1)),
        best=max(finals),
        worst=min(finals),
    )


def bin_labels() -> tuple[str, ...]:
    """Return what the bins of `Spread` are called, in percent."""
    return tuple(f"{number * 100 // _BINS}%" for number in range(_BINS + 1))


def questions(results: Sequence[Result]) -> tuple[QuestionStatistics, ...]:
    """Return the statistics of each question, in the order of the assignment."""
    rows: dict[str, list[tuple[Result, QuestionResult]]] = defaultdict(list)
    for result in results:
        for question in result.questions:
            rows[question.name].append((result, question))
    return tuple(_question(each) for each in rows.values())


def _question(rows: list[tuple[Result, QuestionResult]]) -> QuestionStatistics:
    first = rows[0][1]
    graded = [(result, question, question.points) for result, question in rows if question.points is not None]
    parts = [points / question.max_points for _, question, points in graded if question.max_points]
    pairs = [(points, result.score - points) for result, _, points in graded if not result.ungraded]
    return QuestionStatistics(
        name=first.name,
        title=first.title,
        max_points=max(question.max_points for _, question in rows),
        graded=len(graded),
        mean_part=statistics.fmean(parts) if parts else None,
        discrimination=_correlation(pairs),
        full=sum(points >= question.max_points for _, question, points in graded),
        none=sum(points == 0 for _, _, points in graded),
    )


def _correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    if len(pairs) < 3:
        return None
    try:
        return statistics.correlation(*zip(*pairs, strict=True))
    except statistics.StatisticsError:  # all have the same points
        return None


def checks(results: Sequence[Result]) -> tuple[CheckStatistics, ...]:
    """Return the statistics of each check, of hand-ins that could be graded."""
    rows: dict[tuple[str, str], list[CheckResult]] = defaultdict(list)
    for result in results:
        if not result.problem:
            for question in result.questions:
                for check in question.checks:
                    rows[question.title, check.name].append(check)
    return tuple(_check(title, each) for (title, _), each in rows.items())


def _check(question: str, each: list[CheckResult]) -> CheckStatistics:
    graded = [check for check in each if check.verdict.graded]
    counts = Counter(check.verdict for check in each)
    others = [(verdict.value.replace("_", " "), n) for verdict, n in counts.most_common() if verdict != Verdict.PASSED]
    return CheckStatistics(
        name=each[0].name,
        title=title_of(each[0].name),
        question=question,
        visible=each[0].visible,
        passed=counts[Verdict.PASSED],
        graded=len(graded),
        verdicts=tuple(others),
        seconds=statistics.median(check.seconds for check in each),
    )


def mistakes(results: Sequence[Result]) -> tuple[Mistake, ...]:
    """Return what most students got wrong in the same way: by its cause where recognised, else by its words."""
    found: dict[tuple[bool, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for result in results:
        for check in _failed(result):
            for known, words in _reasons(check):
                found[known, words][result.student].add(check.name)
    ranked = sorted(found.items(), key=lambda each: (-len(each[1]), not each[0][0], each[0][1]))
    return tuple(_mistake(known, words, by_student) for (known, words), by_student in ranked[:_MOST_MISTAKES])


def _failed(result: Result) -> Iterator[CheckResult]:
    for question in result.questions:
        for check in question.checks:
            if not result.problem and check.verdict.fault is Fault.STUDENT and check.verdict is not Verdict.PASSED:
                yield check


def _reasons(check: CheckResult) -> Iterator[tuple[bool, str]]:
    if check.causes:
        yield from ((True, cause.message) for cause in check.causes[:1])
    elif check.verdict in (Verdict.FAILED, Verdict.ERROR):
        yield False, f"{title_of(check.name)}: {_without_numbers(check) or check.verdict.value}"
    else:  # not about this check in particular
        yield False, f"{check.verdict.value}: {_without_numbers(check)}"


def _without_numbers(check: CheckResult) -> str:
    """Return the first line of a message with every number as N, so that the same words count as the same."""
    line = check.message.partition("\n")[0][:200]
    return "".join(_words(line))


def _words(line: str) -> Iterable[str]:
    number = False
    for character in line:
        if character.isdigit() or (number and character in ".e+-"):
            if not number:
                yield "N"
            number = True
        else:
            number = False
            yield character


def _mistake(known: bool, words: str, by_student: dict[str, set[str]]) -> Mistake:
    students = sorted(by_student)
    names = sorted({name for each in by_student.values() for name in each})
    return Mistake(
        words=words,
        known=known,
        checks=tuple(names),
        students=tuple(students[:_MOST_NAMES]),
        more=max(0, len(students) - _MOST_NAMES),
        count=len(students),
    )
