"""The hidden suite of hw3 on variants of the reference solution: what it must catch, and what it must accept.

The suite runs here by plain imports, without a sandbox, so that a hundred variants take seconds.
"""

from __future__ import annotations

import ast
import importlib.util
import inspect
import re
import runpy
import shutil
import sys
import types
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.checks import recorder
from autograder.course import load_course
from autograder.suite.client import SuiteHost
from autograder.types import Submission, Verdict

ROOT = Path(__file__).parents[2]
SUITE = ROOT / "tests" / "hw3"
MISTAKES = runpy.run_path(str(SUITE / "mistakes.py"))["MISTAKES"]
ALTERNATIVES = runpy.run_path(str(SUITE / "alternatives.py"))["ALTERNATIVES"]
QUESTIONS = {"affine", "relu", "neural_net", "two_layer", "fully_connected"}
HOLE = re.compile(r"^( *)### BEGIN SOLUTION\n.*?### END SOLUTION$", re.MULTILINE | re.DOTALL)
HOLES = load_course(ROOT).assignment("hw3").holes
MODULES = {"layers.affine": "affine", "layers.relu": "relu", "neural_net": "neural_net"}
MODULES |= {"fc_net.TwoLayerNet": "two_layer", "fc_net.FullyConnectedNet": "fully_connected"}
QUESTION_OF = {hole: question for hole in HOLES for start, question in MODULES.items() if f"nndl.{start}" in hole}
ONLY_WITH_THEMSELVES = ["affine_nothing", "affine_doubled", "relu_nothing", "relu_leaky", "relu_identity"]
ONLY_WITH_THEMSELVES += ["net_nothing", "net_no_relu"]
FORWARDS = {"affine": {"affine_forward", "affine_backward"}, "relu": {"relu_forward", "relu_backward"}}


@dataclass(frozen=True, kw_only=True)
class Check:
    question: str
    name: str
    requires: frozenset[str]
    run: Callable[..., None]

    def passes(self, seed: int) -> bool:
        arguments = {"rng": np.random.default_rng(seed)} if inspect.signature(self.run).parameters else {}
        try:
            self.run(**arguments)
        except Exception:  # noqa: BLE001  whatever a variant makes of it, the check did not pass
            return False
        return True


def is_ours(module: str) -> bool:
    return module.partition(".")[0] in ("nndl", "utils", "reference")


@cache
def trusted_modules() -> dict[str, types.ModuleType]:
    """Import the reference solution under the name `reference`, once for all variants."""
    package = types.ModuleType("reference")
    package.__path__ = [str(ROOT / "solutions")]
    sys.modules["reference"] = package
    for name in ("layers", "neural_net", "fc_net"):
        importlib.import_module(f"reference.nndl.{name}")
    return {name: sys.modules.pop(name) for name in list(sys.modules) if name.startswith("reference")}


@contextmanager
def importable(solutions: Path) -> Iterator[None]:
    """Make `nndl` and `utils` those below a folder, and forget them afterwards."""
    kept = {name: sys.modules.pop(name) for name in list(sys.modules) if is_ours(name)}
    sys.modules.update(trusted_modules())
    sys.path.insert(0, str(solutions))
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(str(solutions))
        for name in [name for name in sys.modules if is_ours(name)]:
            del sys.modules[name]
        sys.modules.update(kept)


def marks(of: Any) -> list[pytest.Mark]:
    found = getattr(of, "pytestmark", [])
    return [getattr(mark, "mark", mark) for mark in (found if isinstance(found, list) else [found])]


def checks_of(path: Path) -> list[Check]:
    spec = importlib.util.spec_from_file_location(f"hw3_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    functions = [f for name, f in vars(module).items() if name.startswith("test_")]
    found = [(f, [*marks(f), *marks(module)]) for f in functions]
    return [
        Check(
            question=next(mark.args[0] for mark in all_marks if mark.name == "question"),
            name=function.__name__,
            requires=frozenset(name for mark in all_marks if mark.name == "requires" for name in mark.args),
            run=function,
        )
        for function, all_marks in found
    ]


def failures(solutions: Path, seed: int = 0) -> list[Check]:
    """Return the checks that do not pass with the packages below a folder."""
    np.random.seed(seed)
    with warnings.catch_warnings(), importable(solutions):
        warnings.simplefilter("ignore")  # what NumPy says about a variant's overflows
        checks = [check for path in sorted(SUITE.glob("test_*.py")) for check in checks_of(path)]
        failed = [check for check in checks if not check.passes(seed)]
    recorder.drain()
    return failed


def patched(folder: Path, patches: Iterable[tuple[str, str, str]]) -> Path:
    """Copy the reference solution into a folder and apply the patches."""
    shutil.copytree(ROOT / "solutions", folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file, old, new in patches:
        text = (folder / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{file} has {old!r} {text.count(old)} times"
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    return folder


def names(variants: list[dict[str, Any]]) -> list[Any]:
    return [pytest.param(variant, id=variant["name"]) for variant in variants]


def test_reference_passes_every_check() -> None:
    assert failures(ROOT / "solutions") == []


def test_every_question_has_visible_and_hidden_checks() -> None:
    for path in SUITE.glob("test_*.py"):
        text = path.read_text(encoding="utf-8")
        assert 1 <= text.count("@pytest.mark.visible") < text.count("\ndef test_") / 2


@pytest.mark.parametrize("mistake", names(MISTAKES))
def test_mistake_costs_points_in_its_own_question_only(mistake: dict[str, Any], tmp_path: Path) -> None:
    failed = failures(patched(tmp_path / "variant", mistake["patches"]))
    question = mistake["question"]
    assert [check.name for check in failed if check.question == question]
    wrong = FORWARDS.get(question, set())
    assert not [check.name for check in failed if check.question != question and not check.requires & wrong]


@pytest.mark.parametrize("alternative", names(ALTERNATIVES))
def test_alternative_passes_every_check(alternative: dict[str, Any], tmp_path: Path) -> None:
    failed = failures(patched(tmp_path / "variant", alternative["patches"]))
    assert [check.name for check in failed] == []


def count(question: str) -> int:
    return (SUITE / f"test_{question}.py").read_text(encoding="utf-8").count("\ndef test_")


def without(folder: Path, hole: str) -> None:
    """Take the solution out of one function of a copy, as a release does."""
    package, module, *path = hole.split(".")
    file = folder / package / f"{module}.py"
    text = file.read_text(encoding="utf-8")
    node: Any = ast.parse(text)
    for name in path:
        node = next(child for child in node.body if getattr(child, "name", None) == name)
    lines = text.split("\n")
    start, stop = node.lineno - 1, node.end_lineno + 1  # a marker after the last statement is not in the tree
    lines[start:stop] = [HOLE.sub(r"\1raise NotImplementedError", "\n".join(lines[start:stop]))]
    file.write_text("\n".join(lines), encoding="utf-8")


def test_untouched_release_passes_no_check(tmp_path: Path) -> None:
    folder = patched(tmp_path / "release", [])
    for hole in HOLES:
        without(folder, hole)
    failed = failures(folder)
    assert {question: count(question) for question in QUESTIONS} == Counter(check.question for check in failed)


def test_untouched_release_passes_no_check_when_graded(tmp_path: Path) -> None:
    folder = patched(tmp_path / "release", [])
    for hole in HOLES:
        without(folder, hole)
    files = {f"nndl/{path.name}": path.read_bytes() for path in (folder / "nndl").glob("*.py")}
    untouched = Submission(student="untouched", files=files, sha256="", origin="test")
    course = load_course(ROOT)
    with SuiteHost(course, "hw3", jobs=1, isolation="none", limits=course.limits) as host:
        ((_, outcome),) = host.grade([untouched])
    assert [check.name for check in outcome.checks if check.verdict is Verdict.PASSED] == []


@pytest.mark.parametrize("hole", HOLES)
def test_one_hole_left_open_costs_points_in_its_own_question_only(hole: str, tmp_path: Path) -> None:
    folder = patched(tmp_path / "variant", [])
    without(folder, hole)
    failed = failures(folder)
    function = hole.rpartition(".")[2]
    blamed = [check for check in failed if function not in check.requires or check.question == QUESTION_OF[hole]]
    assert blamed
    assert {check.question for check in blamed} == {QUESTION_OF[hole]}


@pytest.mark.parametrize("name", ONLY_WITH_THEMSELVES)
def test_code_that_agrees_only_with_itself_passes_no_check_of_its_question(name: str, tmp_path: Path) -> None:
    mistake = next(mistake for mistake in MISTAKES if mistake["name"] == name)
    failed = failures(patched(tmp_path / "variant", mistake["patches"]))
    question = mistake["question"]
    assert len([check for check in failed if check.question == question]) == count(question)
