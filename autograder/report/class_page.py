"""The page of a whole class, for those who teach it."""

from __future__ import annotations

import collections
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from autograder.report import class_statistics
from autograder.report.attention import notices
from autograder.report.audience import title_of
from autograder.report.class_results import ClassResults
from autograder.report.counting import Counter
from autograder.report.rendering import render
from autograder.results import Result
from autograder.types import Verdict

if TYPE_CHECKING:
    from autograder.similarity import Similarity

_SLOWEST = 15
_SECTIONS = (
    ("scores", "Scores"),
    ("look", "Needs a look"),
    ("students", "Students"),
    ("questions", "Questions"),
    ("checks", "Checks"),
    ("mistakes", "Mistakes"),
    ("slowest", "Slowest"),
    ("similar", "Similar hand-ins"),
)


def class_page(material: ClassResults) -> str:
    """Return the page."""
    results = material.results
    looks, spread = notices(results), class_statistics.spread(results)
    checks = class_statistics.checks(results)
    return render(
        "class.html.j2",
        script="class.js",
        course=material.course.name,
        term=material.course.term,
        title=material.assignment.title,
        sections=_SECTIONS,
        results=results,
        max_score=max(result.max_score for result in results),
        by_hand=_by_hand(results),
        statuses=sorted(collections.Counter(result.status for result in results).items()),
        spread=spread,
        bin_labels=class_statistics.bin_labels(),
        bin_words=tuple(_bin_words(spread)) if spread else (),
        notices=looks,
        notice_kinds=tuple(collections.Counter(notice.kind for notice in looks).items()),
        failed={result.student: _failed(result) for result in results},
        questions=class_statistics.questions(results),
        checks=checks,
        nobody=[check for check in checks if check.graded and not check.passed],
        everybody=[check for check in checks if check.graded and check.passed == check.graded],
        mistakes=class_statistics.mistakes(results),
        slowest=tuple(_slowest(results)),
        similar=_similar(material),
        first=min(result.started for result in results)[:16].replace("T", " "),
        last=max(result.started for result in results)[:16].replace("T", " "),
    )


def _similar(material: ClassResults) -> Similarity | None:
    """Compare what was handed in, if it was given."""
    if not material.options.submissions:
        return None
    from autograder.similarity import compare, handed_in, released

    texts = handed_in(material.course, material.assignment, material.options.submissions, material.options.roster)
    with Counter("comparing submissions") as counter:
        return compare(texts, released(material.course, material.assignment), counter)


def _by_hand(results: Sequence[Result]) -> float:
    """Return how many points nobody of the class has been given or refused yet."""
    waiting = (question for question in results[0].questions if question.manual)
    return sum(
        question.max_points
        for question in waiting
        if all(each.points is None for result in results for each in result.questions if each.name == question.name)
    )


def _bin_words(spread: class_statistics.Spread) -> Iterator[str]:
    labels = class_statistics.bin_labels()
    for label, count in zip(labels, spread.bins, strict=True):
        yield f"{count} student{'s' * (count != 1)} from {label}"


def _failed(result: Result) -> int:
    checks = (check for question in result.questions for check in question.checks)
    return sum(check.verdict is not Verdict.PASSED for check in checks)


def _slowest(results: Sequence[Result]) -> Iterator[tuple[str, float, str, float]]:
    """Yield students, their seconds, and the slowest check with its own."""
    for result in sorted(results, key=lambda result: -result.seconds)[:_SLOWEST]:
        checks = [check for question in result.questions for check in question.checks]
        if result.seconds and checks:
            worst = max(checks, key=lambda check: check.seconds)
            yield result.student, result.seconds, title_of(worst.name), worst.seconds
