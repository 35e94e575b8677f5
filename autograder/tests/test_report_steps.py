"""Where a student is told to start, and that nothing is told twice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from autograder.report.audience import Shown, shown
from autograder.report.formats import html, markdown
from autograder.report.steps import first_steps
from autograder.results import CauseResult, Warned
from autograder.tests.sample_results import check, course, question, result

MEANT = CauseResult(name="dw_mean", message="it averages dw", hint="Sum over the batch", read="fc_nets.ipynb")


@pytest.fixture
def view(tmp_path: Path) -> Shown:
    """Return what a student sees of two checks with one cause, one without, one that waits, and an accuracy."""
    twice = [check(f"test_{name}", causes=(MEANT,), hint="Any hint.") for name in ("dw", "large")]
    waiting = check(
        "test_net",
        "unchecked",
        causes=(CauseResult(name="builds-on", message="it builds on affine", hint="", read=""),),
    )
    other = check("test_dx", message="dx is wrong", max_points=9.0)
    accuracy = question("accuracy", check("test_accuracy", max_points=20.0))
    warnings = (Warned(code="x", message="changes x"), Warned(code="x", message="changes x"))
    whole = shown(
        result("alice", accuracy, question("affine", *twice, other, waiting), warnings=warnings), course(tmp_path)
    )
    return replace(whole, questions=(replace(whole.questions[0], measured=True), whole.questions[1]))


def test_a_known_cause_comes_first_and_what_is_trained_last(view: Shown) -> None:
    steps = first_steps(view)
    assert [step.words for step in steps] == [
        "it averages dw",
        "dx is wrong",
        "what is trained builds on the functions above: mend those first",
    ]
    assert [step.checks for step in steps] == [2, 1, 1]


def test_an_accuracy_alone_is_told_as_it_is(view: Shown) -> None:
    (step,) = first_steps(replace(view, questions=view.questions[:1]))
    assert step.words == "the result is wrong"


def test_a_cause_is_explained_once_and_a_remark_made_once(view: Shown) -> None:
    text = markdown.page(view)
    assert text.count("Likely cause: it averages dw. Sum over the batch. Read: fc\\_nets.ipynb") == 1
    assert text.count("Likely cause: the same as above") == 1
    assert text.count("Hint: Any hint.") == 1
    assert text.count("- changes x") == 1
    assert "- ○ **net** (0 of 2.5): it builds on affine\n" in text
    page = html.page(view)
    assert (page.count("</strong> it averages dw"), page.count("</strong> the same as above")) == (1, 1)
