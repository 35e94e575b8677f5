"""Packages as students write them: the release with holes, the reference solution, and changed copies of it.

Changes are patches ``(file, old, new)``, as in the tables of mistakes.py and alternatives.py of hw2 and hw3, from
which most of them come. A patch whose ``old`` is not in the solution exactly once is an error, so that
the sample class cannot drift away from the solution unnoticed.
"""

from __future__ import annotations

import re
import runpy
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOLUTION, RELEASE = ROOT / "solutions", ROOT / "release" / "hw3"
SUITES = [ROOT / "tests" / name for name in ("hw2", "hw3")]  # those of hw3 and of what it shares with hw2
MARKER = re.compile(r"^ *### (?:BEGIN|END) SOLUTION\n", re.MULTILINE)

Patch = tuple[str, str, str]
Files = dict[str, bytes]  # by POSIX path


def _variants(table: str) -> dict[str, tuple[Patch, ...]]:
    variants = [variant for suite in SUITES for variant in runpy.run_path(str(suite / f"{table.lower()}.py"))[table]]
    return {variant["name"]: tuple(variant["patches"]) for variant in variants}


MISTAKES = _variants("MISTAKES")
ALTERNATIVES = _variants("ALTERNATIVES")


def solved(*patches: Patch) -> Files:
    """Return the reference package with patches applied, as a student writes it: without markers."""
    files = sorted((SOLUTION / "nndl").glob("*.py"))
    texts = {f"nndl/{file.name}": file.read_text(encoding="utf-8") for file in files}
    for file, old, new in patches:
        if texts[file].count(old) != 1:
            raise ValueError(f"{file} has {texts[file].count(old)} times what a patch replaces: {old!r}")
        texts[file] = texts[file].replace(old, new)
    return {file: MARKER.sub("", text).encode() for file, text in texts.items()}


def in_style(*names: str) -> Files:
    """Return a right package that differs from the reference as these entries of ALTERNATIVES do."""
    return solved(*(patch for name in names for patch in ALTERNATIVES[name]))


def with_mistakes(*names: str) -> Files:
    """Return a package with these entries of MISTAKES."""
    return solved(*(patch for name in names for patch in MISTAKES[name]))


def untouched() -> Files:
    """Return everything that students are given."""
    files = {file.relative_to(RELEASE).as_posix(): file for file in sorted(RELEASE.rglob("*")) if file.is_file()}
    if "nndl/layers.py" not in files:
        raise FileNotFoundError(f"{RELEASE} has no release to hand in: run autograder release hw3")
    return {path: file.read_bytes() for path, file in files.items() if "__pycache__" not in path}


def released() -> Files:
    """Return the package that students are given."""
    return {path: data for path, data in untouched().items() if path.startswith("nndl/")}


def partly(modules: Iterable[str] = (), *, begun: str = "", up_to: str = "") -> Files:
    """Return the release with whole `modules` filled in, and the part of module `begun` before the line `up_to`."""
    package, full = released(), solved()
    package |= {f"nndl/{module}.py": full[f"nndl/{module}.py"] for module in modules}
    if begun:
        file, line = f"nndl/{begun}.py", up_to.encode()
        package[file] = full[file].partition(line)[0] + line + package[file].partition(line)[2]
    return package
