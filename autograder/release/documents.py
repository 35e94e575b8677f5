"""Take a release apart into everything that a reader could find in it: code, and text in any wrapping."""

from __future__ import annotations

import ast
import base64
import binascii
import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from autograder.release.secrets import parse_cell

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}(?:\s+[A-Za-z0-9+/_-]{16,})*={0,2}")
_DEPTH = 3  # wrappings inside each other that are taken off


@dataclass(frozen=True, kw_only=True)
class Document:
    """One piece of a released file. `tree` is its code; in a piece of text, which has none, nothing may be told."""

    path: str
    place: str  # within the file: "cell 'x'", "cell 'x', output"; empty for all of it
    text: str
    tree: ast.AST | None = None


def documents(files: Mapping[str, bytes]) -> Iterator[Document]:
    """Yield every piece of the released files, whose names and bytes are given."""
    for path, raw in files.items():
        yield Document(path=path, place="file name", text=path)
        if path.endswith(".ipynb"):
            yield from _unwrapped(_of_notebook(path, json.loads(raw)))
        elif path.endswith(".py"):
            yield from _unwrapped(_of_code(path, "", raw.decode("utf-8")))
        else:
            yield from _unwrapped([Document(path=path, place="", text=_decoded(raw))])


def _of_code(path: str, place: str, source: str) -> Iterator[Document]:
    """Yield code as code, and its comments and strings as text."""
    tree = parse_cell(source)
    if tree is None:
        yield Document(path=path, place=place, text=source)
        return
    yield Document(path=path, place=place, text=source, tree=tree)
    prefix = f"{place}, " if place else ""
    yield Document(path=path, place=f"{prefix}comments", text="\n".join(_comments(source)))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
            text = node.value if isinstance(node.value, str) else _decoded(node.value)
            yield Document(path=path, place=f"{prefix}line {node.lineno}", text=text)


def _comments(source: str) -> Iterator[str]:
    """Yield what follows a ``#`` (also within strings, which does no harm), and lines of magics."""
    for line in source.split("\n"):
        _, sign, comment = line.partition("#")
        if sign or line.lstrip()[:1] in {"%", "!", "?"}:
            yield comment if sign else line


def _of_notebook(path: str, notebook: Any) -> Iterator[Document]:
    yield Document(path=path, place="metadata", text="\n".join(_strings(notebook.get("metadata"))))
    for cell in notebook["cells"]:
        place = f"cell {cell['id']!r}"
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            yield from _of_code(path, place, source)
        else:
            yield Document(path=path, place=place, text=source)
        for key in sorted(set(cell) - {"source"}):
            yield Document(path=path, place=f"{place}, {key}", text="\n".join(_strings(cell[key])))


def _strings(data: Any) -> Iterator[str]:
    """Yield all strings in JSON data, keys too; a list of nothing but strings is one text, cut into lines."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield key
            yield from _strings(value)
    elif isinstance(data, list):
        if data and all(isinstance(item, str) for item in data):
            yield "".join(data)
        else:
            for item in data:
                yield from _strings(item)


def _unwrapped(found: Any) -> Iterator[Document]:
    """Yield documents, and what their text holds in HTML, escapes and base64."""
    for document in found:
        yield document
        for text in _unwrap(document.text, _DEPTH) if document.tree is None else ():
            yield Document(path=document.path, place=document.place, text=text)


def _unwrap(text: str, depth: int) -> Iterator[str]:
    if depth == 0:
        return
    plain = html.unescape(re.sub(r"<[^>]*>", " ", text)) if "&" in text or "</" in text else text
    unescaped = re.sub(r"\\[nrt]", " ", plain)
    inner = [other for other in {plain, unescaped} if other != text]
    inner += [decoded for match in _BASE64.finditer(text) if (decoded := _from_base64(match[0])) is not None]
    for other in sorted(inner):
        yield other
        yield from _unwrap(other, depth - 1)


def _from_base64(text: str) -> str | None:
    packed = re.sub(r"\s|=", "", text).replace("-", "+").replace("_", "/")
    try:
        return _decoded(base64.b64decode(packed + "=" * (-len(packed) % 4)))
    except binascii.Error:
        return None


def _decoded(raw: bytes) -> str:
    return raw.decode("utf-8", errors="replace")
