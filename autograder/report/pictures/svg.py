"""Elements of SVG. Colours are classes of the page's style sheet; whatever is put in is escaped."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup


def drawing(width: float, height: float, label: str, parts: Iterable[Markup]) -> Markup:
    """Return an image of this size in pixels, at most as wide as the page, that screen readers call `label`."""
    return Markup(
        '<svg viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" aria-label="{label}">{parts}</svg>'
    ).format(w=_n(width), h=_n(height), label=label, parts=Markup("").join(parts))


def rect(x: float, y: float, width: float, height: float, kind: str, opacity: float = 1.0, title: str = "") -> Markup:
    """Return a rectangle; `title` is shown to who points at it."""
    faint = Markup(' fill-opacity="{}"').format(_n(opacity)) if opacity < 1 else ""
    told = Markup("<title>{}</title>").format(title) if title else ""
    return Markup('<rect x="{}" y="{}" width="{}" height="{}" class="{}"{}>{}</rect>').format(
        _n(x), _n(y), _n(max(width, 0)), _n(max(height, 0)), kind, faint, told
    )


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> Markup:
    """Return words whose base line starts, has its middle or ends at a point."""
    return Markup('<text x="{}" y="{}" class="{}" text-anchor="{}">{}</text>').format(_n(x), _n(y), kind, anchor, words)


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    """Return a straight line."""
    return Markup('<line x1="{}" y1="{}" x2="{}" y2="{}" class="{}"/>').format(*map(_n, (x1, y1, x2, y2)), kind)


def path(points: Iterable[tuple[float, float]], kind: str) -> Markup:
    """Return a line through points."""
    steps = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
    return Markup('<polyline points="{}" class="{}"/>').format(steps, kind)


def circle(x: float, y: float, radius: float, kind: str) -> Markup:
    """Return a disc."""
    return Markup('<circle cx="{}" cy="{}" r="{}" class="{}"/>').format(_n(x), _n(y), _n(radius), kind)


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
