"""Holds an assignment's questions against the checks of its hidden suite."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from autograder.course import Assignment, Course
from autograder.errors import CourseError, Problem, nearest
from autograder.release.draft import Draft
from autograder.release.sources import definitions
from autograder.release.suites import Suite
from autograder.types import Check

Collect = Callable[[Course, str], Iterable[Check]]


def suite_problems(draft: Draft, collect: Collect) -> Iterator[Problem]:
    """Yield questions without a check, and checks that questions or solutions contradict."""
    course, assignment = draft.course, draft.assignment
    folder = course.tests(assignment.name)
    if len(draft.suites) < len(list(folder.glob("test_*.py"))):
        return  # a file could not be read, so its checks would look as if they were missing
    try:
        checks = list(collect(course, assignment.name)) if draft.suites else []
    except CourseError as error:
        yield from error.problems
        return
    yield from _unchecked(draft, folder, checks)
    functions = list(_functions(draft))
    places = _places(draft.suites)
    for check in checks:
        file, line = places.get(check.name.partition("[")[0], (folder, None))
        for message in _mistakes(check, assignment, functions):
            yield Problem(file=file, line=line, message=f"{check.name}: {message}")


def _functions(draft: Draft) -> Iterator[str]:
    """Yield the dotted names of the package's functions, classes and methods: what checks may require."""
    for module in draft.modules:
        if module.name.partition(".")[0] == draft.assignment.package:
            yield from (f"{module.name}.{name}" for name, _ in definitions(module.tree))


def _unchecked(draft: Draft, folder: Path, checks: Iterable[Check]) -> Iterator[Problem]:
    checked = {check.question for check in checks}
    for name, question in draft.assignment.questions.items():
        if name not in checked and not question.manual:
            remedy = f'mark one in {folder} with pytest.mark.question("{name}"), or make it manual'
            keys = ("assignments", draft.assignment.name, "questions", name)
            yield draft.course.problem(f"question {name!r} has no check: {remedy}", *keys)


def _mistakes(check: Check, assignment: Assignment, functions: Sequence[str]) -> Iterator[str]:
    question = assignment.questions.get(check.question)
    if not check.question:
        yield 'belongs to no question: mark it with pytest.mark.question("NAME")'
    elif question is None:
        hint = nearest(check.question, assignment.questions) or f"; it has {', '.join(assignment.questions)}"
        yield f"{assignment.name} has no question {check.question!r}{hint}"
    elif question.manual:
        yield f"question {check.question!r} is graded by hand: name another, or remove `manual: true`"
    if not check.weight > 0:
        yield f"pytest.mark.points has to be above 0, found {check.weight:g}"
    for name in check.requires:
        if not any(function == name or function.endswith(f".{name}") for function in functions):
            hint = _nearest_function(name, functions)
            yield f"requires {name!r}, which {assignment.package} does not have{hint}"


def _nearest_function(name: str, functions: Iterable[str]) -> str:
    parts = name.count(".") + 1
    return nearest(name, sorted({".".join(function.split(".")[-parts:]) for function in functions}))


def _places(suites: Iterable[Suite]) -> dict[str, tuple[Path, int]]:
    """Return where the functions of a suite are, by names such as ``TestAffine::test_shape``, alone and after a file's.

    A check that a class inherits is not among them.
    """
    places: dict[str, tuple[Path, int]] = {}
    for suite in suites:
        for dotted, node in definitions(suite.tree):
            name = dotted.replace(".", "::")
            places[name] = places[f"{suite.file.stem}::{name}"] = (suite.file, node.lineno)
    return places
