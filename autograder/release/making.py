"""The steps that make the files of a release."""

from __future__ import annotations

from pathlib import Path

from autograder.release import notebooks, requirements, students
from autograder.release.draft import Draft
from autograder.release.fates import Fate, covers, of_kind
from autograder.release.stubs import released_text
from autograder.release.visible import visible_text

CHECKS = Path(__file__).parent.parent / "checks"


def make_packages(draft: Draft) -> None:
    """Write the packages with holes in them, but no module of which nothing would be left.

    The sources of something to install, a folder with a pyproject.toml, stay only if a module names the folder.
    """
    texts = []
    for module in draft.modules:
        if module.name not in draft.out:
            texts.append(released_text(module, draft.fates, draft.out))
            draft.add_text(module.path, texts[-1])
    folders = [path.removesuffix("/pyproject.toml") for path in draft.files if path.endswith("/pyproject.toml")]
    for folder in folders:
        if not any(folder in text for text in texts):
            draft.files = {path: raw for path, raw in draft.files.items() if not path.startswith(f"{folder}/")}


def make_notebooks(draft: Draft) -> None:
    """Send the notebooks through nbgrader, which refuses to work on none."""
    if not draft.notebooks:
        return
    sources = {file.name: notebook for file, notebook in draft.notebooks.items()}
    for name, notebook in notebooks.convert(draft.assignment.name, sources).items():
        draft.files[name] = notebooks.as_bytes(notebook)


def make_checks(draft: Draft) -> None:
    """Write the visible checks, and copy the helpers that they import."""
    for suite in draft.suites:
        if suite.visible:
            docstring = f"Checks of {draft.assignment.name} that you can run yourself; grading has more."
            draft.add_text(f"tests/{suite.file.name}", visible_text(suite, docstring))
    for file in sorted(CHECKS.glob("*.py")):
        draft.files[f"checks/{file.name}"] = file.read_bytes()


def make_student_files(draft: Draft) -> None:
    """Write README, requirements, conftest.py and pytest.ini."""
    paths = {name: module.path for module in draft.modules for name in module.marked()}
    listed = [*draft.assignment.holes, *draft.assignment.carried]
    names = of_kind(draft.fates, Fate.EMPTIED)
    names.sort(key=lambda name: next(n for n, entry in enumerate(listed) if covers(entry, name)))
    emptied = [(paths[name], name) for name in names]
    draft.add_text("README.md", students.readme(draft.course, draft.assignment, emptied))
    draft.add_text("conftest.py", students.conftest())
    draft.add_text("pytest.ini", students.PYTEST_INI)
    draft.add_text("requirements.txt", "\n".join(requirements.requirements(draft.files)) + "\n")
