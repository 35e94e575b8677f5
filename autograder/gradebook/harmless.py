"""Turn what stood in a student's notebook into cells that can do no harm in the browser of whoever grades.

How it works: formgrader renders Markdown with HTML, links and MathJax as they are, in a page that may change grades. So
Markdown is rendered here, by a parser that escapes HTML and refuses links that run code, to one line of HTML in
which everything that Markdown or TeX could take for its own is a character reference: rendered again it stays what
it is. Of outputs, text and pictures of two kinds are kept. A cell is built anew from these; nothing is passed on.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from autograder.gradebook.bounds import Budget
from autograder.text import printable

_PICTURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
_TAG = re.compile(r"(<[^>]*>)")
_FOR_MARKDOWN = re.compile(r"[\[\](){}*_`~$\\!|:@\n\t'=+-]")
_MATH = re.compile(r"\$\$.+?\$\$|\$[^$\n]+\$|\\begin\{([a-z]+\*?)\}.+?\\end\{\1\}", re.DOTALL)
# Commands of MathJax that make links, load extensions, or set attributes of the page.
_UNSAFE_TEX = re.compile(
    r"\\(?=(?:href|url|require|class|style|cssId|data|html\w*|def|let|newcommand|renewcommand|csname)\b)", re.IGNORECASE
)
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")  # of terminals: colours, mostly
_OVERWRITTEN = re.compile(r"[^\n\r]*\r(?!\n)")  # what a progress bar has written over
_PLAIN = "\N{REVERSE SOLIDUS OPERATOR}"  # looks like a backslash


def markdown(source: str, attachments: Mapping[str, Any], budget: Budget) -> str:
    """Return Markdown as one line that shows the same, without HTML, scripts, requests or harmful links."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False, "breaks": False}).enable(["table", "strikethrough"])
    parser.add_render_rule("image", lambda _self, tokens, index, *_: _image(tokens[index], attachments, budget))
    mark = secrets.token_hex(8)
    formulas: list[str] = []
    rendered = parser.render(_MATH.sub(lambda match: _keep(match[0], mark, formulas), printable(source)))
    pieces = (_piece(piece, mark, formulas) for piece in _TAG.split(rendered))
    return f'<div class="answer">{"".join(pieces)}</div>'


def text_block(source: str) -> str:
    """Return text that is no Markdown as one line that shows it as it is."""
    return f"<pre>{_inert(html.escape(printable(source)))}</pre>"


def outputs(found: Sequence[Any], budget: Budget) -> list[dict[str, Any]]:
    """Return those of a code cell's outputs that are text or pictures, within bounds."""
    return [output for each in found if isinstance(each, dict) for output in _output(each, budget)]


def picture(kind: str, data: Any, budget: Budget) -> str:
    """Return a picture's base64 if it is one of the kind and there is room for it, else nothing."""
    text = joined(data)
    if len(text) > 2 * budget.pictures:
        return ""
    try:
        raw = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return ""
    if not raw.startswith(_PICTURES[kind]) or not budget.take_picture(len(raw)):
        return ""
    return base64.b64encode(raw).decode()


def joined(value: Any) -> str:
    """Return text that a notebook holds as such or in lines; nothing for anything else."""
    if isinstance(value, str):
        return value
    return "".join(line for line in value if isinstance(line, str)) if isinstance(value, list) else ""


def _keep(formula: str, mark: str, formulas: list[str]) -> str:
    formulas.append(formula)
    return f"{mark}x{len(formulas) - 1}x"


def _piece(piece: str, mark: str, formulas: list[str]) -> str:
    """Return a tag or the text between two, on one line; formulas come back in text only."""
    if piece.startswith("<"):
        return re.sub(rf"{mark}x\d+x", "", piece).replace("\n", "&#10;")
    back = re.compile(rf"{mark}x(\d+)x")
    whole = back.sub(lambda match: html.escape(_UNSAFE_TEX.sub(_PLAIN, formulas[int(match[1])]), quote=False), piece)
    return _inert(_UNSAFE_TEX.sub(_PLAIN, whole))


def _inert(escaped: str) -> str:
    """Return escaped HTML in which nothing is left for Markdown, and which is one line."""
    return _FOR_MARKDOWN.sub(lambda match: f"&#{ord(match[0])};", escaped)


def _image(token: Any, attachments: Mapping[str, Any], budget: Budget) -> str:
    """Show a picture that came with the cell; name any other, so that looking at an answer asks no server."""
    source, said = str(token.attrs.get("src", "")), html.escape(str(token.content))
    data = attachments.get(source.removeprefix("attachment:")) if source.startswith("attachment:") else None
    for kind in _PICTURES if isinstance(data, Mapping) else ():
        if kind in data and (found := picture(kind, data[kind], budget)):  # type: ignore[operator, index]
            return f'<img alt="{said}" src="data:{kind};base64,{found}">'
    return f"<em>picture that is not shown: {said} {html.escape(source[:200])}</em>"


def _output(output: Mapping[str, Any], budget: Budget) -> Iterator[dict[str, Any]]:
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        yield {"output_type": "stream", "name": name, "text": _text(output.get("text"), budget)}
    elif kind == "error":
        lines = [_text(joined(output.get(key)), budget) for key in ("ename", "evalue")]
        trace = output.get("traceback")
        traceback = [_text(line, budget) for line in trace if isinstance(line, str)] if isinstance(trace, list) else []
        yield {"output_type": "error", "ename": lines[0], "evalue": lines[1], "traceback": traceback}
    elif kind in ("display_data", "execute_result") and isinstance(output.get("data"), Mapping):
        data = dict(_shown(output["data"], budget))
        if data:
            yield {"output_type": "display_data", "data": data, "metadata": {}}


def _shown(data: Mapping[str, Any], budget: Budget) -> Iterator[tuple[str, str]]:
    for kind in _PICTURES:
        if kind in data and (found := picture(kind, data[kind], budget)):
            yield kind, found
    if text := _text(data.get("text/plain"), budget):
        yield "text/plain", text


def _text(value: Any, budget: Budget) -> str:
    text = _OVERWRITTEN.sub("", _ESCAPES.sub("", joined(value)))
    return budget.take_text(printable(text), budget.output)
