import dataclasses
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from autograder import course as course_package
from autograder.course import Bonus, load_course
from autograder.course.entries import LimitsEntry
from autograder.course.explain import explain
from autograder.errors import CourseError, UsageError
from autograder.types import Limits

ROOT = Path(__file__).parents[2]

GOOD = """\
format: 1
course: {name: Nets, term: 2026 fall}
datasets: {cifar10: {kind: cifar10}}
limits: {time_s: 30}
late: {slip_days: 2, penalty_per_day: 0.1}
assignments:
  hw3:
    title: Layers
    due: 2026-11-30T23:59:00-08:00
    package: nndl
    notebooks: [nets.ipynb]
    holes: [nndl.layers.affine_forward]
    questions:
      affine: {points: 10}
      accuracy: {points: 10, formula: "min(floor(100*x - 32) / 28, 1)", metric: val_accuracy}
      extra: {points: 0, bonus: {per: 0.01, above: 0.56, points: 1, max: 5}, metric: test_accuracy}
      inline_1: {points: 2, manual: true, notebook: nets.ipynb}
"""


def write(folder, text):
    (folder / "course.yaml").write_text(text, encoding="utf-8")
    return folder


def problems_of(folder, text):
    with pytest.raises(CourseError) as caught:
        load_course(write(folder, text))
    assert all("\n" not in line for line in caught.value.lines())
    return [f"{problem.line}: {problem.message}" for problem in caught.value.problems]


@pytest.fixture
def course(tmp_path):
    return load_course(write(tmp_path, GOOD))


def test_a_course_says_what_its_file_says(course):
    assert (course.name, course.term) == ("Nets", "2026 fall")
    assert course.limits == Limits(time_s=30)
    assert (course.late.slip_days, course.late.penalty_per_day, course.late.max_days) == (2, 0.1, None)
    assignment = course.assignment("hw3")
    assert (assignment.name, assignment.title, assignment.package) == ("hw3", "Layers", "nndl")
    assert assignment.due.astimezone(UTC) == datetime(2026, 12, 1, 7, 59, tzinfo=UTC)
    assert assignment.notebooks == ("nets.ipynb",)
    assert (assignment.holes, assignment.carried) == (("nndl.layers.affine_forward",), ())


def test_questions_say_what_the_file_says(course):
    questions = course.assignment("hw3").questions
    assert [question.name for question in questions.values()] == list(questions)
    assert questions["accuracy"].metric == "val_accuracy"
    assert questions["extra"].bonus == Bonus(per=0.01, above=0.56, points=1, max=5)
    assert questions["inline_1"].manual
    assert questions["inline_1"].notebook == "nets.ipynb"


def test_a_question_without_a_title_is_called_by_its_name(course):
    assert course.assignment("hw3").questions["inline_1"].title == "Inline 1"


def test_failed_checks_of_what_builds_on_wrong_functions_stay_unchecked_by_default(course):
    assert course.assignment("hw3").cascade == "unchecked"


def test_paths_start_at_the_root(course):
    assert course.file == course.root / "course.yaml"
    assert course.solutions == course.root / "solutions"
    assert course.source("hw3") == course.root / "source" / "hw3"
    assert course.tests("hw3") == course.root / "tests" / "hw3"
    assert course.release("hw3") == course.root / "release" / "hw3"


def test_lines_and_problems_lead_to_the_key(course):
    assert course.line("assignments", "hw3", "questions", "affine", "points") == 14
    assert str(course.problem("wrong", "assignments", "hw3", "due")) == f"{course.file}:9: wrong"


def test_an_unknown_assignment_names_the_nearest_and_all(course):
    with pytest.raises(UsageError, match=r"no assignment 'hw33' .*did you mean 'hw3'.*it has: hw3"):
        course.assignment("hw33")


def test_a_course_cannot_be_changed(course):
    with pytest.raises(dataclasses.FrozenInstanceError):
        course.name = "other"
    with pytest.raises(ValidationError, match="frozen"):
        course.assignment("hw3").title = "other"


def test_limits_of_the_file_are_those_of_the_grader():
    fields = {field.name: field.default for field in dataclasses.fields(Limits)}
    assert {name: field.default for name, field in LimitsEntry.model_fields.items()} == fields


def test_points_of_hw3_add_up_to_fifty():
    questions = load_course(ROOT).assignment("hw3").questions.values()
    assert sum(question.points for question in questions) == 50
    assert sum(question.points for question in questions if question.manual) == 4


def test_the_package_exports_what_it_says():
    assert all(hasattr(course_package, name) for name in course_package.__all__)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "None: the file is empty: start with `format: 1`, or with `autograder new DIR`"),
        ("[1]", "None: expected a mapping with keys such as format and course, found a list"),
        ("hello", "None: expected a mapping with keys such as format and course, found 'hello'"),
        ("\nformat: 2\nx: 1", "2: format: expected 1, the format that this version reads, found 2"),
        ("format: '1'", "1: format: expected 1, the format that this version reads, found '1'"),
    ],
)
def test_a_file_that_is_no_course_of_this_format_gets_one_line(tmp_path, text, expected):
    assert problems_of(tmp_path, text) == [expected]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("affine: {points", "affine: {pints", "14: assignments.hw3.questions.affine.pints: "
         "unknown key (did you mean 'points'?)"),
        ("term:", "zzz: 1, term:", "2: course.zzz: unknown key; legal here: name, term, secret"),
        ("    title: Layers\n", "", "7: assignments.hw3: key 'title' is missing: What students read."),
        ("max: 5", "most: 5", "16: assignments.hw3.questions.extra.bonus: key 'max' is missing: "
         "Most points that can be earned."),
        ("name: Nets", "name: 2026", "2: course.name: expected text, found 2026; put it in quotes"),
        ("name: Nets", "name: ' '", "2: course.name: expected text that is not blank, found ' '"),
        ("name: Nets", "name: ~", "2: course.name: expected text, found nothing"),
        ("kind: cifar10", "kind: cifar", "3: datasets.cifar10.kind: expected 'cifar10' or 'shapes10', "
         "found 'cifar'"),
        ("{cifar10:", "{1st:", "3: datasets.1st: expected a name of letters, digits, '_' and '-' that starts "
         "with a letter as the key, found '1st'"),
        ("time_s: 30", "time_s: 0", "4: limits.time_s: expected a number above 0, found 0"),
        ("time_s: 30", "time_s: .inf", "4: limits.time_s: expected a finite number, found inf"),
        ("time_s: 30", "memory_mb: 2.5", "4: limits.memory_mb: expected a whole number, found 2.5"),
        ("time_s: 30", "memory_mb: lots", "4: limits.memory_mb: expected a whole number, found 'lots'"),
        ("{time_s: 30}", "[30]", "4: limits: expected a mapping of keys, found a list"),
        ("day: 0.1", "day: 10", "5: late.penalty_per_day: expected a number of at most 1, found 10"),
        ("slip_days: 2", "slip_days: -2", "5: late.slip_days: expected a number of at least 0, found -2"),
        ("T23:59:00-08:00", "T23:59:00", "9: assignments.hw3.due: expected a time with its offset from UTC, "
         "such as 2026-11-30T23:59:00-08:00, found '2026-11-30T23:59:00'"),
        ("2026-11-30T23:59:00-08:00", "soon", "9: assignments.hw3.due: expected an ISO 8601 time with its "
         "offset, such as 2026-11-30T23:59:00-08:00, found 'soon'"),
        ("2026-11-30T23:59:00-08:00", "20261130", "9: assignments.hw3.due: expected a time with its offset, "
         "such as 2026-11-30T23:59:00-08:00, found 20261130"),
        ("package: nndl", "package: nn-dl", "10: assignments.hw3.package: expected a Python name, such as "
         "nndl, found 'nn-dl'"),
        ("[nndl.layers.affine_forward]", "nndl.layers", "12: assignments.hw3.holes: expected a list, "
         "found 'nndl.layers'"),
        ("[nndl.layers.affine_forward]", "[layers]", "12: assignments.hw3.holes[0]: expected a dotted name "
         "below the package, such as nndl.layers.affine_forward, found 'layers'"),
        ("[nets.ipynb]", "[nets.ipynb, a/b.ipynb]", "11: assignments.hw3.notebooks[1]: expected the file name "
         "of a notebook, such as two_layer_nn.ipynb, found 'a/b.ipynb'"),
        ("points: 10}", "points: '10'}", "14: assignments.hw3.questions.affine.points: expected a number, "
         "found '10'"),
        ("manual: true", "manual: yes", "17: assignments.hw3.questions.inline_1.manual: expected true or "
         "false, found 'yes'"),
        ("{points: 10}", "10", "14: assignments.hw3.questions.affine: expected a mapping of keys, found 10"),
        ("{points: 10}", "{points: 10, points: 9}", "14: assignments.hw3.questions.affine.points: key given "
         "twice, first on line 14: keep one"),
    ],
)  # fmt: skip
def test_a_mistake_names_line_key_expectation_and_find(tmp_path, old, new, expected):
    assert old in GOOD
    assert expected in problems_of(tmp_path, GOOD.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("{points: 10}", "{points: 0}", "14: assignments.hw3.questions.affine.points: 0 points are for questions "
         "with a bonus or graded by hand: give it points above 0"),
        (", metric: val_accuracy", "", "15: assignments.hw3.questions.accuracy.formula: a formula needs a "
         "metric: add `metric: val_accuracy`, or another that the suite records"),
        (", metric: test_accuracy", "", "16: assignments.hw3.questions.extra.bonus: a bonus needs a "
         "metric: add `metric: val_accuracy`, or another that the suite records"),
        ("{points: 10}", "{points: 10, metric: loss}", "14: assignments.hw3.questions.affine.metric: a metric "
         "needs a formula or a bonus that uses it"),
        (", 1)\"", "\"", "15: assignments.hw3.questions.accuracy.formula: 'min(floor(100*x - 32) / 28' is not "
         "an expression: '(' was never closed"),
        ("100*x", "100*acc", "15: assignments.hw3.questions.accuracy.formula: 'min(floor(100*acc - 32) / 28, 1)' "
         "uses 'acc': the metric is called x, and there are no other variables"),
        (", notebook: nets.ipynb", "", "17: assignments.hw3.questions.inline_1.manual: a manual question needs "
         "a notebook: add `notebook:` with one of the assignment's"),
        ("notebook: nets.ipynb", "notebook: net.ipynb", "17: assignments.hw3.questions.inline_1.notebook: "
         "'net.ipynb' is not among the assignment's notebooks (did you mean 'nets.ipynb'?)"),
        ("manual: true", "manual: true, metric: loss", "17: assignments.hw3.questions.inline_1.metric: a manual "
         "question is scored by a person: remove this key, or manual"),
        ("[nets.ipynb]", "[nets.ipynb, nets.ipynb]", "11: assignments.hw3.notebooks[1]: 'nets.ipynb' is listed "
         "twice"),
        ("_forward]", "_forward, cs231n.x]", "12: assignments.hw3.holes[1]: 'cs231n.x' is not in the package "
         "'nndl'"),
        ("_forward]", "_forward]\n    carried: [nndl.layers.affine_forward]", "13: assignments.hw3.carried[0]: "
         "'nndl.layers.affine_forward' is under holes too: keep it in one of the two"),
    ],
)  # fmt: skip
def test_keys_that_contradict_each_other_are_one_mistake(tmp_path, old, new, expected):
    assert old in GOOD
    assert problems_of(tmp_path, GOOD.replace(old, new)) == [expected]


def test_an_empty_collection_is_a_mistake(tmp_path):
    text = GOOD[: GOOD.index("      affine")].replace("questions:", "questions: {}")
    assert problems_of(tmp_path, text)[-1] == (
        "13: assignments.hw3.questions: expected at least 1 entry, found an empty mapping"
    )


def test_all_mistakes_of_every_kind_come_at_once_in_the_order_of_lines(tmp_path):
    text = GOOD.replace("time_s", "time").replace("{points: 10}", "{pints: 10}").replace(", metric: v", ", metrik: v")
    found = problems_of(tmp_path, f"{text}format: 1\n")
    assert [line.partition(" ")[0] for line in found] == ["4:", "14:", "15:", "15:", "18:"]


def test_a_misspelt_key_is_not_reported_as_missing_too(tmp_path):
    found = problems_of(tmp_path, GOOD.replace("{points: 10}", "{pionts: 10}"))
    assert found == ["14: assignments.hw3.questions.affine.pionts: unknown key (did you mean 'points'?)"]


def test_a_kind_of_mistake_without_words_of_its_own_is_said_in_pydantics():
    error = {"type": "odd", "loc": ("course",), "msg": "Input is odd", "input": 1}
    assert list(explain([error])) == [(("course",), "expected something else: Input is odd, found 1")]


def test_long_values_are_cut(tmp_path):
    (line,) = problems_of(tmp_path, GOOD.replace("due: 2026", f"due: {'z' * 5000}"))
    assert len(line) < 250
