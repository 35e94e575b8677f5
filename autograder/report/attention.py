"""Which students' results a person should look at, and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.results import UNUSABLE, CheckResult, Result
from autograder.text import one_line
from autograder.types import Fault, Verdict

_ORDINARY = {UNUSABLE, "lent", "dialect"}  # codes of warnings that are told elsewhere, or need nobody's look
_ODD = (Verdict.BLOCKED, Verdict.CRASHED, Verdict.MEMORY, Verdict.TIMEOUT)
_WORDS = {
    Verdict.BLOCKED: "tried what the sandbox forbids",
    Verdict.CRASHED: "ended its process",
    Verdict.MEMORY: "used too much memory",
    Verdict.TIMEOUT: "took too long",
}


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A reason to look at a student's result. `kind`: in a word or two, for sorting."""

    student: str
    kind: str
    words: str


def notices(results: Sequence[Result]) -> tuple[Notice, ...]:
    """Return all reasons, what is most urgent first."""
    found = [notice for result in results for notice in _of(result)] + list(_identical(results))
    urgent = ("not graded", "unusable", "claimed accuracy", "identical", "blocked", "crashed")
    order = {kind: number for number, kind in enumerate(urgent)}
    return tuple(sorted(found, key=lambda each: (order.get(each.kind, len(order)), each.kind, each.student.casefold())))


def _of(result: Result) -> Iterator[Notice]:
    if result.problem:
        yield Notice(student=result.student, kind="unusable", words=one_line(result.problem))
        return
    checks = [check for question in result.questions for check in question.checks]
    for check in checks:
        if check.verdict.fault in (Fault.INSTRUCTOR, Fault.GRADER):
            words = one_line(f"{check.name}: {check.message}")
            yield Notice(student=result.student, kind="not graded", words=words)
            break
    for verdict, count in Counter(check.verdict for check in checks if check.verdict in _ODD).items():
        words = f"{_WORDS[verdict]} in {count} check{'s' * (count != 1)}"
        yield Notice(student=result.student, kind=verdict.value, words=words)
    yield from _claims(result, checks)
    for warning in result.warnings:
        if warning.code not in _ORDINARY:
            yield Notice(student=result.student, kind=warning.code.replace("_", " "), words=one_line(warning.message))


def _claims(result: Result, checks: Sequence[CheckResult]) -> Iterator[Notice]:
    """Yield where a notebook's saved outputs say more than can be."""
    for check in checks:
        for measured in check.measurements:
            if measured.claimed is not None and measured.claimed > measured.high:
                words = (
                    f"the notebook says {measured.metric} {measured.claimed:.1%}, measured was {measured.estimate:.1%} "
                    f"({measured.low:.1%} to {measured.high:.1%})"
                )
                yield Notice(student=result.student, kind="claimed accuracy", words=words)


def _identical(results: Sequence[Result]) -> Iterator[Notice]:
    """Yield who handed in the same bytes as others, and earned something with it."""
    same: dict[str, list[str]] = defaultdict(list)
    for result in results:
        if not result.problem and result.score > 0:
            same[result.submission_sha256].append(result.student)
    for students in same.values():
        for student in students if len(students) > 1 else ():
            others = [each for each in students if each != student]
            more = f" and {len(others) - 5} more" if len(others) > 5 else ""
            words = f"byte for byte the same as {', '.join(others[:5])}{more}"
            yield Notice(student=student, kind="identical", words=words)
