"""Loads course.yaml: text, then models, then rules, and every mistake of all three at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import ValidationError

from autograder.course.document import Document, Keys, read_document
from autograder.course.entries import AdaptationEntry, AssignmentEntry, CourseEntry, DialectEntry, QuestionEntry
from autograder.course.explain import describe, explain, found
from autograder.course.model import COURSE_FILE, Assignment, Course, Question
from autograder.course.rules import broken_rules
from autograder.errors import CourseError, Problem
from autograder.types import Adaptation, ArgumentForm, Dialect, Limits

FORMAT = 1


def load_course(root: Path) -> Course:
    """Load the course in this folder.

    Raises
    ------
    CourseError
        With every mistake of course.yaml, in the order of its lines.
    """
    file = root / COURSE_FILE
    document = read_document(file)
    mistakes: list[tuple[Keys, str]] = []
    entry = _validate(document.data, mistakes)
    problems = [*document.problems, *_problems(file, document, mistakes)]
    if problems or entry is None:
        raise CourseError(sorted(problems, key=lambda problem: problem.line or 0))
    return _course(root, entry, document)


def _validate(data: object, mistakes: list[tuple[Keys, str]]) -> CourseEntry | None:
    """Return the validated entry, or None and the reasons in `mistakes`."""
    if data is None:
        mistakes.append(((), f"the file is empty: start with `format: {FORMAT}`, or with `autograder new DIR`"))
    elif not isinstance(data, Mapping):
        mistakes.append(((), f"expected a mapping with keys such as format and course, found {found(data)}"))
    elif data.get("format", FORMAT) != FORMAT:
        # Another format has other keys, so further mistakes would mean nothing.
        message = f"expected {FORMAT}, the format that this version reads, found {found(data['format'])}"
        mistakes.append((("format",), message))
    else:
        mistakes.extend(broken_rules(data))
        try:
            return CourseEntry.model_validate(data)
        except ValidationError as error:
            mistakes.extend(explain(error.errors(include_url=False)))
    return None


def _problems(file: Path, document: Document, mistakes: list[tuple[Keys, str]]) -> Iterator[Problem]:
    for keys, message in mistakes:
        yield Problem(file=file, line=document.line(keys), message=describe(keys, message))


def _course(root: Path, entry: CourseEntry, document: Document) -> Course:
    return Course(
        root=root,
        name=entry.course.name,
        term=entry.course.term,
        secret=entry.course.secret,
        datasets=entry.datasets,
        limits=Limits(**dict(entry.limits)),
        late=entry.late,
        feedback=entry.feedback,
        dialects=tuple(_dialect(below) for below in entry.dialects.values()),
        old_code=entry.old_code,
        assignments={name: _assignment(name, below) for name, below in entry.assignments.items()},
        document=document,
    )


def _dialect(entry: DialectEntry) -> Dialect:
    adaptations = {name: tuple(map(_adaptation, ways)) for name, ways in entry.adaptations.items() if ways}
    return Dialect(
        title=entry.title, package=entry.package, names=entry.names, lacks=entry.lacks, adaptations=adaptations
    )


def _adaptation(entry: AdaptationEntry) -> Adaptation:
    arguments = {
        name: tuple(ArgumentForm(**form.model_dump(exclude_none=True)) for form in forms)
        for name, forms in entry.arguments.items()
    }
    return Adaptation(**{**dict(entry), "title": entry.title or "", "arguments": arguments})


def _assignment(name: str, entry: AssignmentEntry) -> Assignment:
    questions = {question: _question(question, below) for question, below in entry.questions.items()}
    return Assignment(**{**dict(entry), "name": name, "questions": questions})


def _question(name: str, entry: QuestionEntry) -> Question:
    title = entry.title or name.replace("_", " ").capitalize()
    return Question(**{**dict(entry), "name": name, "title": title})
