"""What the author of a suite says beside it: mistakes that it has to catch, and right solutions it has to accept.

``tests/hw3/mistakes.py`` and ``tests/hw3/alternatives.py`` are Python that defines constants; all may be absent.
A variant is a list of patches ``(file, old, new)``: text that occurs once in a file of the reference, and what stands
there instead. Where `old` is the name of a function with a pair of parentheses, such as ``TwoLayerNet.loss()``, `new`
stands in place of its whole body, but for the docstring.
"""

from __future__ import annotations

import ast
import runpy
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.errors import CourseError, Problem

if TYPE_CHECKING:
    from autograder.course import Assignment, Course


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """What is said in these files."""

    file: Path
    holes: Mapping[str, tuple[str, ...]]  # beginnings of dotted names, by question
    mistakes: tuple[Mapping[str, Any], ...]
    alternatives: tuple[Mapping[str, Any], ...]
    equivalent: tuple[tuple[str, str, str], ...]  # lines as they were, as they are in the mutant or *, reason
    read: Mapping[str, str]  # where what a question is about is explained
    shared: tuple[Mapping[str, Any], ...] = ()  # mistakes in questions that are another assignment's too, listed there
    hollow: frozenset[str] = frozenset()  # names of mistakes that agree with themselves: no check may let them pass

    def questions_of(self, hole: str) -> frozenset[str]:
        """Return the questions that a function belongs to: those with the longest beginning of its name."""
        lengths = {
            question: max((len(start) for start in starts if hole.startswith(start)), default=0)
            for question, starts in self.holes.items()
        }
        longest = max(lengths.values(), default=0)
        return frozenset(question for question, length in lengths.items() if length and length == longest)

    def patched(
        self, solution: Mapping[str, bytes], name: str, patches: Iterable[tuple[str, str, str]]
    ) -> dict[str, bytes]:
        """Return the files of the solution with some texts replaced.

        Raises
        ------
        CourseError
            A text does not occur exactly once.
        """
        files = dict(solution)
        for path, old, new in patches:
            text = files.get(path, b"").decode()
            body = _body(text, old.removesuffix("()")) if old.endswith("()") else None
            if body is not None:
                files[path] = _with_lines(text, body, new).encode()
            elif text.count(old) == 1:
                files[path] = text.replace(old, new).encode()
            else:
                message = _unfit(name, path, old, text.count(old))
                raise CourseError([Problem(file=self.file, line=None, message=message)])
        return files


def read_catalogue(course: Course, assignment: Assignment) -> Catalogue:
    """Read it.

    Raises
    ------
    CourseError
        One of the files cannot be run.
    """
    folder = course.tests(assignment.name)
    said, more = _said(folder / "mistakes.py"), _said(folder / "alternatives.py")
    return Catalogue(
        file=folder / "mistakes.py",
        holes=said.get("HOLES", {}),
        mistakes=tuple(said.get("MISTAKES", ())),
        alternatives=tuple(more.get("ALTERNATIVES", ())),
        equivalent=tuple(said.get("EQUIVALENT", ())),
        read=said.get("READ", {}),
        shared=tuple(_shared(course, said.get("SHARED", {}))),
        hollow=frozenset(said.get("ONLY_WITH_THEMSELVES", ())),
    )


def _shared(course: Course, questions: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    """Yield the mistakes that other assignments list for these questions; `questions` says which assignment."""
    for question, other in questions.items():
        said = _said(course.tests(other) / "mistakes.py")
        yield from (mistake for mistake in said.get("MISTAKES", ()) if mistake["question"] == question)


def _body(text: str, name: str) -> tuple[int, int, int] | None:
    """Return the first and the last line of a function's body without its docstring, and how it is indented."""
    scope: Any = ast.parse(text)
    for part in name.split("."):
        scope = next((node for node in scope.body if getattr(node, "name", None) == part), None)
        if scope is None:
            return None
    documented = ast.get_docstring(scope) is not None
    first = scope.body[0].end_lineno + 1 if documented else scope.body[0].lineno
    return first, scope.end_lineno, scope.body[0].col_offset


def _with_lines(text: str, place: tuple[int, int, int], new: str) -> str:
    """Return a text with other lines in a place."""
    lines, (first, last, column) = text.split("\n"), place
    lines[first - 1 : last] = textwrap.indent(textwrap.dedent(new).strip("\n"), " " * column).split("\n")
    return "\n".join(lines)


def _unfit(name: str, path: str, old: str, count: int) -> str:
    first = old.strip().split("\n")[0]
    return f"{name}: {path} of the solution has {first!r} {count} times, a patch needs it once; adapt the patch"


def _said(file: Path) -> dict[str, Any]:
    if not file.is_file():
        return {}
    try:
        return runpy.run_path(str(file))
    except Exception as error:  # whatever an instructor's file raises is told as its mistake
        raise CourseError([Problem(file=file, line=None, message=f"cannot be run: {error!r}")]) from error
