"""Imports in a hidden suite: the submission's packages as stand-ins, the reference solution for real.

``from nndl.layers import affine_forward`` gives a `RemoteName`, whatever the submission contains: what is missing
shows when it is used. ``from reference.nndl import layers`` imports the reference solution into the
trusted process, which is where it stays: where it imports ``utils``, it gets the course's own, not the stand-in.
"""

from __future__ import annotations

import ast
import importlib
import importlib.machinery
import sys
import types
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from autograder.sandbox.remote import RemoteName, Session
from autograder.worker.wire import NameRef

REFERENCE = "reference"


class Current:
    """The session that stand-ins belong to at this moment."""

    def __init__(self) -> None:
        self.session: Session | None = None

    def __call__(self) -> Session:
        """Return it."""
        if self.session is None:
            raise RuntimeError("a suite may call the submission's code only inside of a check, not when it is imported")
        return self.session


class _RemoteModule(types.ModuleType):
    def __init__(self, name: str, folder: Path, current: Current) -> None:
        super().__init__(name)
        self.__path__ = [str(folder)]
        self.__all__: list[str] = []
        self._current = current

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return RemoteName(NameRef(self.__name__, name), self._current)


class _Finder:
    """Finds the submission's packages; their folders in the reference solution tell modules from other names."""

    def __init__(self, packages: Iterable[str], solutions: Path, current: Current) -> None:
        self._packages = frozenset(packages)
        self._solutions = solutions
        self._current = current

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Return a spec for a module of a submitted package."""
        if name.partition(".")[0] not in self._packages:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type]

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        """Return the stand-in for a module, with stand-ins of the modules in it."""
        folder = self._solutions.joinpath(*spec.name.split("."))
        return _RemoteModule(spec.name, folder, self._current)

    def exec_module(self, module: types.ModuleType) -> None:
        """Import the modules of a package, so that ``from nndl import layers`` gives a module."""
        for file in sorted(Path(module.__path__[0]).glob("[!_]*.py")):
            importlib.import_module(f"{module.__name__}.{file.stem}")


class _ReferenceFinder:
    """Finds the reference solution's modules, which import each other and nothing of a submission."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Return a spec for a module of the reference solution."""
        if not name.startswith(f"{REFERENCE}."):
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            spec.loader = _ReferenceLoader(name, spec.loader.path)
        return spec


class _ReferenceLoader(importlib.machinery.SourceFileLoader):
    """Loads a module with ``from utils...`` read as ``from reference.utils...``, and caches no bytecode of that."""

    def get_code(self, fullname: str) -> types.CodeType:
        """Compile the module's source."""
        tree = ast.parse(self.get_data(self.path), self.path)
        folder = Path(sys.modules[REFERENCE].__path__[0])
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                own = (folder / node.module.partition(".")[0]).is_dir()
                node.module = f"{REFERENCE}.{node.module}" if own else node.module
        return compile(tree, self.path, "exec")


def install(packages: Iterable[str], solutions: Path, current: Current) -> None:
    """Make the submission's packages and the reference solution importable in this process, for good."""
    sys.meta_path.insert(0, _Finder(packages, solutions, current))
    install_reference(solutions)


def install_reference(solutions: Path) -> None:
    """Make ``reference`` a package whose modules are those of the reference solution."""
    module = types.ModuleType(REFERENCE, "The reference solution.")
    module.__path__ = [str(solutions)]
    sys.modules[REFERENCE] = module
    if not any(isinstance(finder, _ReferenceFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _ReferenceFinder())
