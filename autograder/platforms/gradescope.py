"""What runs in Gradescope's container: one submission in, one results.json out, whatever happens.

How it works: first everything that is not the student's is closed to other accounts, for the container has no other
walls than those that sandboxes bring along, and a results.json is written that says that grading did not finish. It
stays if this process is ended. Then the submission is graded like any other. Times are those of Gradescope's
metadata, never of the clock, so that grading again gives the same. What goes wrong here is our fault, and shown as
that: the details go to standard output, which only instructors see.
"""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.course import Course, load_course
from autograder.errors import AutograderError, UsageError
from autograder.extensions import Extensions
from autograder.grade import Order, grade
from autograder.intake import HandIn
from autograder.intake.gradescope import METADATA_BYTES, parse, submitters
from autograder.late import Extension
from autograder.moments import iso, moment
from autograder.report import Silent
from autograder.report.audience import shown
from autograder.report.formats.gradescope import as_text, document, fault
from autograder.results import read_result
from autograder.tables import same
from autograder.text import file_name, printable
from autograder.writing import replace_file

_METADATA = "submission_metadata.json"
_UNFINISHED = "Grading did not finish: it may have run out of time."
_FAILED = "Grading failed."


@dataclass(frozen=True, kw_only=True)
class Places:
    """Gradescope's layout below its folder."""

    root: Path = Path("/autograder")

    @property
    def source(self) -> Path:
        """Where the archive was unpacked."""
        return self.root / "source"

    @property
    def submission(self) -> Path:
        """What the student handed in."""
        return self.root / "submission"

    @property
    def results(self) -> Path:
        """Where results.json goes."""
        return self.root / "results" / "results.json"

    @property
    def metadata(self) -> Path:
        """Who handed in, and when."""
        return self.root / _METADATA


def main() -> None:
    """Grade what is in ``/autograder``; the assignment is the only argument."""
    run(Places(), sys.argv[1])


def run(places: Places, assignment: str, isolation: str = "auto") -> None:
    """Grade the submission and write its results; a fault of ours is written as one and printed in full."""
    places.results.parent.mkdir(parents=True, exist_ok=True)
    _close(places)
    _write(places, fault(_UNFINISHED))
    try:
        _write(places, _graded(places, assignment, isolation))
    except AutograderError as error:
        print("\n".join(map(printable, error.lines())))
        _write(places, fault(_FAILED))
    except Exception:  # noqa: BLE001 -- whatever it is, the student has to get an answer
        print(printable(traceback.format_exc()))
        _write(places, fault(_FAILED))


def _graded(places: Places, assignment: str, isolation: str) -> dict[str, Any]:
    """Return the results of the submission."""
    course = load_course(places.source / "course")
    known = course.assignment(assignment)
    metadata = _metadata(places.metadata)
    hand_in = _hand_in(places, metadata)
    with tempfile.TemporaryDirectory(prefix="autograder-results-") as output:
        order = Order(
            course=course,
            assignment=known,
            output=Path(output),
            jobs=1,
            isolation=isolation,
            limits=course.limits,
            extensions=_extensions(course, assignment, metadata, hand_in),
        )
        graded = grade(order, [hand_in], Silent())
        result = read_result(graded.folder / f"{hand_in.student}.json")
    for remark in (*graded.remarks, *graded.warnings):
        print(printable(remark))
    print(f"isolation: {result.isolation}")
    if result.ungraded:
        print(f"not graded: {', '.join(result.ungraded)}; grade this submission yourself to see why")
    return document(shown(result, course), result)


def _hand_in(places: Places, metadata: Mapping[str, Any]) -> HandIn:
    """Return the submission as of whoever handed it in first of a group, by the address that Gradescope knows."""
    person = next(submitters(metadata, "student"))
    return HandIn(
        student=file_name(person.email or person.student),
        path=places.submission,
        system="Gradescope",
        id=person.id,
        name=person.name,
        email=person.email,
        submitted_at=person.submitted_at,
    )


def _extensions(course: Course, assignment: str, metadata: Mapping[str, Any], hand_in: HandIn) -> Extensions:
    """Return the due date that Gradescope has for this student, which counts where it is later than the course's."""
    there = metadata.get("assignment")
    due = iso(there.get("due_date")) if isinstance(there, Mapping) else None
    if due is None or moment(due) <= course.assignment(assignment).due:
        return Extensions(by_student={})
    return Extensions(by_student={same(hand_in.student): Extension(due=moment(due))})


def _metadata(file: Path) -> Mapping[str, Any]:
    try:
        data = file.read_bytes()[:METADATA_BYTES]
    except FileNotFoundError:
        print(f"there is no {file}: nothing is known of who handed in, and when")
        return {}
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from error
    return parse(data, str(file))


def _close(places: Places) -> None:
    """Let other accounts, as which sandboxes run, read nothing of all this."""
    for path in (places.source, places.submission, places.results.parent, places.metadata):
        with suppress(OSError):  # not ours, or not there; sandboxes that rely on it look for themselves
            path.chmod(path.stat().st_mode & 0o700)
    os.umask(0o077)


def _write(places: Places, results: dict[str, Any]) -> None:
    replace_file(places.results, as_text(results).encode())


if __name__ == "__main__":
    main()
