"""What a student's notebook may do in the browser of whoever grades: nothing but show text and pictures."""

from __future__ import annotations

import base64
import json
import re
import warnings
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.gradebook import automatic
from autograder.gradebook.answers import UNTOUCHED, Answer, digests, shown
from autograder.gradebook.bounds import Budget
from autograder.gradebook.harmless import markdown, outputs, text_block
from autograder.gradebook.layout import Place, Sheet
from autograder.report.audience import shown as view_for_students
from autograder.tests.gradebook_course import STUB, code, marks, notebook
from autograder.tests.gradebook_course import markdown as markdown_cell
from autograder.tests.sample_results import SECRET, everything
from autograder.tests.sample_results import course as sample_course

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"0" * 20).decode()
TAGS = re.findall(
    r"\w+", "div p em strong code pre ul ol li blockquote table thead tbody tr th td br hr a img s h1 h2 h3 h4 h5 h6"
)
ATTRIBUTES = {"href", "title", "class", "start", "alt", "src", "style", "align"}
NASTY = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<a href='javascript:a()'>x",
    "[x](javascript:alert(1))", "[x](JaVa&#115;cript:alert(1))", "[x][r]\n\n[r]: javascript:alert(1)\n\n", "`", "``",
    "```\n", "$", "$$", "\\begin{a}", "\\end{a}", "\\href{javascript:alert(1)}{x}", "\\class{x}{y}", "<", ">", '"',
    "'", "&lt;", "&#60;", "\n", "\n\n", "    ", "- ", "> ", "| a | b |\n|---|---|\n", "![x](http://evil.example/p.png)",
    "![x](attachment:a)", "<b title=\"", "<!-- ", "-->", "<![CDATA[", "]]>", "]", "[", "(", ")", "*", "_", "~~", "\\",
    "http://a.example/<script>", "<http://a.example>", "<details open ontoggle=alert(1)>", "</div>", "</pre>", "\x00",
    "\u2028", "\ud800", "word",
]  # fmt: skip


class Page(HTMLParser):
    """The tags and attributes of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def rendered(cell: str) -> Page:
    """Return a cell as formgrader, which is nbconvert, renders it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from nbconvert.filters.markdown_mistune import markdown2html_mistune

    return Page(markdown2html_mistune(cell))


def assert_harmless(page: Page) -> None:
    for tag, attributes in page.found:
        assert tag in TAGS
        assert set(attributes) <= ATTRIBUTES
        href = (attributes.get("href") or "").strip().lower()
        assert not href.startswith(("javascript:", "vbscript:", "data:", "file:"))
        assert (attributes.get("src") or "data:image/png;base64,").startswith("data:image/")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(NASTY), max_size=12).map("".join))
@example('`<b title="`<img src=x onerror=alert(1)>">`')
@example("[x]($javascript:alert(1)$)")
def test_whatever_markdown_says_it_does_no_harm_when_it_is_rendered_again(source: str) -> None:
    cell = markdown(source, {"a": {"image/png": PNG}}, Budget())
    assert "\n" not in cell
    assert_harmless(rendered(cell))
    assert_harmless(rendered(text_block(source)))


def test_markdown_shows_what_it_showed_before() -> None:
    page = rendered(
        markdown("# A\n\n*b* **c** `d<e>` [f](https://g.example)\n\n- h\n\n```python\ni\n\nj\n```", {}, Budget())
    )
    assert [tag for tag, _ in page.found] == ["div", "h1", "p", "em", "strong", "code", "a", "ul", "li", "pre", "code"]
    assert "d<e>" in page.text
    assert "i\n\nj" in page.text


@pytest.mark.parametrize(
    "formula", ["$a_1 * b_2 * c$", "$$\n\\frac{a}{b} < c\n$$", "\\begin{align}\na &= b \\\\\nc\n\\end{align}"]
)
def test_formulas_reach_mathjax_as_they_were(formula: str) -> None:
    assert formula in rendered(markdown(f"See {formula} here.", {}, Budget())).text


@pytest.mark.parametrize("command", ["\\href{javascript:a}{b}", "\\class{a}{b}", "\\require{a}", "\\def\\a{\\href}"])
def test_formulas_make_no_links_and_load_nothing(command: str) -> None:
    text = rendered(markdown(f"${command}$ and \\[{command}\\]", {}, Budget())).text
    assert not any(f"\\{name}" in text for name in ("href", "class", "require", "def"))


def test_pictures_come_with_the_cell_or_not_at_all() -> None:
    attachments = {"a.png": {"image/png": PNG}, "b.png": {"image/png": "?"}, "c.svg": {"image/svg+xml": "<svg/>"}}
    source = "![one](attachment:a.png) ![two](attachment:b.png) ![three](attachment:c.svg) ![four](http://e.example/x)"
    page = rendered(markdown(source, attachments, Budget()))
    assert [attributes["src"] for tag, attributes in page.found if tag == "img"] == [f"data:image/png;base64,{PNG}"]
    assert page.text.count("picture that is not shown") == 3


def test_of_outputs_text_and_pictures_are_left() -> None:
    data = {"text/html": "<script>", "image/svg+xml": "<svg/>", "application/javascript": "a()"}
    data = {**data, "text/plain": ["<b", ">"]}
    found = [
        {"output_type": "display_data", "data": data, "metadata": {"x": "<"}},
        {"output_type": "execute_result", "data": {"image/png": PNG + "\n"}, "execution_count": "<"},
        {"output_type": "execute_result", "data": {"image/png": '"><script>'}},
        {"output_type": "stream", "name": "<x>", "text": "1%\r2%\r\x1b[31mred\x1b[0m\x07"},
        {"output_type": "error", "ename": "E", "evalue": [1], "traceback": ["a", 2]},
        {"output_type": "update_display_data"},
        "nothing",
    ]
    assert outputs(found, Budget()) == [
        {"output_type": "display_data", "data": {"text/plain": "<b>"}, "metadata": {}},
        {"output_type": "display_data", "data": {"image/png": PNG}, "metadata": {}},
        {"output_type": "stream", "name": "stdout", "text": "red\\x07"},
        {"output_type": "error", "ename": "E", "evalue": "", "traceback": ["a"]},
    ]


INLINE = Place(
    name="inline",
    kind="markdown",
    points=4,
    manual=True,
    commented=True,
    released=STUB,
    metadata=marks("inline", 4)["nbgrader"],
)
SHEET = Sheet(name="essay", places=(INLINE,))


def show(data: bytes | None) -> dict[str, Any]:
    files = {} if data is None else {"essay.ipynb": data}
    found: dict[str, Any] = json.loads(shown(SHEET, files, frozenset({"essay.ipynb"})).text)
    return found


@pytest.mark.parametrize(
    "data",
    [
        b"", b"[]", b"{}", b"\xff", b'{"nbformat": 4}', b'{"nbformat": 4, "cells": 3}',
        b'{"nbformat": 4, "cells": [3]}', b'{"nbformat": 3, "worksheets": 1}',
        b'{"nbformat": "x", "cells": []}', b"[" * 100_000, b"9" * 100_000,
        b'{"nbformat": 4, "cells": [{"cell_type": "code", "metadata": []}]}', b'{"nbformat": 99, "cells": []}', None,
    ],
)  # fmt: skip
def test_what_is_no_notebook_counts_as_not_handed_in(data: bytes | None) -> None:
    found = show(data)
    assert "was not handed in, or cannot be read" in found["cells"][0]["source"].replace("&#", "")
    assert found["cells"][-1]["metadata"]["nbgrader"]["grade_id"] == "inline"


def test_cells_that_are_odd_are_shown_all_the_same() -> None:
    odd = [
        {"cell_type": "heading", "source": 7, "metadata": {"nbgrader": [1]}},
        {"cell_type": "markdown", "source": ["a", 7, "b"], "metadata": {"nbgrader": {"grade_id": 7}}, "attachments": 1},
        {"cell_type": "code", "source": "\ud800", "outputs": {"a": 1}, "execution_count": "9"},
    ]
    found = show(notebook(*odd))
    assert [cell["cell_type"] for cell in found["cells"]] == ["markdown", "markdown", "code", "markdown"]
    assert (found["cells"][2]["source"], found["cells"][2]["outputs"]) == ("\\ud800", [])


def test_a_notebook_of_format_3_is_read() -> None:
    cells = [{"cell_type": "markdown", "source": "hi"}]
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}
    assert ">hi<" in show(json.dumps(old).encode())["cells"][0]["source"]


def test_marks_are_those_of_the_release_whatever_the_copy_says() -> None:
    forged = {"grade_id": "inline", "points": "<script>", "locked": True, "task": True}
    other = {"nbgrader": {"grade_id": "affine", "grade": True, "points": 10}, "tags": ["<script>"]}
    cells = [markdown_cell("Mine.", {"nbgrader": forged}), code("x", other), markdown_cell("Two", marks("inline"))]
    found = show(notebook(*cells))
    assert [cell["metadata"] for cell in found["cells"]] == [marks("inline", 4), {}, {}]


def test_much_is_cut_and_says_so() -> None:
    large = notebook(*[markdown_cell("a" * 100_000)] * 40, *[code("b" * 100_000)] * 700)
    text = shown(SHEET, {"essay.ipynb": large}, frozenset()).text
    assert len(text) < 1_500_000
    assert "80&#44;000 more characters" in text or "80,000 more characters" in text
    assert len(json.loads(text)["cells"]) == 501


@pytest.mark.parametrize(
    ("answer", "nothing"),
    [(STUB, UNTOUCHED), ("", UNTOUCHED), (f"{STUB}\r\n", UNTOUCHED), (f"{STUB} It is 3.", ""), ("3", "")],
)
def test_an_answer_is_what_differs_from_what_was_given(answer: str, nothing: str) -> None:
    found = shown(SHEET, {"essay.ipynb": notebook(markdown_cell(answer, marks("inline")))}, frozenset())
    assert found.answers["inline"].nothing == nothing
    assert digests(found.text) == {"inline": found.answers["inline"].digest}


def test_a_picture_is_an_answer() -> None:
    cell = markdown_cell(STUB, marks("inline"), attachments={"a.png": {"image/png": PNG}})
    assert shown(SHEET, {"essay.ipynb": notebook(cell)}, frozenset()).answers["inline"].nothing == ""


def test_answers_of_a_notebook_that_somebody_changed_are_not_taken_for_those_of_before() -> None:
    assert digests("") == digests("[]") == digests('{"metadata": {"autograder": 3}}') == {}
    assert Answer().digest == ""


@pytest.mark.parametrize("hidden", ["name", "hint", "nothing"])
def test_the_notebook_of_automatic_questions_says_no_more_than_students_may_see(tmp_path: Path, hidden: str) -> None:
    sheet = Sheet(
        name="automatic", places=tuple(Place(name=name, kind="code", points=1.0) for name in ("affine", "nets"))
    )
    view = view_for_students(everything(), sample_course(tmp_path, f"feedback: {{hidden: {hidden}}}"))
    text = automatic.notebook(sheet, view)
    assert SECRET not in text
    assert "dx is wrong" in text  # of a visible check
    cells = [cell["source"] for cell in json.loads(text)["cells"]]
    assert all(line.startswith("#") for cell in cells[1:] for line in cell.splitlines())
