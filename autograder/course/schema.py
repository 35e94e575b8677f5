"""The JSON schema of course.yaml, for editors; `python -m autograder.course.schema` writes it."""

from __future__ import annotations

import json
from pathlib import Path

from autograder.course.entries import CourseEntry

SCHEMA_FILE = Path(__file__).parents[1] / "schemas" / "course.schema.json"


def schema_text() -> str:
    """Return the schema as the text of its file."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **CourseEntry.model_json_schema(),
        "title": "course.yaml, format 1",
    }
    return json.dumps(schema, indent=2) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
