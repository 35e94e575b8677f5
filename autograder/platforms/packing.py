"""Make what other platforms are given: Gradescope's autograder.zip, repositories and workflows for GitHub."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path

from autograder.course import Assignment, Course
from autograder.data import published
from autograder.errors import AutograderError, UsageError
from autograder.platforms.distribution import archive, base_requirements, pinned, wheel
from autograder.suite.conditions import files_below
from autograder.text import one_line
from autograder.writing import replace_file

_PROGRAMS = ("setup.sh", "run_autograder")
_NOTEBOOKS = ("ipython", "matplotlib")  # by which notebooks are run
WORKFLOWS = {"release.yml": ".github/workflows/release.yml", "regrade.yml": ".github/workflows/regrade.yml"}


def gradescope(course: Course, assignment: Assignment, *, data: bool = False) -> bytes:
    """Return the zip that Gradescope makes an autograder of, the same for the same course and installation.

    Raises
    ------
    UsageError
        If the suite, the release or a library that is needed is not there.
    """
    assignment.require()
    name, built = wheel()
    roots = [*base_requirements(), *assignment.needs]
    roots += _NOTEBOOKS if any(each.endswith(".ipynb") for each in assignment.also) else ()
    files = {f"course/{path}": content for path, content in _course(course, assignment, data=data)}
    files["setup.sh"] = _template("setup.sh").encode()
    files["run_autograder"] = _template("run_autograder", ASSIGNMENT=assignment.name).encode()
    files |= {name: built, "requirements.txt": "".join(f"{line}\n" for line in pinned(roots)).encode()}
    return archive(files, _PROGRAMS)


def student_repository(course: Course, assignment: Assignment) -> dict[str, bytes]:
    """Return the files of a repository for students: the release, and a workflow that runs its checks."""
    folder = course.release(assignment.name)
    files = {name: path.read_bytes() for name, path in files_below(folder)}
    if not files:
        raise UsageError(f"{one_line(str(folder))} has no release: run autograder release {assignment.name}")
    files[".github/workflows/checks.yml"] = _template("checks.yml").encode()
    files[".github/report.py"] = _template("report.py.template").encode()
    return files


def course_workflows(course: Course) -> dict[str, bytes]:
    """Return the workflows for a course's own, private, repository."""
    names = " ".join(course.assignments)
    return {target: _template(name, ASSIGNMENTS=names).encode() for name, target in WORKFLOWS.items()}


def write_folder(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write files below a folder, and return where.

    Raises UsageError, before anything is written, if one of them is there already and says something else.
    """
    for name, content in files.items():
        path = folder / name
        if path.exists() and not (path.is_file() and path.read_bytes() == content):
            raise UsageError(f"{one_line(str(path))} is there already: move it away, or give another folder with -o")
    for name, content in files.items():
        write_file(folder / name, content)
    return [folder / name for name in files]


def write_file(path: Path, content: bytes) -> Path:
    """Write a file, and the folders that it is in; UsageError if these cannot be made."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = f"{one_line(str(path.parent))} cannot be made: {error.strerror or error}"
        raise UsageError(f"{what}; give another place with -o") from error
    return replace_file(path, content)


def _course(course: Course, assignment: Assignment, *, data: bool) -> Iterator[tuple[str, bytes]]:
    """Yield what grading reads of a course: course.yaml, one suite, the solutions, what students are given as code."""
    yield "course.yaml", course.file.read_bytes()
    package = f"{assignment.package}/"
    folders = {
        f"tests/{assignment.name}": course.tests(assignment.name),
        "solutions": course.solutions,
        f"release/{assignment.name}": course.release(assignment.name),
    }
    for place, folder in folders.items():
        found = dict(files_below(folder))
        if place.startswith("release/"):
            found = {name: path for name, path in found.items() if name.startswith(package)}
        elif not found:
            raise UsageError(f"{one_line(str(folder))} is empty: nothing can be graded")
        yield from ((f"{place}/{name}", path.read_bytes()) for name, path in found.items())
    if data:
        yield from _data(course)


def _data(course: Course) -> Iterator[tuple[str, bytes]]:
    folder = published.find(course.root)
    if folder is None:
        raise UsageError("cifar10 is not here: autograder data get cifar10, or leave out --data")
    for name, path in files_below(folder):
        yield f"{published.DATASETS}/{published.FOLDER}/{name}", path.read_bytes()


def _template(name: str, **values: str) -> str:
    """Return a template with these values in it; whatever else has a dollar sign is left as it is."""
    text = resources.files("autograder.platforms").joinpath("templates", name).read_text(encoding="utf-8")
    for key, value in values.items():
        if f"@{key}@" not in text:
            raise AutograderError(f"the template {name} has no {key}")
        text = text.replace(f"@{key}@", value)
    return text
