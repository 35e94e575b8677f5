"""The process that compares: reads a question as JSON, and answers in lines of JSON. See `comparing`."""

from __future__ import annotations

import io
import itertools
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from copydetect import CodeFingerprint
from copydetect.utils import find_fingerprint_overlap, get_copied_slices, get_token_coverage

_K = 25  # characters that have to agree, with every name as one
_WINDOW = 6  # an agreement of _K + _WINDOW - 1 characters is found for certain
_MOST_OF_THE_CLASS = 0.25
_FEWEST = 4  # students who have something before it is common
_LEAST_PART = 0.25
_LEAST_COMMON = 120
_MOST_PAIRS = 60
_PATIENCE_S = 20  # for the code of one student
_MOST_PASSAGES = 3
_LONGEST_PASSAGE = 1500


class _Late(Exception):
    """One student's code takes too long."""


def main() -> None:
    """Answer the question on standard input."""
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print is no answer
    question = json.load(sys.stdin)
    given = _hashes(question["given"])
    prints, failed = {}, []
    for number, (student, text) in enumerate(sorted(question["texts"].items()), 1):
        try:
            prints[student] = _fingerprint(text, _WINDOW)
        except Exception as error:  # noqa: BLE001 -- whatever odd code does to a lexer is that student's alone
            print(f"{student}: {error!r}", file=sys.stderr)
            failed.append(student)
        print(json.dumps({"done": number, "of": len(question["texts"])}), file=answer, flush=True)
    _forget(prints, given)
    _forget(prints, _common(prints.values()))
    print(json.dumps({"pairs": _pairs(prints), "failed": failed}), file=answer, flush=True)


def _fingerprint(text: str, window: int) -> Any:
    """Return copydetect's fingerprint of Python code; _Late if that takes too long."""

    def late(*_: object) -> None:
        raise _Late

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(_PATIENCE_S)
    try:
        return CodeFingerprint("code.py", _K, window, fp=io.StringIO(text), language="python")
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _hashes(texts: Iterable[str]) -> set[int]:
    """Return the hashes of every passage of the texts."""
    found: set[int] = set()
    for text in texts:
        if text.strip():
            found |= _fingerprint(text, 1).hashes
    return found


def _common(prints: Iterable[Any]) -> set[int]:
    """Return the hashes of what so many have that it says nothing about any two."""
    all_prints = list(prints)
    counts = Counter(itertools.chain.from_iterable(each.hashes for each in all_prints))
    most = max(_FEWEST, _MOST_OF_THE_CLASS * len(all_prints))
    return {value for value, count in counts.items() if count >= most}


def _forget(prints: Mapping[str, Any], hashes: set[int]) -> None:
    for each in prints.values():
        each.hashes -= hashes
        each.hash_idx = {value: places for value, places in each.hash_idx.items() if value not in hashes}
        each.token_coverage = get_token_coverage(each.hash_idx, _K, len(each.filtered_code))


def _pairs(prints: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = []
    for first, second in itertools.combinations(sorted(prints), 2):
        one, other = prints[first], prints[second]
        least = _LEAST_PART * min(len(one.hashes), len(other.hashes))
        shared = len(one.hashes & other.hashes)
        if shared and shared >= least:
            found.append((shared, first, second))
    found.sort(reverse=True)
    pairs = [_pair(first, second, prints[first], prints[second]) for _, first, second in found[: 2 * _MOST_PAIRS]]
    kept = [pair for pair in pairs if pair["common"] >= _LEAST_COMMON]
    return sorted(kept, key=lambda pair: -pair["common"])[:_MOST_PAIRS]


def _pair(first: str, second: str, one: Any, other: Any) -> dict[str, Any]:
    here, there = find_fingerprint_overlap(one.hashes, other.hashes, one.hash_idx, other.hash_idx)
    mine, theirs = get_copied_slices(here, _K).T, get_copied_slices(there, _K).T
    common = int((mine[:, 1] - mine[:, 0]).sum())
    of_other = int((theirs[:, 1] - theirs[:, 0]).sum())
    return {
        "first": first,
        "second": second,
        "part_of_first": min(1.0, common / max(one.token_coverage, 1)),
        "part_of_second": min(1.0, of_other / max(other.token_coverage, 1)),
        "common": common,
        "passages": _passages(one, other, mine, theirs),
    }


def _passages(one: Any, other: Any, mine: Sequence[Any], theirs: Sequence[Any]) -> list[tuple[str, str]]:
    """Return the longest passages of one, each with the one of the other that begins alike or is met in it."""
    hash_at = {place: value for value, places in one.hash_idx.items() for place in places}
    passages = []
    for start, end in sorted(mine, key=lambda piece: piece[0] - piece[1])[:_MOST_PASSAGES]:
        places = [other.hash_idx[hash_at[at]][0] for at in range(start, end) if hash_at.get(at) in other.hashes]
        match = next((piece for piece in theirs for place in places[:1] if piece[0] <= place < piece[1]), None)
        if match is not None:
            passages.append((_lines(one, start, end), _lines(other, *match)))
    return passages


def _lines(code: Any, start: int, end: int) -> str:
    """Return the lines of the code as it was written around a piece of it with names replaced."""
    begin, finish = (_place(code, at) for at in (start, end))
    text: str = code.raw_code
    begin = text.rfind("\n", 0, begin) + 1
    finish = text.find("\n", finish)
    return text[begin : finish if finish >= 0 else len(text)][:_LONGEST_PASSAGE]


def _place(code: Any, at: int) -> int:
    """Return where a character of the code with names replaced is in the code as it was written."""
    if not len(code.offsets):
        return int(at)
    row = min(int(np.searchsorted(code.offsets[:, 0], at)), len(code.offsets) - 1)
    return int(at + code.offsets[row, 1])


if __name__ == "__main__":
    main()
