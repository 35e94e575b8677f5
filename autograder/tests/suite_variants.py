"""Runs a hidden suite on variants of the reference solution, by plain imports, without a sandbox.

So a hundred variants take seconds. What a suite's author says is beside it, in `mistakes.py`: `HOLES` (by question,
the beginnings of the dotted names that it is about), `MISTAKES`, `ONLY_WITH_THEMSELVES` (the names of mistakes that no
check of their question may let pass); and in `alternatives.py`: `ALTERNATIVES`.
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
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.checks import recorder
from autograder.course import Assignment, load_course
from autograder.suite.proxies import install_reference

ROOT = Path(__file__).parents[2]
PACKAGES = ("nndl", "utils", "torch_models")
HOLE = re.compile(r"^( *)### BEGIN SOLUTION\n.*?### END SOLUTION$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Suite:
    """A hidden suite of this course, and what its author says of it."""

    name: str
    holes: dict[str, tuple[str, ...]]
    mistakes: list[dict[str, Any]]
    alternatives: list[dict[str, Any]]
    only_with_themselves: list[str]

    @property
    def folder(self) -> Path:
        return ROOT / "tests" / self.name

    @property
    def assignment(self) -> Assignment:
        return load_course(ROOT).assignment(self.name)

    @property
    def measured(self) -> set[str]:
        """Return the questions about a metric, whose checks train and so are left out with variants."""
        return {name for name, question in self.assignment.questions.items() if question.metric}

    def own_holes(self) -> list[str]:
        """Return what the release of the assignment leaves empty, and that its questions are about."""
        listed = [*self.assignment.holes, *self.assignment.carried]
        return [hole for hole in listed if self.questions_of(hole)]

    def questions_of(self, hole: str) -> set[str]:
        return {question for question, starts in self.holes.items() if hole.startswith(starts)}

    def count(self, question: str) -> int:
        """Return how many checks a question has."""
        return sum(check.question == question for check in self.checks)

    @cached_property
    def checks(self) -> list[Check]:
        with importable(ROOT / "solutions"):
            return self.load()

    def load(self) -> list[Check]:
        """Import the suite, on whatever packages are importable, and return its checks but those that train."""
        found = [check for path in sorted(self.folder.glob("test_*.py")) for check in checks_of(path)]
        return [check for check in found if check.question not in self.measured]


@cache
def suite(name: str) -> Suite:
    said = runpy.run_path(str(ROOT / "tests" / name / "mistakes.py"))
    return Suite(
        name=name,
        holes={question: tuple(starts) for question, starts in said["HOLES"].items()},
        mistakes=said["MISTAKES"],
        alternatives=runpy.run_path(str(ROOT / "tests" / name / "alternatives.py"))["ALTERNATIVES"],
        only_with_themselves=said["ONLY_WITH_THEMSELVES"],
    )


@dataclass(frozen=True, kw_only=True)
class Check:
    question: str
    name: str
    requires: frozenset[str]
    run: Callable[..., None]

    def builds_on(self, hole: str) -> bool:
        """Say whether `requires` names a function, for which it may give only the end of its name, or its class."""
        return any(f".{name}." in f".{hole}." for name in self.requires)

    def passes(self, seed: int) -> bool:
        arguments = {"rng": np.random.default_rng(seed)} if inspect.signature(self.run).parameters else {}
        try:
            self.run(**arguments)
        except Exception:  # noqa: BLE001  whatever a variant makes of it, the check did not pass
            return False
        return True


def is_ours(module: str) -> bool:
    return module.partition(".")[0] in (*PACKAGES, "reference")


@cache
def trusted_modules() -> dict[str, types.ModuleType]:
    """Import the reference solution under the name `reference`, once for all variants."""
    install_reference(ROOT / "solutions")
    for file in sorted((ROOT / "solutions" / "nndl").glob("[!_]*.py")):
        importlib.import_module(f"reference.nndl.{file.stem}")
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
    spec = importlib.util.spec_from_file_location(f"{path.parent.name}_{path.stem}", path)
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


def failures(suite: Suite, solutions: Path, seed: int = 0) -> list[Check]:
    """Return the checks that do not pass with the packages below a folder."""
    np.random.seed(seed)
    with warnings.catch_warnings(), importable(solutions):
        warnings.simplefilter("ignore")  # what NumPy says about a variant's overflows
        failed = [check for check in suite.load() if not check.passes(seed)]
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
