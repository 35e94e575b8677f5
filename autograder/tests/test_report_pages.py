"""The pages of HTML: whole, escaped, accessible, and asking nobody for anything."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from autograder.report.audience import shown, unabridged
from autograder.report.formats.html import page
from autograder.report.pictures import caption, picture
from autograder.results import UNUSABLE, ExhibitResult, MeasurementResult, TrainingResult, Warned
from autograder.tests.sample_results import EVIL, SECRET, check, course, everything, question, result

_VOID = {"meta", "link", "br", "input", "hr", "img"}


class Page(HTMLParser):
    """The elements of a page; one that is not closed, or closed twice, is an error."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in _VOID and not (self.get_starttag_text() or "").endswith("/>"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("rect", "line", "circle", "polyline") or self._open[-1] == tag:
            assert self._open.pop() == tag, tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, name: str) -> list[str]:
        return [attrs[name] for _, attrs in self.elements if name in attrs]


EXHIBITS = (
    ExhibitResult(kind="difference", name=EVIL, shape=(2, 3), cells=((0, 0.5, 0), (None, 0, -2))),
    ExhibitResult(kind="difference", name="o", shape=(2, 1, 2, 2), tile=(2, 2), cells=((0, 1), (1, 1), (0, 0), (0, 1))),
    ExhibitResult(kind="mask", name="mask", shape=(300, 300), cells=((0, 1), (1, 1))),
    ExhibitResult(kind="errors", name="gradients", labels=("dx", EVIL, "db"), values=(0.5, None, 0), limit=1e-5),
    ExhibitResult(kind="spread", name="W", shape=(9,), labels=("a", "b", "c"), values=(0, 1, 0), expected=(0, 1, 0)),
    ExhibitResult(kind="curve", name="loss_history", shape=(4,), values=(2.0, None, 1.0, 0.5)),
)  # fmt: skip


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> str:
    known = course(tmp_path_factory.mktemp("course"))
    training = TrainingResult(ended="finished", iterations=4, seconds=1, seed=1, losses=(2.0, None, 1.0), stride=2)
    measured = MeasurementResult(
        metric="val_accuracy", value=0.5, estimate=0.5, low=0.45, high=0.55, images=99, seeds=(1,), dataset="shapes10",
        policy="point", decision=f"the estimate counts {EVIL}", claimed=0.7,
    )  # fmt: skip
    more = check("test_shown", exhibits=EXHIBITS, trainings=(training,), measurements=(measured,))
    questions = (*everything().questions, question("pictures", more))
    return page(shown(result("alice <b>", *questions, warnings=everything().warnings), known))


def test_whatever_students_wrote_is_text(text: str) -> None:
    parsed = Page(text)
    assert "script" not in {tag for tag, _ in parsed.elements}
    assert "alice <b>" in "".join(parsed.words)
    assert "<script>alert(1)</script>" in "".join(parsed.words)
    assert not [name for _, attrs in parsed.elements for name in attrs if name.startswith("on") or name == "style"]
    assert SECRET not in text


def test_nothing_is_asked_of_anybody(text: str) -> None:
    parsed = Page(text)
    assert [link for link in parsed.all("href") if not link.startswith(("#", "data:,"))] == []
    assert parsed.all("src") == []
    assert not re.search(r"url\(|@import", text)


def test_only_the_style_that_the_page_names_by_its_hash_is_allowed(text: str) -> None:
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    expected = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert policy.startswith("default-src &#39;none&#39;;")
    assert f"style-src &#39;sha256-{expected}&#39;" in policy
    assert "script-src" not in policy


def test_landmarks_headings_and_names_are_there_for_screen_readers(text: str) -> None:
    parsed = Page(text)
    tags = [tag for tag, _ in parsed.elements]
    assert [tags.count(tag) for tag in ("header", "main", "footer", "h1")] == [1, 1, 1, 1]
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    ids = parsed.all("id")
    assert len(ids) == len(set(ids))
    assert set(parsed.all("aria-labelledby")) <= set(ids)
    assert {link[1:] for link in parsed.all("href") if link.startswith("#")} <= set(ids)
    for tag, attrs in parsed.elements:
        assert tag != "svg" or attrs.get("aria-hidden") or attrs["aria-label"]
        assert tag != "th" or attrs["scope"] in ("row", "col")


def test_every_failed_check_says_why_and_what_to_do(text: str) -> None:
    words = " ".join(" ".join(Page(text).words).split())
    for each in ("dx is wrong:", "expected: [1]", "Hint: Use x.T.", "What has which shape?", "hidden check 1"):
        assert each in words
    assert "4 points" in words


@pytest.mark.parametrize("exhibit", EXHIBITS, ids=lambda exhibit: exhibit.kind)
def test_pictures_are_whole_and_have_words(exhibit: ExhibitResult) -> None:
    parsed = Page(str(picture(exhibit)))
    assert len(parsed.elements) > 2
    assert parsed.all("aria-label") == [caption(exhibit)]
    for name in ("x", "y", "width", "height", "x1", "y1", "cx", "cy"):
        assert all(float(value) >= 0 for value in parsed.all(name))


def test_a_difference_says_how_much_is_wrong() -> None:
    assert "by up to 2: 3 of 6 squares are wrong" in caption(EXHIBITS[0])
    kinds = [attrs["class"] for tag, attrs in Page(str(picture(EXHIBITS[0]))).elements if tag == "rect"]
    assert kinds == ["ground", "high", "nonfinite", "low"]


def test_pages_for_who_grades_say_so_and_show_hidden_checks(tmp_path: Path) -> None:
    text = page(unabridged(everything(), course(tmp_path)), graders=True)
    assert "For those who grade" in text
    assert f"{SECRET} output" in text


def test_a_hand_in_that_could_not_be_graded_says_why_once(tmp_path: Path) -> None:
    checks = [check(f"test_{name}", "missing", message="the zip is empty") for name in "abc"]
    unusable = result("zoe", question("affine", *checks), warnings=(Warned(code=UNUSABLE, message="the zip is empty"),))
    text = page(shown(unusable, course(tmp_path)))
    assert text.count("the zip is empty") == 1
    assert "Where to start" not in text


def test_checks_with_nothing_to_tell_are_lines_and_no_boxes(tmp_path: Path) -> None:
    checks = (check("test_a", visible=False), check("test_b", "unchecked"), check("test_c", visible=False, hint="Hint"))
    text = page(shown(result("alice", question("affine", *checks)), course(tmp_path)))
    assert text.count('<article class="check failed"') == 1
    assert [words in text for words in ('<li id="c-1"', '<li id="c-2"', "Hint")] == [True] * 3
