"""The packages of a sandbox: which file a module is taken from, and how it is run.

How it works
------------
There are three folders: `submission` (what was handed in to be graded), `support` (what we provide) and `beside`
(whatever else was handed in). A module is the first that is found in the submission, in the support code, under
another name that it goes by (`utils` and `cs231n` are the same), and beside. A package is all folders of its
name together; what its `__init__.py` raises does not keep its modules from being loaded.

A statement of a module that raises when it is imported, or takes too long, is left out and noted, so that an import
or a line of training does not cost the functions above and below it. A name that is missing because of it is
reported with what was raised.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import importlib.abc
import importlib.util
import re
import signal
import sys
import tokenize
import types
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

from . import oldcode, python2, standins

SUPPORT_NAMES = ("utils", "cs231n")
_MAX_NOTES = 100
_MAGIC = re.compile(r"^([ \t]*)[%!].*$", re.M)  # of a notebook that was saved as a module


class TooLong(BaseException):
    """A statement of a module that takes too long; not an Exception, which a student's code may catch."""


class Library:
    """Everything that can be imported as the submission's, and notes on what was unusual about it."""

    def __init__(self, submission: Path, support: Path, beside: Path) -> None:
        self.roots = (submission, support, beside)
        self.notes: dict[str, None] = {}
        self._failures: dict[str, list[tuple[ast.stmt, BaseException]]] = {}  # by module: what could not be run
        self.depth = 0  # of imports
        self._names: Mapping[str, str] = {}
        self._statement_s = 0.0
        self.old = self.python2 = False

    def install(self, names: Mapping[str, str], statement_s: float, old: bool) -> None:
        """Make it all importable. `names`: what a module of the course is called in the submission."""
        self._names, self._statement_s, self.old = names, statement_s, old
        self.python2 = old and any(python2.is_python2(text) for text in self._texts())
        standins.Absent.importing = staticmethod(lambda: self.depth > 0)
        sys.meta_path[:0] = [_Finder(self), standins.Finder(self.note, first=True)]
        sys.meta_path += [standins.Finder(self.note, first=False), _Lost(self)]
        if old:
            oldcode.restore_numpy(self.note)
        if self.python2:
            self.note("python2")
            standins.complete()

    def note(self, words: str) -> None:
        """Remember something for a remark."""
        if len(self.notes) < _MAX_NOTES:
            self.notes.setdefault(words)

    def tops(self) -> frozenset[str]:
        """Return the names of all packages."""
        folders = (entry.name for root in self.roots if root.is_dir() for entry in root.iterdir() if entry.is_dir())
        return frozenset((*folders, *SUPPORT_NAMES, *(name.partition(".")[0] for name in self._names)))

    def places(self, name: str) -> list[Path]:
        """Return where a module or package `name` may lie, without suffix, best first."""
        submission, support, beside = self.roots
        relative = Path(*name.split("."))
        top, *below = relative.parts
        twins = [Path(twin, *below) for twin in SUPPORT_NAMES if top in SUPPORT_NAMES]
        theirs = [submission / Path(*self._names[name].split("."))] if name in self._names else []
        ours = [support / path for path in (relative, *twins)]
        return [submission / relative, *theirs, *ours, *(beside / path for path in (relative, *twins))]

    def found(self, name: str) -> Path | None:
        """Return the place of a module or package, if there is one."""
        return next((place for place in self.places(name) if _is_module(place)), None)

    def canonical(self, place: Path) -> str:
        """Return the name that a module is loaded by, whatever others it goes by."""
        for root in self.roots:
            if place.is_relative_to(root):
                return ".".join(place.relative_to(root).parts)
        raise ValueError(place)

    def is_ours(self, place: Path) -> bool:
        """Tell whether a module is support code."""
        return place.is_relative_to(self.roots[1])

    def lost(self, name: str) -> str | None:
        """Return the module of the submission that ``import name`` means from inside of its package."""
        for folder in sorted(p for p in self.roots[0].rglob("*") if p.is_dir()):
            if (folder / f"{name}.py").is_file():
                return self.canonical(folder / name)
        return None

    def _texts(self) -> Iterator[str]:
        for root in (self.roots[0], self.roots[2]):
            for file in sorted(root.rglob("*.py")):
                yield decoded(file.read_bytes())

    # -- running -------------------------------------------------------------------------------

    def run(self, module: types.ModuleType, file: Path) -> None:
        """Run the statements of a file in `module`."""
        if self.is_ours(file):
            exec(compile(file.read_bytes(), str(file), "exec", dont_inherit=True), module.__dict__)
            return
        tree = self._tree(file)
        builtin = vars(builtins) | (oldcode.python2_names() if self.python2 else {})
        builtin |= oldcode.helpers(self.note) if self.old else {}
        module.__dict__["__builtins__"] = builtin
        with self._importing():
            self._statements(module, file, tree)

    @contextmanager
    def _importing(self) -> Iterator[None]:
        self.depth += 1
        try:
            yield
        finally:
            self.depth -= 1

    def _statements(self, module: types.ModuleType, file: Path, tree: ast.Module) -> None:
        failed: list[tuple[ast.stmt, BaseException]] = []
        parts = [tree.body]
        while parts:
            body = parts.pop(0)
            try:
                self._timed(compile(ast.Module(body, []), str(file), "exec", dont_inherit=True), module.__dict__)
            except (Exception, SystemExit, TooLong) as error:
                if isinstance(error, MemoryError):
                    raise
                position = _position(error, file, body)
                statement, rest = body[position], body[position + 1 :]
                if isinstance(statement, ast.ImportFrom) and len(statement.names) > 1:
                    parts += _one_by_one(statement)
                else:
                    failed.append((statement, error))
                parts += [rest] if rest else []
        self._failures[module.__name__] = failed
        if failed and not _defines(module):
            raise failed[0][1]
        for statement, raised in failed:
            self.note(f"left out:{self._shown(file)}:{statement.lineno}:{type(raised).__name__}")

    def explain(self, module: str, name: str) -> str:
        """Raise what kept `name` from being defined in `module`, or return what else could not be run there."""
        failed = self._failures.get(module, [])
        for statement, error in failed:
            if getattr(statement, "name", None) == name:
                raise error
        return "".join(
            f"; its line {statement.lineno} raises {type(error).__name__}" for statement, error in failed[:1]
        )

    def _shown(self, file: Path) -> str:
        return next(file.relative_to(root).as_posix() for root in self.roots if file.is_relative_to(root))

    def _timed(self, code: types.CodeType, names: dict[str, Any]) -> None:
        if self.depth > 1 or not self._statement_s:
            exec(code, names)
            return

        def late(*_: Any) -> None:
            raise TooLong("it takes too long to import")

        before = {number: signal.signal(number, late) for number in (signal.SIGALRM, signal.SIGPROF)}
        # by the clock only where it sleeps: on a busy machine that is no measure
        signal.setitimer(signal.ITIMER_REAL, 3 * self._statement_s, self._statement_s)
        signal.setitimer(signal.ITIMER_PROF, self._statement_s, self._statement_s)
        try:
            exec(code, names)
        finally:
            for timer in (signal.ITIMER_REAL, signal.ITIMER_PROF):
                signal.setitimer(timer, 0)
            for number, handler in before.items():
                signal.signal(number, handler)

    def _tree(self, file: Path) -> ast.Module:
        text = decoded(file.read_bytes())
        try:
            tree = ast.parse(text, str(file))
        except SyntaxError as error:
            tree = self._mended(text, file, error)
        return oldcode.rewrite(tree, python2=self.python2) if self.old else tree

    def _mended(self, text: str, file: Path, error: SyntaxError) -> ast.Module:
        """Return the tree of a text that Python 3 does not read as it is; raise `error` if there is no way."""
        if isinstance(error, TabError):
            self.note("tabs")
            text = text.expandtabs(8)
        old = python2.is_python2(text)
        for attempt in (text, _MAGIC.sub(r"\1pass", text)):
            try:
                return ast.parse(python2.translate(attempt) if self.old and old else attempt, str(file))
            except (SyntaxError, tokenize.TokenError):
                continue
        if old:
            error.msg += " (the file is written for Python 2; the course uses Python 3)"
        raise error


def _one_by_one(node: ast.ImportFrom) -> list[list[ast.stmt]]:
    """Return an import for each name of a statement, so that one that is not there costs no other."""
    return [[ast.copy_location(ast.ImportFrom(node.module, [alias], node.level), node)] for alias in node.names]


def decoded(data: bytes) -> str:
    """Return the text of a source file, whatever its encoding says; bytes that are no UTF-8 are taken one by one."""
    try:
        return importlib.util.decode_source(data)
    except (SyntaxError, UnicodeDecodeError, LookupError):
        return data.decode("latin-1").replace("\r\n", "\n").replace("\r", "\n")


def _is_module(place: Path) -> bool:
    return place.with_name(f"{place.name}.py").is_file() or place.is_dir()


def _defines(module: types.ModuleType) -> bool:
    """Tell whether a module has got as far as defining anything."""
    kinds = (types.FunctionType, type)
    return any(isinstance(v, kinds) and v.__module__ == module.__name__ for v in list(vars(module).values()))


def _position(error: BaseException, file: Path, body: list[ast.stmt]) -> int:
    """Return the position of the statement in the file that raised."""
    lines = [trace.tb_lineno for trace in _trace(error) if trace.tb_frame.f_code.co_filename == str(file)]
    return max((i for i, statement in enumerate(body) if lines and statement.lineno <= lines[0]), default=0)


def _trace(error: BaseException) -> Iterator[types.TracebackType]:
    trace = error.__traceback__
    while trace is not None:
        yield trace
        trace = trace.tb_next


class _Finder(importlib.abc.MetaPathFinder):
    """Finds modules of the library."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._tops = library.tops()

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """Return a spec for a module of one of the packages."""
        if name.partition(".")[0] not in self._tops:
            return None
        library = self._library
        place = library.found(name)
        if place is None:
            return ModuleSpec(name, _Package(library, []), is_package=True) if self._is_package(name) else None
        canonical = library.canonical(place)
        if canonical != name and not place.is_dir():
            return ModuleSpec(name, _Existing(canonical))
        if place.is_dir():
            folders = [each for each in library.places(name) if each.is_dir()]
            spec = ModuleSpec(name, _Package(library, folders), is_package=True)
            spec.submodule_search_locations = [str(folder) for folder in folders]
            return spec
        file = place.with_name(f"{place.name}.py")
        spec = ModuleSpec(name, _Source(library, file), origin=str(file))
        spec.has_location = True
        return spec

    def _is_package(self, name: str) -> bool:
        return name in self._tops or any(each.startswith(f"{name}.") for each in self._library._names)


class _Lost(importlib.abc.MetaPathFinder):
    """Finds what is imported as if the package's own folder were on the path, as it was on somebody's machine."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """Return a spec for a module of the submission that was imported without its package's name."""
        real = self._library.lost(name) if "." not in name else None
        return ModuleSpec(name, _Existing(real)) if real else None


class _Existing(importlib.abc.Loader):
    """Gives a module that has another name."""

    def __init__(self, name: str) -> None:
        self._name = name

    def create_module(self, spec: ModuleSpec) -> types.ModuleType:
        """Return the module; the import system is kept from renaming it."""
        module = importlib.import_module(self._name)
        self._kept = {key: getattr(module, key, None) for key in ("__name__", "__spec__", "__loader__", "__package__")}
        return module

    def exec_module(self, module: types.ModuleType) -> None:
        """Undo what the import system has written into it."""
        vars(module).update(self._kept)


class _Source(importlib.abc.Loader):
    def __init__(self, library: Library, file: Path) -> None:
        self._library, self._file = library, file

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: types.ModuleType) -> None:
        self._library.run(module, self._file)


class _Package(importlib.abc.Loader):
    """Folders of one name; only what the first of them says in its `__init__.py` is run."""

    def __init__(self, library: Library, folders: Iterable[Path]) -> None:
        self._library, self._folders = library, list(folders)

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: types.ModuleType) -> None:
        file = next((folder / "__init__.py" for folder in self._folders if (folder / "__init__.py").is_file()), None)
        if file is None:
            return
        module.__file__ = str(file)
        try:
            self._library.run(module, file)
        except MemoryError:
            raise
        except (Exception, SystemExit, TooLong) as error:  # noqa: BLE001 (a student's; noted)
            self._library.note(f"init:{module.__name__}:{type(error).__name__}")
