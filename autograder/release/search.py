"""Search a release for what students must not see, as `secrets` defines it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from autograder.errors import Problem, shorten
from autograder.release.documents import Document
from autograder.release.secrets import Secret, Statement, code_of, flat_statements, tokens, words

NEAR = 3  # statements: two of a region that are no farther apart in given code were copied together


def leaks(secrets: Iterable[Secret], documents: Iterable[Document]) -> Iterator[Problem]:
    """Yield a problem for each secret and place of the release that holds a telling part of it."""
    secrets = [secret for secret in secrets if secret.statements or secret.sentences]
    seen: set[tuple[int, str, str]] = set()
    for document in documents:
        searched = _Searched(document)
        for number, secret in enumerate(secrets):
            key = (number, document.path, document.place)
            found = searched.find(secret)
            if found is not None and key not in seen:
                seen.add(key)
                yield _problem(secret, document, found)


def _problem(secret: Secret, document: Document, found: str) -> Problem:
    place = f"{document.path} ({document.place})" if document.place else document.path
    what = f"{secret.where}: " if secret.where else ""
    message = f"{what}its {shorten(found, 80)} would be released in {place}; take it out there, or mark it"
    return Problem(file=secret.file, line=secret.line, message=message)


class _Searched:
    """One document, prepared for being searched many times."""

    def __init__(self, document: Document) -> None:
        self.is_code = document.tree is not None
        # Of code only the code is searched here: its comments and strings are documents of their own.
        text = document.text if document.tree is None else ast.unparse(document.tree)
        self.tokens = tokens(text)
        self.words = "" if self.is_code else words(text)
        nodes = flat_statements(document.tree) if document.tree is not None else ()
        self.statements = [code_of(node) for node in nodes]

    def find(self, secret: Secret) -> str | None:
        """Return the part of a secret that this document tells."""
        for sentence in secret.sentences:
            if sentence in self.words:
                return " ".join(sentence.split("\x1f")).strip()
        for statement in secret.statements:
            if (statement.is_long or not self.is_code) and self._holds(statement):
                return statement.code
        return self._copied(secret.statements) if self.is_code else None

    def _holds(self, statement: Statement) -> bool:
        return any(phrase in self.tokens for phrase in statement.phrases)

    def _copied(self, statements: Sequence[Statement]) -> str | None:
        """Return a statement that stands in code next to the one that follows it in the region, or is all of it."""
        places = [[n for n, code in enumerate(self.statements) if code == s.code] for s in statements]
        if len(statements) == 1 and places[0]:
            return statements[0].code
        for number, (here, there) in enumerate(pairwise(places)):
            if any(0 < b - a <= NEAR for a in here for b in there):
                return statements[number].code
        return None
