"""The steps that read what a release is made from, and find every mistake in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from autograder.errors import Problem
from autograder.release.draft import Draft
from autograder.release.fates import decide
from autograder.release.leftout import left_out
from autograder.release.markers import find_regions
from autograder.release.notebooks import read_notebook
from autograder.release.requirements import imported_names
from autograder.release.secrets import parse_cell
from autograder.release.sources import read_module, read_text, released_files
from autograder.release.suites import read_suite
from autograder.release.visible import unfit

SUPPORT = "utils"
# What the release has at its top besides notebooks, packages and extra files of the assignment.
RESERVED = {"README.md", "requirements.txt", "conftest.py", "pytest.ini", "checks", "tests"}


def read_solutions(draft: Draft) -> Iterator[Problem]:
    """Read the assignment's package and the support code; files that are no Python are taken as they are."""
    for package in (draft.assignment.package, SUPPORT):
        folder = draft.course.solutions / package
        if not folder.is_dir():
            yield Problem(file=folder, line=None, message="no such folder; put the package here")
            continue
        yield from _links(folder)
        for below, file in released_files(folder):
            path = f"{package}/{below}"
            if file.suffix == ".py":
                module, problems = read_module(file, path)
                yield from problems
                draft.modules += [module] if module is not None else []
            else:
                draft.files[path] = file.read_bytes()
                yield from _marked(file)


def read_notebooks(draft: Draft) -> Iterator[Problem]:
    """Read the assignment's notebooks, and the pictures and other files beside them."""
    folder = draft.course.source(draft.assignment.name)
    for name in draft.assignment.notebooks:
        notebook, problems = read_notebook(folder / name)
        yield from problems
        if notebook is not None:
            draft.notebooks[folder / name] = notebook
    yield from _links(folder)
    for path, file in released_files(folder):
        if file.suffix in {".ipynb", ".py"}:
            if path not in draft.assignment.notebooks:
                yield Problem(
                    file=file,
                    line=None,
                    message="is not released; list a notebook in course.yaml, put code into solutions/",
                )
        elif path.partition("/")[0] in {*RESERVED, draft.assignment.package, SUPPORT}:
            yield Problem(file=file, line=None, message="has the name of a generated file; give it another")
        else:
            draft.files[path] = file.read_bytes()
            yield from _marked(file)


def read_suites(draft: Draft) -> Iterator[Problem]:
    """Read the hidden suite, and see whether its visible checks can do without what students do not have."""
    packages = {draft.assignment.package, SUPPORT}
    for file in sorted(draft.course.tests(draft.assignment.name).glob("test_*.py")):
        text, problems = read_text(file)
        suite, more = read_suite(file, text)
        yield from [*problems, *more]
        if suite is not None:
            draft.suites.append(suite)
            yield from unfit(suite, packages)


def decide_fates(draft: Draft) -> Iterator[Problem]:
    """Decide which functions are emptied, given or left out, and what goes along with the latter."""
    draft.fates, problems = decide(draft.course, draft.assignment, draft.modules)
    packages = {folder.name for folder in draft.course.solutions.iterdir() if folder.is_dir()}
    absent = packages - {draft.assignment.package, SUPPORT}
    draft.out, more = left_out(draft.modules, draft.fates, absent, _used(draft))
    yield from [*problems, *more]


def _used(draft: Draft) -> Iterator[str]:
    """Yield the dotted names that notebooks and suites import, and those of the modules that they are in."""
    cells = (cell for notebook in draft.notebooks.values() for cell in notebook.cells if cell.cell_type == "code")
    for tree in [*(suite.tree for suite in draft.suites), *(parse_cell(cell.source) for cell in cells)]:
        for name in imported_names(tree) if tree is not None else ():
            yield from (name, name.rpartition(".")[0])


def _links(folder: Path) -> Iterator[Problem]:
    for file in sorted(folder.rglob("*")):
        if file.is_symlink():
            yield Problem(file=file, line=None, message="is a link, which is not released; put the file itself here")


def _marked(file: Path) -> Iterator[Problem]:
    """Yield every marker in a file in which none would be obeyed."""
    text, not_text = read_text(file)
    if not_text:
        return
    regions, mistakes = find_regions(text)
    for line in sorted([region.begin for region in regions] + [mistake.line for mistake in mistakes]):
        message = "markers are obeyed in .py files of solutions/ and in notebooks only; move the solution there"
        yield Problem(file=file, line=line, message=message)
