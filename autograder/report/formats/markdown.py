"""A page for each student as Markdown, for systems that show feedback as text: GitHub, Moodle, mail.

Whatever students wrote stands in code blocks, or is escaped, so that it is neither markup nor HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from autograder.report.audience import Shown, ShownCheck, ShownQuestion, shown
from autograder.report.class_results import ClassResults
from autograder.report.words import earned, total
from autograder.scoring import points_text

_MARKUP = re.compile(r"([\\`*_\[\]<>&#|~!@$])|(?<=:)(?=//)")
_TICKS = re.compile("`+")


def write(results: ClassResults) -> Iterator[Path]:
    """Write ``students/<student>.md`` for each."""
    for result in results.results:
        yield results.write(f"students/{result.student}.md", page(shown(result, results.course)))


def page(view: Shown) -> str:
    """Return a student's page."""
    return "\n".join([*_head(view), *(line for question in view.questions for line in _question(question))]) + "\n"


def escaped(text: str) -> str:
    """Return `text` on one line so that Markdown shows it as it is."""
    return _MARKUP.sub(lambda match: f"\\{match[0]}", " ".join(text.split()))


def fenced(text: str) -> str:
    """Return `text` as a code block that nothing in it can end."""
    longest = max((len(ticks) for ticks in _TICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text.rstrip()}\n{fence}"


def _head(view: Shown) -> Iterator[str]:
    yield f"# {escaped(view.title)}: {escaped(view.student)}"
    yield f"\n{escaped(view.course)}, {escaped(view.term)}"
    yield f"\n**{total(view)}**"
    if view.problem:
        yield f"\n**Nothing could be graded:** {escaped(view.problem)}"
    if view.late.rule:
        yield f"\nHanded in: {escaped(view.late.rule)}"
    if view.by_hand:
        points = points_text(sum(question.max_points for question in view.by_hand))
        yield f"\n{points} points are still to be graded by hand: {escaped(', '.join(q.title for q in view.by_hand))}"
    if view.remarks:
        yield "\nRemarks, which cost nothing:\n"
        yield from (f"- {escaped(remark)}" for remark in view.remarks)
    yield "\n| question | points | of |\n|---|---:|---:|"
    for question in view.questions:
        yield f"| {escaped(question.title)} | {earned(question)} | {points_text(question.max_points)} |"


def _question(question: ShownQuestion) -> Iterator[str]:
    if not question.checks and not question.untold:
        return
    yield f"\n## {escaped(question.title)}: {earned(question)} of {points_text(question.max_points)}\n"
    if question.points is None and not question.manual:
        yield "Not graded yet, through no fault of yours: it will be graded again.\n"
    for check in question.checks:
        yield from _check(check)
    if question.untold:
        yield f"- and {question.untold} hidden checks"


def _check(check: ShownCheck) -> Iterator[str]:
    points = f"{points_text(check.points, check.max_points)} of {points_text(check.max_points)}"
    meaning = "" if check.passed else f": {check.meaning}"
    yield f"- {'✓' if check.passed else '✗'} **{escaped(check.title)}** ({points}){meaning}"
    if check.passed:
        return
    if check.hint:
        yield f"\n  Hint: {escaped(check.hint)}"
    for title, text in (("", check.message), ("What your code printed:", check.output)):
        if text:
            yield _indented(f"\n{title}\n\n{fenced(text)}\n" if title else f"\n{fenced(text)}\n")


def _indented(block: str) -> str:
    return "\n".join(f"  {line}".rstrip() for line in block.split("\n"))
