"""How much of a student's notebook goes to whoever grades it: far more than any honest one holds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Budget:
    """What is left for one notebook. Whatever goes beyond it is cut, and says so."""

    cells: int = 500
    markdown: int = 20_000  # characters of one cell of Markdown, which takes time with the square of them at worst
    code: int = 50_000  # of one of code
    output: int = 20_000  # of one output
    text: int = 1_000_000  # of all
    pictures: int = 12 << 20  # bytes of all

    def take_text(self, text: str, limit: int) -> str:
        """Return as much of a text as there is room for, at most `limit` characters."""
        limit = max(0, min(limit, self.text))
        self.text -= min(len(text), limit)
        return text if len(text) <= limit else f"{text[:limit]}\n... {len(text) - limit:,} more characters"

    def take_picture(self, size: int) -> bool:
        """Tell whether there is room for a picture of `size` bytes, and keep it if so."""
        fits = size <= self.pictures
        self.pictures -= size * fits
        return fits
