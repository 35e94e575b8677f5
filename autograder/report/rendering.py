"""Pages of HTML: one file each, which asks nobody for anything and runs nothing but its own script.

Templates escape whatever they are given. As a second wall, each page forbids by its Content-Security-Policy every
request, and every style and script but those that it names by their hash.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup

from autograder.report.pictures import accuracy, caption, curve, histogram, picture
from autograder.report.words import counted, earned, total
from autograder.scoring import points_text


def render(template: str, *, script: str = "", **values: Any) -> str:
    """Return a page. `script` names a file beside the templates."""
    style, code = _file("page.css"), _file(script) if script else ""
    sources = [f"style-src '{_hash(style)}'", *([f"script-src '{_hash(code)}'"] if code else [])]
    policy = "; ".join(["default-src 'none'", *sources, "img-src data:", "base-uri 'none'", "form-action 'none'"])
    page = _environment().get_template(template)
    return page.render(style=Markup(style), script=Markup(code), policy=policy, **values)


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("autograder.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["points"] = points_text
    environment.globals |= {
        "picture": picture,
        "caption": caption,
        "curve": curve,
        "accuracy": accuracy,
        "histogram": histogram,
        "counted": counted,
        "earned": earned,
        "total": total,
    }
    return environment


@functools.cache
def _file(name: str) -> str:
    return resources.files("autograder.report").joinpath("templates", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
