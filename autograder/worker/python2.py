"""Python 2 as text that Python 3 reads: print statements, `except A, e`, `raise A, text` and `<>`.

What only shows at run time (division of integers, `xrange`, lists from `map`) is in `oldcode`.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator

_SUSPECT = re.compile(r"\bprint[ \t]+[^\s(=.,:)\]]|\bprint[ \t]*\(.*\)[ \t]*%|\bexcept[^:\n]+,|\braise\s+\w+\s*,|<>")
_NOWHERE_ELSE = re.compile(r"^[ \t]*print[ \t]*>>", re.M)  # Python 3 reads it, and fails when it gets there
_XRANGE = re.compile(r"\bxrange\s*\(")
_OWN_XRANGE = re.compile(r"import[^\n]*\bxrange\b|\bxrange\s*=|import \*")
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_BETWEEN = (tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.COMMENT, tokenize.ENCODING)

Token = tokenize.TokenInfo


def is_python2(text: str) -> bool:
    """Tell whether only Python 2 runs this: Python 3 cannot read it, or it uses `xrange` from nowhere."""
    if _NOWHERE_ELSE.search(text) or (_XRANGE.search(text) and not _OWN_XRANGE.search(text)):
        return True
    if not _SUSPECT.search(text):
        return False
    try:
        compile(text, "", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return True
    return False


def translate(text: str) -> str:
    """Return `text` in Python 3; line numbers stay.

    Raises
    ------
    SyntaxError, tokenize.TokenError
        When it cannot even be cut into words.
    """
    lines = text.splitlines(keepends=True)
    edits: list[tuple[tuple[int, int], tuple[int, int], str]] = []
    for statement in _statements(list(tokenize.generate_tokens(io.StringIO(text).readline))):
        edits += _edits(statement)
    for (row, start), (_, end), new in sorted(edits, reverse=True):
        line = lines[row - 1]
        lines[row - 1] = line[:start] + new + line[end:]
    return "".join(lines)


def _statements(tokens: list[Token]) -> Iterator[list[Token]]:
    """Yield the words of each simple statement, and of each head of a compound one."""
    words: list[Token] = []
    depth = 0
    for token in tokens:
        depth += (token.string in _OPENING) - (token.string in _CLOSING) if token.type == tokenize.OP else 0
        between = token.type in _BETWEEN or token.type == tokenize.ENDMARKER
        if (between and depth == 0) or (depth == 0 and token.string in (";", ":")):
            if words:
                yield words
            words = []
        elif token.type not in _BETWEEN:
            words.append(token)


def _edits(words: list[Token]) -> Iterator[tuple[tuple[int, int], tuple[int, int], str]]:
    first, rest = words[0], words[1:]
    if first.string == "print" and not (rest and rest[0].string in ("=", ".")):
        yield from _printed(first, rest)
    elif first.string in ("except", "raise") and (comma := _comma(rest)):
        if first.string == "except":
            yield comma.start, comma.end, " as"
        else:
            yield comma.start, comma.end, "("
            yield rest[-1].end, rest[-1].end, ")"
    for word, following in zip(words, rest, strict=False):
        if word.string == "<" and following.string == ">" and word.end == following.start:
            yield word.start, following.end, "!="


def _printed(word: Token, rest: list[Token]) -> Iterator[tuple[tuple[int, int], tuple[int, int], str]]:
    if not rest:
        yield word.end, word.end, "()"
        return
    closing, begin = ")", rest[0].start
    if rest[0].string == ">>" and (comma := _comma(rest)):  # to a file, which is nobody's concern here
        begin = comma.end
    if rest[-1].string == ",":
        closing = ' end=" ")'
    if word.end[0] == begin[0]:
        yield word.end, begin, "("
    else:
        yield word.end, word.end, "("
    yield rest[-1].end, rest[-1].end, closing


def _comma(words: list[Token]) -> Token | None:
    """Return the first comma that is in no bracket."""
    depth = 0
    for word in words:
        depth += (word.string in _OPENING) - (word.string in _CLOSING)
        if word.string == "," and depth == 0:
            return word
    return None
