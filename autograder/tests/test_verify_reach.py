"""Which statements of a solution are noted when they are reached, and which functions a variant changes."""

from __future__ import annotations

import ast
from pathlib import Path

from autograder.release.sources import Module
from autograder.types import Check, CheckOutcome, Verdict
from autograder.verify.reach import Reach, changed_places, probed

TEXT = '''\
"""A module."""

import math


def root(x):
    """Return a root."""
    if x > 0:
        return math.sqrt(x)
    elif x == 0:
        return 0
    for _ in range(2):
        x = -x
    return lambda: x


class Net:
    size = 3

    def loss(self):
        return root(self.size)
'''


def module(text: str = TEXT) -> Module:
    return Module(file=Path("m.py"), path="nndl/m.py", text=text, tree=ast.parse(text), regions=())


def test_every_statement_of_a_function_notes_that_it_is_reached() -> None:
    files, take = probed([module()], "nndl")
    assert take == "nndl.autograder_probe.take"
    reached: list[str] = []
    names = {"autograder_probe": reached.append, "math": __import__("math")}
    text = files["nndl/m.py"].decode().replace("from nndl.autograder_probe import note as autograder_probe\n", "")
    exec(text, names)
    assert names["root"](4) == 2
    assert reached == ["nndl/m.py:7", "nndl/m.py:8", "nndl/m.py:9"]
    reached.clear()
    assert names["root"](0) == 0
    assert reached == ["nndl/m.py:7", "nndl/m.py:8", "nndl/m.py:10", "nndl/m.py:11"]
    reached.clear()
    names["root"](-1)
    assert set(reached) == {f"nndl/m.py:{line}" for line in (7, 8, 10, 12, 13, 14)}


def test_a_changed_function_is_where_it_begins() -> None:
    assert changed_places(module(), TEXT.replace("range(2)", "range(3)")) == {"nndl/m.py:7"}
    assert changed_places(module(), TEXT.replace("root(self.size)", "0")) == {"nndl/m.py:21"}
    assert changed_places(module(), TEXT + "# a comment\n") == frozenset()


def test_what_differs_outside_of_functions_may_matter_anywhere() -> None:
    assert changed_places(module(), TEXT.replace("size = 3", "size = 4")) is None
    assert changed_places(module(), TEXT.replace("def root(x)", "def root(x=1)")) is None
    assert changed_places(module(), TEXT + "\n\ndef more():\n    pass\n") is None


def outcome(name: str, seconds: float, *reached: str) -> CheckOutcome:
    return CheckOutcome(name=name, verdict=Verdict.PASSED, seconds=seconds, reached=reached)


def test_checks_that_judge_come_before_those_that_build_on_a_function_and_fast_ones_first() -> None:
    checks = [Check(name="net", question="q", requires=("root",)), Check(name="slow", question="q")]
    checks += [Check(name="fast", question="q"), Check(name="elsewhere", question="q"), Check(name="new", question="q")]
    outcomes = [outcome("net", 0.1, "m:7"), outcome("slow", 3.0, "m:7", "m:9"), outcome("fast", 0.2, "m:7")]
    reach = Reach.known_from(checks, [*outcomes, outcome("elsewhere", 0.1, "m:21")])
    plan = reach.plan(frozenset({"m:7"}), judges="nndl.m.root", first_failure=True)
    assert plan.checks == ("new", "fast", "slow", "net")  # of `new` nothing is known: it did not pass
    assert plan.seconds["slow"] == 30
    assert plan.seconds["fast"] == plan.seconds["net"] > 1
    assert set(reach.plan(None).checks or ()) == {check.name for check in checks}
