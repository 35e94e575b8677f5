"""A page for each student as Markdown, for systems that show feedback as text: GitHub, Moodle, mail.

Whatever students wrote stands in code blocks, or is escaped, so that it is neither markup nor HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from autograder.report.audience import Shown, ShownCheck, ShownQuestion, shown, without_checks
from autograder.report.class_results import ClassResults
from autograder.report.pictures import caption
from autograder.report.steps import first_steps
from autograder.report.words import counted, earned, total
from autograder.results import CauseResult
from autograder.scoring import points_text
from autograder.types import Verdict

_MARKUP = re.compile(r"([\\`*_\[\]<>&#|~!@$])|(?<=:)(?=//)")
_TICKS = re.compile("`+")


def write(results: ClassResults) -> Iterator[Path]:
    """Write ``students/<student>.md`` for each."""
    for result in results.results:
        yield results.write(f"students/{result.student}.md", page(shown(result, results.course)))


def page(view: Shown) -> str:
    """Return a student's page."""
    view = without_checks(view)
    questions = (line for question in view.questions for line in _question(question))
    return "\n".join([*_head(view), *_steps(view), *questions]) + "\n"


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
    for comment in view.comments:
        yield f"\nFrom who graded it, {escaped(f'{comment.notebook}, {comment.cell}: {comment.text}')}"
    yield "\n| question | points | of |\n|---|---:|---:|"
    for question in view.questions:
        yield f"| {escaped(question.title)} | {earned(question)} | {points_text(question.max_points)} |"


def _steps(view: Shown) -> Iterator[str]:
    for number, step in enumerate(first_steps(view), 1):
        if number == 1:
            yield "\n## Where to start\n"
        place, points = f"{step.question.title}: {step.check.title}", counted(step.points, "point")
        yield f"{number}. **{escaped(place)}** ({points}): {escaped(step.words)}"


def _question(question: ShownQuestion) -> Iterator[str]:
    if not question.checks and not question.untold and not question.comment:
        return
    yield f"\n## {escaped(question.title)}: {earned(question)} of {points_text(question.max_points)}\n"
    if question.points is None and not question.manual:
        yield "Not graded yet, through no fault of yours: it will be graded again.\n"
    if question.comment:
        yield f"From who graded it: {escaped(question.comment)}\n"
    told: set[str] = set()
    for check in question.checks:
        yield from _check(check, told)
    if question.untold:
        yield f"- and {question.untold} hidden checks"


def _check(check: ShownCheck, told: set[str]) -> Iterator[str]:
    """Yield the lines of a check; `told` are causes that were explained already."""
    points = f"{points_text(check.points, check.max_points)} of {points_text(check.max_points)}"
    waits = check.verdict is Verdict.UNCHECKED
    meaning = (
        "" if check.passed else f": {escaped(check.causes[0].message if waits and check.causes else check.meaning)}"
    )
    yield f"- {'✓' if check.passed else '○' if waits else '✗'} **{escaped(check.title)}** ({points}){meaning}"
    for measured in check.measurements:
        value = f"{measured.estimate:.1%}, between {measured.low:.1%} and {measured.high:.1%}"
        yield f"\n  {escaped(measured.metric)}: {value}; {escaped(measured.decision)}\n"
    if check.passed or waits:
        return
    for cause in check.causes:
        words = "the same as above" if cause.message in told else escaped(_cause(cause))
        yield f"\n  Likely cause: {words}"
    if check.hint and told.isdisjoint(cause.message for cause in check.causes):
        yield f"\n  Hint: {escaped(check.hint)}"
    told.update(cause.message for cause in check.causes)
    if check.message:
        yield _indented(f"\n{fenced(check.message)}\n")
    for exhibit in check.exhibits:
        yield f"\n  {escaped(caption(exhibit))}"
    if check.output:
        yield _indented(f"\nWhat your code printed:\n\n{fenced(check.output)}\n")


def _cause(cause: CauseResult) -> str:
    sentences = [cause.message, cause.hint, f"Read: {cause.read}" if cause.read else ""]
    return ". ".join(sentence.rstrip(".") for sentence in sentences if sentence)


def _indented(block: str) -> str:
    return "\n".join(f"  {line}".rstrip() for line in block.split("\n"))
