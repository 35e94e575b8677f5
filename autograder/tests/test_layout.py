"""The structure that the rest relies on: imports point one way, and packages export what they say."""

from __future__ import annotations

import ast
import graphlib
import importlib
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import autograder

PACKAGE = Path(autograder.__file__).parent
ROOT = PACKAGE.parent
SOLUTIONS = ROOT / "solutions"
LEAVES = {"autograder.errors", "autograder.text", "autograder.types", "autograder.writing"}
# what a submission's process may load: it must never be handed more by accident
BESIDE_STUDENT_CODE = {"numpy", "msgspec", "worker"} | set(sys.stdlib_module_names)


def modules() -> dict[str, ast.Module]:
    """Return the syntax tree of every module of the package but its tests, by dotted name."""
    found = {}
    for file in PACKAGE.rglob("*.py"):
        parts = file.relative_to(PACKAGE.parent).with_suffix("").parts
        if "tests" not in parts:
            name = ".".join(parts).removesuffix(".__init__")
            found[name] = ast.parse(file.read_text())
    return found


def imports(name: str, tree: ast.Module, *, is_package: bool = False, anywhere: bool = False) -> set[str]:
    """Return the absolute names that a module imports; those inside of functions only if asked for."""
    nodes = ast.walk(tree) if anywhere else (node for top in tree.body for node in _module_level(top))
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            parts = name.split(".") if is_package else name.split(".")[:-1]
            base = ".".join(parts[: len(parts) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, (base, node.module)))
            found |= {module} | {f"{module}.{alias.name}" for alias in node.names}
    return found


def _module_level(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return []
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
        return []
    return [node, *(inner for child in ast.iter_child_nodes(node) for inner in _module_level(child))]


def graph(*, anywhere: bool = False) -> dict[str, set[str]]:
    """Return which modules of the package each module imports."""
    trees = modules()
    edges = {}
    for name, tree in trees.items():
        is_package = (PACKAGE.parent / name.replace(".", "/")).is_dir()
        wanted = imports(name, tree, is_package=is_package, anywhere=anywhere)
        edges[name] = {other for other in wanted if other in trees and other != name}
    return edges


def test_an_installation_has_every_file_that_is_no_module() -> None:
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]["autograder"]
    shipped = {path for pattern in patterns for path in PACKAGE.glob(pattern)}
    kept = (path for path in PACKAGE.rglob("*") if path.is_file() and not {"tests", "__pycache__"} & set(path.parts))
    assert [path for path in kept if path.suffix != ".py" and path not in shipped] == []


def test_no_module_imports_itself_through_others() -> None:
    edges = {name: {to for to in found if not name.startswith(f"{to}.")} for name, found in graph().items()}
    assert len(list(graphlib.TopologicalSorter(edges).static_order())) == len(edges)


@pytest.mark.parametrize("leaf", sorted(LEAVES))
def test_leaves_import_nothing_of_the_project_but_each_other(leaf: str) -> None:
    assert graph(anywhere=True)[leaf] <= LEAVES


def test_only_the_entry_points_import_the_command_line() -> None:
    importing = {name for name, found in graph(anywhere=True).items() if "autograder.cli" in found}
    assert importing <= {"autograder.__main__"}


def test_grading_never_loads_the_authoring_tools() -> None:
    for name, tree in modules().items():
        if not name.startswith(("autograder.release", "autograder.accuracy.inside.shell")):  # that is for sandboxes
            tools = {found.partition(".")[0] for found in imports(name, tree)}
            assert not tools & {"nbgrader", "nbconvert", "nbclient", "matplotlib"}, name


def test_a_sandbox_loads_the_standard_library_numpy_and_one_serializer() -> None:
    for file in (PACKAGE / "worker").glob("*.py"):
        name = f"worker.{file.stem}".removesuffix(".__init__")
        found = imports(name, ast.parse(file.read_text()), is_package=file.stem == "__init__", anywhere=True)
        assert {module.partition(".")[0] for module in found} <= BESIDE_STUDENT_CODE, file


@pytest.mark.parametrize("package", ["nndl", "utils"])
def test_what_students_get_does_not_need_the_autograder(package: str) -> None:
    files = sorted((SOLUTIONS / package).rglob("*.py"))
    assert files
    for file in files:
        found = imports(f"{package}.{file.stem}", ast.parse(file.read_text()), anywhere=True)
        assert "autograder" not in {name.partition(".")[0] for name in found}, file


@pytest.mark.parametrize("name", ["autograder.checks", "autograder.course", "autograder.sandbox"])
def test_a_package_exports_exactly_what_it_lists(name: str) -> None:
    module = importlib.import_module(name)
    assert sorted(set(module.__all__)) == list(module.__all__)
    assert all(hasattr(module, exported) for exported in module.__all__)


def test_notebooks_are_read_without_the_grammar_of_addresses():
    trees = modules()
    direct = {name for name, tree in trees.items() if "nbformat" in imports(name, tree, anywhere=True)}
    assert direct == {"autograder.notebook_format"}
    code = "import sys, autograder.accuracy.notebooks; sys.exit('rfc3987_syntax' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
