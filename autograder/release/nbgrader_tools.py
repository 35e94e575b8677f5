"""The one module that runs nbgrader: its converter for notebooks, its preprocessors for Python files.

nbgrader comes with the extra ``authoring``; grading never needs it, so it is imported only when a release
is made, which takes two seconds.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.authoring import alembic_on_path, quiet, tool
from autograder.errors import AutograderError

STUB = "raise NotImplementedError()"  # what ClearSolutions leaves below its comment


def clear_source(text: str) -> str:
    """Return the text of a Python file with its marked regions emptied, as if it were a cell of a notebook."""
    preprocessors = tool("nbgrader.preprocessors")
    nbformat = tool("nbformat.v4")
    roles = {"schema_version": 3, "grade_id": "file", "grade": True, "solution": True, "points": 0.0}
    cell = nbformat.new_code_cell(text, metadata={"nbgrader": {**roles, "locked": False, "task": False}})
    notebook = nbformat.new_notebook(cells=[cell])
    resources: dict[str, Any] = {}
    with quiet():
        for step in (preprocessors.ClearSolutions, preprocessors.ClearHiddenTests):
            notebook, resources = step().preprocess(notebook, resources)
    return str(notebook.cells[0].source)


def metadata_mistake(notebook: Any) -> str | None:
    """Return what nbgrader finds wrong with the metadata of a notebook's cells, in one line, if anything."""
    nbgraderformat = tool("nbgrader.nbgraderformat")
    with quiet():
        try:
            nbgraderformat.MetadataValidator().validate_nb(notebook)
        except (
            nbgraderformat.ValidationError,
            nbgraderformat.SchemaTooOldError,
            nbgraderformat.SchemaTooNewError,
        ) as error:
            return str(error).splitlines()[0]
    return None


def convert(assignment: str, sources: Mapping[str, str]) -> dict[str, str]:
    """Run nbgrader's generate_assignment over notebooks, given and returned as JSON by file name.

    It works in a course folder and with a gradebook of its own, both of which are gone afterwards. While it
    runs, the working directory and PATH of this process are others, so no thread may rely on them.
    """
    converters = tool("nbgrader.converters.generate_assignment")
    directories = tool("nbgrader.coursedir")
    with (
        tempfile.TemporaryDirectory(prefix="autograder-release-") as root,
        quiet() as (log, reasons),
        alembic_on_path(),
    ):
        folder = Path(root, "source", assignment)
        folder.mkdir(parents=True)
        for name, text in sources.items():
            (folder / name).write_text(text, encoding="utf-8")
        directory = directories.CourseDirectory(root=root, assignment_id=assignment)
        converter = converters.GenerateAssignment(coursedir=directory, log=log)
        try:
            converter.start()
        except Exception as error:  # nbgrader lets whatever its preprocessors raise through
            reason = reasons[-1] if reasons else str(error)
            raise AutograderError(f"nbgrader could not generate {assignment}: {reason}") from error
        released = Path(root, "release", assignment)
        return {name: (released / name).read_text(encoding="utf-8") for name in sources}
