import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from autograder.course.document import read_document
from autograder.course.schema import SCHEMA_FILE, schema_text

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def validator():
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.fixture
def data():
    return read_document(ROOT / "course.yaml").data


def test_the_committed_schema_is_current():
    message = "run python -m autograder.course.schema"
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text(), message


def test_the_reference_course_satisfies_the_schema_that_it_names(validator, data):
    validator.validate(data)
    header = (ROOT / "course.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert header.endswith(f"$schema={SCHEMA_FILE.relative_to(ROOT).as_posix()}")


@pytest.mark.parametrize(
    "change",
    [
        "format: 2",
        "extra: 1",
        "course: {name: Nets}",
        "limits: {time_s: 0}",
        "late: {penalty_per_day: 2}",
        "datasets: {cifar10: {kind: mnist}}",
        "assignments: {}",
        "assignments: {1a: {title: a, due: '2026-11-30T23:59:00Z', package: nndl, questions: {a: {points: 1}}}}",
        "assignments: {hw: {title: a, due: '2026-11-30T23:59:00', package: nndl, questions: {a: {points: 1}}}}",
        "assignments: {hw: {title: a, due: '2026-11-30T23:59:00Z', package: nndl, questions: {a: {points: x}}}}",
    ],
)
def test_the_schema_rejects_what_the_loader_rejects(validator, data, change):
    assert not validator.is_valid({**data, **yaml.safe_load(change)})


@pytest.mark.parametrize("question", ["formula: x", "manual: true", "bonus: {per: 1, above: 0, points: 1, max: 1}"])
def test_the_schema_knows_which_keys_need_another(validator, data, question):
    data["assignments"]["hw3"]["questions"]["affine"].update(yaml.safe_load(question))
    assert not validator.is_valid(data)
