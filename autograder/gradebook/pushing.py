"""From results and hand-ins to nbgrader's gradebook, and to the notebooks that formgrader shows.

How it works: first the assignment is described, its notebooks and cells; then each student is written in one
transaction, so that an interrupted push leaves nobody half done, and the next one does the rest. What a person entered
is never changed: where what it was entered for has changed, the question is marked to be looked at again.
A person's points that a result has and a gradebook does not, because it is new, are entered.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from autograder.authoring import tool
from autograder.by_hand import automatic
from autograder.course import Assignment, Course
from autograder.errors import AutograderError
from autograder.gradebook import answers
from autograder.gradebook import automatic as automatic_notebook
from autograder.gradebook.answers import Answer
from autograder.gradebook.describing import describe
from autograder.gradebook.handed_in import HandedIn
from autograder.gradebook.layout import Layout, Place, Sheet
from autograder.intake import HandIn
from autograder.report.audience import shown
from autograder.results import QuestionResult, Result
from autograder.scoring import exact
from autograder.text import one_line
from autograder.writing import replace_file

AUTOGRADED = "autograded"  # where formgrader looks, in the course's folder


@dataclass(kw_only=True)
class Push:
    """One push: what goes where, and what there is to say about it afterwards."""

    course: Course
    assignment: Assignment
    layout: Layout
    handed_in: HandedIn
    review: list[str] = field(default_factory=list)  # "alice: inline_1", to be looked at again
    ungraded: list[str] = field(default_factory=list)

    def all(self, gradebook: Any, results: Iterable[Result], forget: Iterable[str] = ()) -> None:
        """Write the assignment and everybody's results."""
        describe(gradebook, self.course, self.assignment, self.layout, frozenset(forget))
        for result in results:
            self.student(gradebook, result)

    def student(self, gradebook: Any, result: Result) -> None:
        """Write one student's scores in one transaction, then the notebooks."""
        submission = self._submission(gradebook, result)
        texts = self._texts(result)
        questions = {question.name: question for question in result.questions}
        for sheet in self.layout.sheets:
            given = texts.get(sheet.name)
            before = answers.digests(self._read(result.student, sheet))
            cells = _Cells(gradebook, submission, sheet)
            for place in sheet.places:
                now = given.answers.get(place.name) if given else None
                changed = now is not None and place.name in before and before[place.name] != now.digest
                self._place(cells, place, questions.get(place.name), now, changed=changed, student=result.student)
        for row in submission.notebooks:  # nbgrader takes penalties off notebooks, we off the whole
            first = row.notebook.name == self.layout.sheets[0].name
            row.late_submission_penalty = result.late.penalty if first else 0.0
        gradebook.db.commit()
        for sheet in self.layout.sheets:
            if sheet.name in texts:
                self._write(result.student, sheet, texts[sheet.name].text)

    def _submission(self, gradebook: Any, result: Result) -> Any:
        hand_in = self.handed_in.hand_ins.get(result.student)
        gradebook.update_or_create_student(result.student, **(_person(hand_in) if hand_in else {}))
        api = tool("nbgrader.api")
        try:
            submission = gradebook.find_submission(self.assignment.name, result.student)
        except api.MissingEntry:
            assignment = gradebook.find_assignment(self.assignment.name)
            submission = api.SubmittedAssignment(assignment=assignment, student=gradebook.find_student(result.student))
            gradebook.db.add(submission)
        late = result.late
        submission.timestamp = _naive(late.submitted_at) if late.submitted_at else None
        more = datetime.fromisoformat(late.due) - self.assignment.due if late.due else timedelta()
        submission.extension = more if more > timedelta() else None
        return submission

    def _texts(self, result: Result) -> dict[str, answers.Shown]:
        """Return a student's notebooks for formgrader, by name; those that were handed in only if they were given."""
        own = automatic_notebook.notebook(self.layout.automatic, shown(result, self.course))
        texts = {self.layout.automatic.name: answers.Shown(text=own, answers={})}
        files = self.handed_in.notebooks(result.student)
        if files is not None:
            names = frozenset(sheet.file for sheet in self.layout.given)
            texts |= {sheet.name: answers.shown(sheet, files, names) for sheet in self.layout.given if sheet.places}
        return texts

    def _place(
        self,
        cells: _Cells,
        place: Place,
        question: QuestionResult | None,
        answer: Answer | None,
        *,
        changed: bool,
        student: str,
    ) -> None:
        if place.points is not None and question is not None:
            grade, new = cells.grade(place)
            if new and question.by_hand is not None:
                grade.manual_score, grade.extra_credit = question.by_hand.score, question.by_hand.extra or None
            changed |= self._score(grade, place, automatic(question), answer, student)
            seen = grade.manual_score is not None
            if seen and changed:
                self.review.append(f"{one_line(student)}: {place.name}")
            waits = changed or (grade.needs_manual_grade and not new)
            grade.needs_manual_grade = bool(waits) if seen else grade.auto_score is None
        if place.commented:
            comment, new = cells.comment(place)
            if answer is not None:
                comment.auto_comment = answer.nothing or None
            if new and question is not None and question.by_hand is not None and question.comment:
                comment.manual_comment = question.comment

    def _score(self, grade: Any, place: Place, question: QuestionResult, answer: Answer | None, student: str) -> bool:
        """Write what a question is worth without a person, and say whether that is something else than before."""
        before = grade.auto_score
        if place.manual:
            if answer is not None:
                grade.auto_score = 0.0 if answer.nothing else None
        elif question.points is None:
            self.ungraded.append(f"{one_line(student)}: {place.name}")
            grade.auto_score = None
        else:
            grade.auto_score = float(exact(question.points) + exact(question.bonus))
        return not place.manual and before is not None and before != grade.auto_score

    def _path(self, student: str, sheet: Sheet) -> Path:
        return self.course.root / AUTOGRADED / student / self.assignment.name / sheet.file

    def _read(self, student: str, sheet: Sheet) -> str:
        path = self._path(student, sheet)
        try:
            return path.read_text(encoding="utf-8")
        except (FileNotFoundError, UnicodeDecodeError):
            return ""
        except OSError as error:
            raise AutograderError(f"{one_line(str(path))} cannot be read: {error.strerror}") from error

    def _write(self, student: str, sheet: Sheet, text: str) -> None:
        path = self._path(student, sheet)
        try:
            (self.course.root / AUTOGRADED).mkdir(mode=0o700, exist_ok=True)  # it holds what others have written
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise AutograderError(f"{one_line(str(path.parent))} cannot be made: {error.strerror}") from error
        replace_file(path, text.encode())


class _Cells:
    """The grades and comments of one student's notebook, by cell; what is missing is made."""

    def __init__(self, gradebook: Any, submission: Any, sheet: Sheet) -> None:
        self._api, self._db = tool("nbgrader.api"), gradebook.db
        notebook = gradebook.find_notebook(sheet.name, submission.assignment.name)
        rows = [row for row in submission.notebooks if row.notebook is notebook]
        self.row = rows[0] if rows else self._api.SubmittedNotebook(notebook=notebook, assignment=submission)
        self._db.add(self.row)
        self._grades = {grade.cell.name: grade for grade in self.row.grades}
        self._comments = {comment.cell.name: comment for comment in self.row.comments}
        self._graded = {cell.name: cell for cell in (*notebook.grade_cells, *notebook.task_cells)}
        self._answers = {cell.name: cell for cell in (*notebook.solution_cells, *notebook.task_cells)}

    def grade(self, place: Place) -> tuple[Any, bool]:
        """Return a question's grade, and whether it is new."""
        if place.name in self._grades:
            return self._grades[place.name], False
        return self._new(self._api.Grade(cell=self._graded[place.name], notebook=self.row)), True

    def comment(self, place: Place) -> tuple[Any, bool]:
        """Return an answer's comment, and whether it is new."""
        if place.name in self._comments:
            return self._comments[place.name], False
        return self._new(self._api.Comment(cell=self._answers[place.name], notebook=self.row)), True

    def _new(self, row: Any) -> Any:
        self._db.add(row)
        return row


def _person(hand_in: HandIn) -> dict[str, str]:
    """Return what is known of a student beside the account."""
    known = {"email": hand_in.email}
    last, comma, first = hand_in.name.partition(",")
    if not comma:
        first, _, last = hand_in.name.rpartition(" ")
    return {
        key: value.strip() for key, value in (known | {"first_name": first, "last_name": last}).items() if value.strip()
    }


def _naive(moment: str) -> datetime:
    """Return an ISO 8601 time as nbgrader keeps it: in UTC, without saying so."""
    return datetime.fromisoformat(moment).astimezone(UTC).replace(tzinfo=None)
