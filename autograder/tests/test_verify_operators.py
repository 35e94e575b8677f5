"""What each operator makes of a line of numerical code."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from autograder.release.markers import find_regions
from autograder.release.sources import Module
from autograder.verify.mutants import Mutant, mutants
from autograder.verify.operators import OPERATORS

HEAD = "import numpy as np\n\n\ndef f(x, w, out, state, mode):\n    ### BEGIN SOLUTION\n"


def module(*lines: str) -> Module:
    """Return a module with one function of these lines."""
    return _module(HEAD + "".join(f"    {line}\n" for line in lines) + "    ### END SOLUTION\n")


def _module(text: str) -> Module:
    regions, mistakes = find_regions(text)
    assert not mistakes
    return Module(file=Path("m.py"), path="nndl/m.py", text=text, tree=ast.parse(text), regions=tuple(regions))


def made(*lines: str, operator: str = "") -> list[Mutant]:
    """Return the mutants of these lines, of one operator or of all."""
    return [mutant for mutant in mutants(module(*lines), ["nndl.m.f"]) if operator in ("", mutant.operator)]


@pytest.mark.parametrize(
    ("operator", "line", "expected"),
    [
        ("sign", "return x + w", {"return x - w"}),
        ("sign", "out -= x * w", {"out += x * w", "out -= x / w"}),
        ("sign", "return -x", {"return x"}),
        ("dropped term", "return x + w", {"return x", "return w"}),
        ("dropped term", "return (x - w) / len(x)", {"return (x) / len(x)"}),
        ("missing 1/N", "return (x - w) / len(x)", {"return (x - w)"}),
        ("missing 1/N", "dx /= x.shape[0]", {"pass"}),
        ("missing 1/N", "return x.mean()", {"return x.sum()"}),
        ("wrong axis", "return x.sum(axis=0)", {"return x.sum(axis=1)", "return x.sum()"}),
        ("wrong axis", "return x.max(keepdims=True)", {"return x.max()"}),
        (
            "wrong axis",
            "return x.mean(axis=(0, 2))",
            {"return x.mean(axis=(2,))", "return x.mean(axis=(0,))", "return x.mean()"},
        ),
        ("transpose", "return x.T", {"return x"}),
        (
            "transpose",
            "return w.transpose(1, 0, 2)",
            {"return w", "return w.transpose(0, 1, 2)", "return w.transpose(1, 2, 0)"},
        ),
        ("transpose", "return x.reshape(w, 3)", {"return x.reshape(3, w)"}),
        ("off by one", "return x[:2]", {"return x[:3]"}),
        ("off by one", "return x[w:, ::2]", {"return x[w + 1:, ::2]", "return x[w:, ::3]"}),
        ("off by one", "return range(w)", {"return range(1, w)", "return range(w - 1)"}),
        ("off by one", "return range(1, w)", {"return range(1, w - 1)"}),
        ("off by one", "out = slice(w, 3)", {"out = slice(w + 1, 3)", "out = slice(w, 4)"}),
        ("off by one", "return x[:2] * stride", {"return x[:3] * stride", "return x[:2] * (stride + 1)"}),
        ("eps moved", "return x / (np.sqrt(w) + 1e-8)", {"return x / (np.sqrt(w + 1e-08))"}),
        ("eps moved", "return x / np.sqrt(w + 1e-8)", {"return x / (np.sqrt(w) + 1e-08)"}),
        ("momentum reversed", "return w * x + (1 - w) * out", {"return (1 - w) * x + w * out"}),
        ("modes swapped", "return mode == 'train'", {"return mode == 'test'"}),
        ("not stored", "state['v'] = x", {"pass"}),
        ("not stored", "out.append(x)", {"pass"}),
        ("not added up", "out[0] += x", {"out[0] = x"}),
        ("not added up", "out -= x", {"out = -x"}),
        ("loop cut short", "for i in x: out = i", {"for i in list(x)[1:]: out = i", "for i in list(x)[:-1]: out = i"}),
        ("mixed up", "return state['W1'] + b2", {"return state['W2'] + b2", "return state['W1'] + b1"}),
        ("in place", "out = x.copy()", {"out = x"}),
        ("wrong broadcast", "return x[:, None]", {"return x[None, :]"}),
        ("constant", "return 0.5 * x ** 2", {"return 1.0 * x ** 2", "return 0.5 * x ** 3"}),
        ("narrowed", "dx = x * w", {"dx = (x * w).astype('float16')"}),
        ("condition", "return not x", {"return x"}),
        ("condition", "return x > 0", {"return x <= 0", "return x >= 0"}),
        ("mixed up", "return x, w", {"return (w, x)"}),
        ("function", "return np.maximum(0, x)", {"return np.minimum(0, x)", "return x"}),
        ("function", "return x.sum()", {"return x.mean()"}),
        ("function", "return np.exp(x)", {"return np.expm1(x)", "return x"}),
    ],
)
def test_operator(operator: str, line: str, expected: set[str]) -> None:
    assert {_written(mutant.now) for mutant in made(line, operator=operator)} == set(map(_written, expected))


def _written(line: str) -> str:
    """Return a line without parentheses that mean nothing."""
    return ast.unparse(ast.parse(line))


def test_returned_gradients_are_narrowed_one_by_one() -> None:
    changed = {mutant.now for mutant in made("return dx, cache, dw", operator="narrowed")}
    assert changed == {"return (dx.astype('float16'), cache, dw)", "return (dx, cache, dw.astype('float16'))"}


def test_a_condition_is_turned_round_and_halved() -> None:
    changed = {mutant.now for mutant in made("if x and w:", "    out = 1", operator="condition")}
    assert "if x:" in changed
    assert "if w:" in changed
    assert "if (not (x and w)):" in changed


def test_every_operator_changes_something_here() -> None:
    lines = [
        "if mode == 'train' and w > 0:",
        "    state['v'] = 0.9 * x.copy() + (1 - 0.9) * w.T[:, None].sum(axis=0)",
        "for i in x:",
        "    out += np.sqrt(x[1:] + 1e-8) / len(x)",
        "return dx, dw",
    ]
    assert {mutant.operator for mutant in made(*lines)} == set(OPERATORS)


def test_arguments_that_are_documented_as_arrays_are_zeroed_and_results_exchanged() -> None:
    documentation = '"""Add.\n\n    x, w : ndarrays of shape (N,)\n    state : dict\n    """'
    lines = [documentation, "### BEGIN SOLUTION", "dx = x", "dw = w", "### END SOLUTION", "return dx, dw"]
    text = "def f(x, w, state):\n" + "".join(f"    {line}\n" for line in lines)
    changed = {(each.operator, each.line, each.now) for each in mutants(_module(text), ["nndl.m.f"])}
    assert ("argument zeroed", 8, "x[...] = 0") in changed
    assert ("argument zeroed", 8, "w[...] = 0") in changed
    assert ("mixed up", 10, "dx, dw = dw, dx") in changed
    assert not any("state[...]" in now for _, _, now in changed)


def test_a_mutant_names_the_statement_that_has_to_be_reached() -> None:
    found = made("if mode:", "    out = sum(", "        x)", "return out")
    assert {(each.line, each.statement) for each in found if each.operator == "function"} == {(7, 7)}
    assert {each.statement for each in found if each.operator == "condition"} == {6}


def test_mutants_parse_differ_and_say_what_differs() -> None:
    found = made("y = x + 1", "out[0] += y", "return out, y")
    assert len({mutant.text for mutant in found}) == len(found)
    for mutant in found:
        ast.parse(mutant.text)
        original = module("y = x + 1", "out[0] += y", "return out, y").text.split("\n")
        assert original[mutant.line - 1].strip() == mutant.was.split("\n")[0]


def test_only_solutions_of_listed_functions_are_changed_and_no_message_of_an_error() -> None:
    assert list(mutants(module("return x + 1"), ["nndl.m.g"])) == []
    assert made("raise ValueError('a' + f'{x + 1}')") == []
    assert all(mutant.line > 5 for mutant in made("return x + 1"))


def test_text_before_a_change_may_hold_any_letters() -> None:
    [mutant] = made("out = 'ä€'; return x - w", operator="sign")
    assert mutant.now == "out = 'ä€'; return x + w"
