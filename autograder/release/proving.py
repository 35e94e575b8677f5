"""The steps that prove of a finished release what it must not hold. Each would find the mistakes of those before."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from autograder.errors import Problem
from autograder.release.documents import documents
from autograder.release.draft import Draft
from autograder.release.hidden_proof import hidden_remains
from autograder.release.markers import looks_like_marker
from autograder.release.requirements import unknown_imports
from autograder.release.search import leaks
from autograder.release.secrets import secrets_of_module, secrets_of_notebook
from autograder.release.tree_proof import tree_differences


def prove_trees(draft: Draft) -> Iterator[Problem]:
    """Compare every released module with its solution, the marked statements taken out."""
    for module in draft.modules:
        if module.path in draft.files:
            released = draft.files[module.path].decode()
            yield from tree_differences(module, released, draft.fates, draft.out)


def prove_no_solution(draft: Draft) -> Iterator[Problem]:
    """Search every file, in every wrapping, for what solutions, hidden tests and model answers say."""
    secrets = [secret for module in draft.modules for secret in secrets_of_module(module, draft.fates)]
    for file, notebook in draft.notebooks.items():
        secrets += secrets_of_notebook(file, notebook)
    yield from leaks(secrets, documents(draft.files))


def prove_no_hidden_check(draft: Draft) -> Iterator[Problem]:
    """Search for names, numbers and texts of hidden checks."""
    yield from hidden_remains(draft.suites, draft.files)


def prove_bare_notebooks(draft: Draft) -> Iterator[Problem]:
    """See that no released cell has outputs or was counted."""
    for file in draft.notebooks:
        for cell in json.loads(draft.files[file.name])["cells"]:
            if cell.get("outputs") or cell.get("execution_count") is not None:
                message = f"cell {cell['id']!r} would be released with outputs; this is a fault of the generator"
                yield Problem(file=file, line=None, message=message)


def prove_imports(draft: Draft) -> Iterator[Problem]:
    """See that everything imported is in the release, in Python or in requirements.txt."""
    for path, name in unknown_imports(draft.files):
        message = (
            f"{path} of the release would import {name}, which it does not have; take the import out of given code"
        )
        yield Problem(file=draft.course.root, line=None, message=message)


def prove_no_traces(draft: Draft) -> Iterator[Problem]:
    """See that no marker is left, and no path of the machine that the release was made on."""
    traces = {str(draft.course.root.resolve()), sys.prefix, str(Path.home()) + "/"} - {"/", "//"}
    for document in documents(draft.files):
        where = f"{document.path} ({document.place})" if document.place else document.path
        if any(trace in document.text for trace in traces):
            message = f"{where} of the release would name a folder of this machine; take it out of the sources"
            yield Problem(file=draft.course.root, line=None, message=message)
        if any(looks_like_marker(line) for line in document.text.split("\n")):
            message = f"{where} of the release would hold a marker; take it out of the sources"
            yield Problem(file=draft.course.root, line=None, message=message)
