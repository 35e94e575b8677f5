"""What students see: all of visible checks, of hidden ones what their author allows, and nobody's secrets."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.report.audience import Shown, shown, title_of
from autograder.results import UNUSABLE, Warned
from autograder.tests.sample_results import SECRET, check, course, everything, question, result


def view(folder: Path, feedback: str = "") -> Shown:
    return shown(everything(), course(folder, f"feedback: {feedback}" if feedback else ""))


@pytest.mark.parametrize("feedback", ["", "{hidden: name}", "{hidden: hint}", "{hidden: nothing}"])
def test_nothing_that_student_code_could_have_written_in_a_hidden_check_is_shown(tmp_path: Path, feedback: str) -> None:
    assert SECRET not in repr(view(tmp_path, feedback))


def test_a_visible_check_is_shown_in_full(tmp_path: Path) -> None:
    check = view(tmp_path).questions[0].checks[1]
    assert (check.title, check.name, check.hint) == ("backward [two]", "test_backward[two]", "Use x.T.")
    assert "expected: [1]" in check.message
    assert "red" in check.output


def test_a_hidden_check_is_its_verdict_and_hint(tmp_path: Path) -> None:
    check = view(tmp_path).questions[0].checks[2]
    assert (check.title, check.name, check.visible) == ("hidden check 1", "", False)
    assert (check.meaning, check.hint) == ("the result is wrong", "What has which shape?")


def test_the_author_can_let_students_know_the_names_without_parameters(tmp_path: Path) -> None:
    assert view(tmp_path, "{hidden: name}").questions[0].checks[2].title == "Hidden: shapes"


def test_the_author_can_keep_everything_of_hidden_checks_to_himself(tmp_path: Path) -> None:
    seen = view(tmp_path, "{hidden: nothing}")
    assert [(len(each.checks), each.untold) for each in seen.questions] == [(2, 1), (0, 2), (1, 0), (0, 0)]
    assert "eps" not in repr(seen)
    assert "shape?" not in repr(seen)


def test_remarks_name_visible_checks_only(tmp_path: Path) -> None:
    assert view(tmp_path).remarks == (
        "of several copies the first was taken",
        "forward: changes x",
        "eps is small",
    )


def test_output_has_no_escape_sequences_and_an_end(tmp_path: Path) -> None:
    long = check(output="\x1b[1;31mred\x1b[0m \x1b]0;title\x07" + "x" * 9000)
    shown_check = shown(result("a", question("affine", long)), course(tmp_path)).questions[0].checks[0]
    assert shown_check.output.startswith("red xxx")
    assert shown_check.output.endswith("more characters")
    assert len(shown_check.output) < 4100


def test_why_nothing_was_graded_is_told_once(tmp_path: Path) -> None:
    unusable = result("a", warnings=(Warned(code=UNUSABLE, message="the zip is empty"),))
    seen = shown(unusable, course(tmp_path))
    assert (seen.problem, seen.remarks) == ("the zip is empty", ())


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("test_affine_forward", "affine forward"),
        ("test_layers.py::test_x", "x"),
        ("TestNet::test_loss[3-True]", "Net: loss [3-True]"),
        ("test_shapes::test_x", "shapes: x"),
    ],
)
def test_names_of_checks_are_told_in_words(name: str, words: str) -> None:
    assert title_of(name) == words
