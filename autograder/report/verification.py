"""What `autograder verify` found, for people and for scripts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.verify import Verification


def show_verification(found: Verification) -> None:
    """Print what was tried, what is wrong with the suite, and the mutants that survive."""
    print(f"{found.assignment}: tried {', '.join(f'{count} x {kind}' for kind, count in found.tried.items())}")
    _section("problems", found.problems)
    total = len(found.killed) + len(found.survivors)
    equivalent = f"; {len(found.equivalent)} more are equivalent to the solution" if found.equivalent else ""
    late = f", {found.by_time} by the time limit alone" if found.by_time else ""
    print(f"killed {len(found.killed)} of {total} mutants ({found.score:.1%}{late}){equivalent}")
    for mutant in found.survivors:
        print(f"  {mutant.name}")
        for mark, text in (("-", mutant.was), ("+", mutant.now)):
            print("".join(f"    {mark} {line}\n" for line in text.split("\n")), end="")
    more = "" if found.full else ", and that are the first to kill no mutant (--full runs all of them)"
    _section(f"checks that no mistake fails{more}", found.idle)
    if found.redundant:
        print(f"{len(found.redundant)} checks are never the only one to fail; --json names them")
    _section("questions worth more than they test", found.overvalued)


def print_verification(found: Verification) -> None:
    """Print one JSON document."""
    document = {
        "format": 1,
        "assignment": found.assignment,
        "tried": dict(found.tried),
        "full": found.full,
        "problems": found.problems,
        "score": found.score,
        "by_time": found.by_time,
        "killed": [{**_without_text(mutant), "checks": checks} for mutant, checks in found.killed],
        "survivors": [_without_text(mutant) for mutant in found.survivors],
        "equivalent": [{**_without_text(mutant), "reason": reason} for mutant, reason in found.equivalent],
        "idle": found.idle,
        "redundant": found.redundant,
        "overvalued": found.overvalued,
    }
    print(json.dumps(document, indent=2))


def _without_text(mutant: object) -> dict[str, object]:
    return {name: value for name, value in asdict(mutant).items() if name != "text"}  # type: ignore[call-overload]


def _section(title: str, lines: Iterable[str]) -> None:
    lines = list(lines)
    if lines:
        print(f"{title}:")
        print("".join(f"  {line}\n" for line in lines), end="")
