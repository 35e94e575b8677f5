"""Find the package that is graded among everything a student handed in, and read it."""

from __future__ import annotations

import functools
import io
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from autograder.intake.archive import ZipTree
from autograder.intake.bounds import Bounds, Unusable
from autograder.intake.tree import Tree
from autograder.text import one_line
from autograder.types import Dialect, Remark

if TYPE_CHECKING:
    from autograder.course import Assignment

_COMPILED = frozenset({".pyc", ".pyo", ".so", ".pyd", ".dylib"})
SUPPORT = frozenset({"utils", "cs231n"})  # what support code is called
_DEFINITION = re.compile(r"^(?:def|class)\s+(\w+)", re.MULTILINE)
_DOWNLOADED = re.compile(r"(?: ?\(\d+\)|-\d+| ?- ?Copy| copy)+$")  # what browsers and systems add: ``layers (1).py``
_NAME_BYTES = 255  # of a file or folder, on every common file system


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What an assignment needs of a hand-in: some of a package's modules."""

    assignment: str
    package: str
    modules: dict[str, frozenset[str]]  # module of the package -> functions and classes to fill in
    others: frozenset[str]  # names of the course's other assignments
    dialects: tuple[Wanted, ...] = ()  # other packages that the assignment can be handed in as

    @classmethod
    def of(cls, assignment: Assignment, known: Collection[str], dialects: Iterable[Dialect] = ()) -> Wanted:
        """Derive it from the holes of `assignment`."""
        modules: defaultdict[str, set[str]] = defaultdict(set)
        for hole in (*assignment.holes, *assignment.carried):
            package, *rest = hole.split(".")
            if package == assignment.package and rest:
                modules[rest[0]].update(rest[1:2])
        own = cls(
            assignment=assignment.name,
            package=assignment.package,
            modules={name: frozenset(names) for name, names in sorted(modules.items())},
            others=frozenset(known) - {assignment.name},
        )
        forms = (own._in(dialect) for dialect in dialects)
        return replace(own, dialects=tuple(form for form in forms if form.modules))

    def _in(self, dialect: Dialect) -> Wanted:
        """Return the same in another package; of its modules, those in folders are called ``classifiers/fc_net``."""
        modules: defaultdict[str, set[str]] = defaultdict(set)
        for module, names in self.modules.items():
            ours = f"{self.package}.{module}"
            for name, theirs in dialect.names.items():
                below = name.removeprefix(ours).split(".")[1:]
                package, *path = theirs.split(".")
                if f"{name}.".startswith(f"{ours}.") and package == dialect.package and len(path) > len(below):
                    modules["/".join(path[: len(path) - len(below)])].update(path[len(path) - len(below) :] or names)
        return replace(self, package=dialect.package, modules={name: frozenset(m) for name, m in modules.items()})

    def named(self, text: str) -> str:
        """Return the other assignment that `text` names, if it does not name this one; else nothing."""
        words = set(re.split(r"[^a-z0-9]+", text.lower()))
        if self.assignment.lower() in words:
            return ""
        return min((name for name in self.others if name.lower() in words), default="")


@dataclass(frozen=True, kw_only=True)
class Package:
    """The package that was taken: its files by their path below the package's parent."""

    root: str  # where it was, "" for the top
    files: dict[str, bytes]
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, kw_only=True)
class _Candidate:
    root: str
    paths: tuple[str, ...]
    modules: frozenset[str]
    places: dict[str, str]  # where each of `paths` belongs in the package
    loose: bool = False
    defined: int = 0  # how many of the functions and classes that are wanted

    @property
    def depth(self) -> int:
        return len(PurePosixPath(self.root).parts)


def locate(tree: Tree, wanted: Wanted, bounds: Bounds, zips: int) -> Package:
    """Return the best copy of the package in `tree`, looking into zips inside it `zips` levels deep.

    A folder of the package's name comes before modules that lie about loose, and both before a zip
    inside the hand-in. Whose package loose modules are is seen from what they define and import. Unusable if
    there is nothing to grade.
    """
    forms = (wanted, *wanted.dialects)
    for find in (_packages, _loose, functools.partial(_lone, bounds=bounds)):
        found = [(form, _ranked(tree, find(tree, form), form, bounds)) for form in forms]
        if found := [(form, candidates) for form, candidates in found if candidates]:
            form, candidates = max(found, key=lambda each: _fit(tree, each[1][0], each[0], bounds))
            return _take(tree, candidates, form, bounds)
    if zips and (inner := _inside(tree, wanted, bounds, zips)):
        return inner
    raise Unusable(_nothing(tree, _packages(tree, wanted), wanted))


def _ranked(tree: Tree, found: Iterable[_Candidate], wanted: Wanted, bounds: Bounds) -> list[_Candidate]:
    candidates = [candidate for candidate in found if candidate.modules]
    if len(candidates) > 1:
        candidates = [replace(each, defined=_defined(tree, each, wanted, bounds)) for each in candidates]
    return sorted(candidates, key=lambda candidate: _rank(candidate, wanted))


def _fit(tree: Tree, candidate: _Candidate, wanted: Wanted, bounds: Bounds) -> int:
    """Return how much speaks for loose modules being of this package: what they define, and which say so."""
    if not candidate.loose:
        return 0
    folders = any("/" in module for module in wanted.modules)  # from which modules say ``from ..layers``
    tops = "|".join(sorted({module.partition("/")[0] for module in wanted.modules}))
    says = re.compile(rf"^\s*from (?:{wanted.package}\.(?:{tops})\b{'|[.][.]' if folders else ''})", re.MULTILINE)
    modules = (path for path, place in candidate.places.items() if place.removesuffix(".py") in wanted.modules)
    texts = (_text(tree, path, bounds) for path in modules)
    return _defined(tree, candidate, wanted, bounds) + sum(bool(says.search(text)) for text in texts)


def _text(tree: Tree, path: str, bounds: Bounds) -> str:
    return tree.read(path, bounds.file_bytes).decode(errors="replace") if tree.sizes[path] <= bounds.file_bytes else ""


def _packages(tree: Tree, wanted: Wanted) -> list[_Candidate]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path in _sources(tree):
        parts = PurePosixPath(path).parts
        for end, folder in enumerate(parts[:-1], start=1):
            if folder == wanted.package:
                found["/".join(parts[:end])].append(path)
    return [_candidate(root, paths, wanted) for root, paths in found.items()]


def _candidate(root: str, paths: list[str], wanted: Wanted, *, loose: bool = False) -> _Candidate:
    below = len(PurePosixPath(root).parts)
    relative = {path: "/".join(PurePosixPath(path).parts[below:]) for path in sorted(paths)}
    if loose:
        own = set(relative.values())
        moved = {path: _place(name, wanted) for path, name in relative.items()}
        relative |= {path: name for path, name in moved.items() if name not in own}
    names = {name.removesuffix(".py") for place in relative.values() for name in (place.partition("/")[0], place)}
    modules = frozenset(names & set(wanted.modules) if wanted.modules else names)
    return _Candidate(root=root, paths=tuple(relative), modules=modules, places=relative, loose=loose)


def _place(name: str, wanted: Wanted) -> str:
    """Return where a loose file belongs: downloads have numbers, and the folders of the package may be gone."""
    stem = _DOWNLOADED.sub("", name.removesuffix(".py"))
    return next((home for home in wanted.modules if home.rpartition("/")[2] == stem), stem) + ".py"


def _loose(tree: Tree, wanted: Wanted) -> list[_Candidate]:
    """Return the folders that hold modules of the package; folders in them belong to it where it has some."""
    sources = list(_sources(tree))
    ends = [f"/{module}.py" for module in wanted.modules]
    roots = dict.fromkeys(path[: -len(end) + 1] for path in sources for end in ends if f"/{path}".endswith(end))
    folders = (path.rpartition("/") for path in sources)
    roots |= {
        f + slash: None for f, slash, name in folders if _place(name, wanted).removesuffix(".py") in wanted.modules
    }
    nested = any("/" in module for module in wanted.modules)
    return [
        _candidate(root.rstrip("/"), [p for p in sources if _below(p, root, nested)], wanted, loose=True)
        for root in roots
    ]


def _below(path: str, root: str, nested: bool) -> bool:
    return path.startswith(root) and (nested or "/" not in path[len(root) :])


def _lone(tree: Tree, wanted: Wanted, *, bounds: Bounds) -> list[_Candidate]:
    """Recognise the only .py file, whatever its name, by the functions that it defines."""
    sources = list(_sources(tree))
    if len(sources) != 1:
        return []
    text = tree.read(sources[0], bounds.file_bytes).decode(errors="replace")
    defined = set(_DEFINITION.findall(text))
    shares = {module: len(defined & names) for module, names in wanted.modules.items()}
    best = max(shares, key=lambda module: shares[module], default="")
    if not shares.get(best):
        return []
    places = {sources[0]: f"{best}.py"}
    return [_Candidate(root="", paths=tuple(sources), modules=frozenset({best}), places=places, loose=True)]


def _defined(tree: Tree, candidate: _Candidate, wanted: Wanted, bounds: Bounds) -> int:
    """Count the wanted names that a copy defines: a course's repository may hold the package of each assignment."""
    count = 0
    for module in candidate.modules:
        for path in (path for path, place in candidate.places.items() if place == f"{module}.py"):
            defined = _DEFINITION.findall(_text(tree, path, bounds))
            count += len(wanted.modules.get(module, frozenset()) & set(defined))
    return count


def _rank(candidate: _Candidate, wanted: Wanted) -> tuple[bool, int, int, int, str]:
    """Order copies: not of another assignment, most complete, shallowest, first by name."""
    misplaced = bool(wanted.named(candidate.root))
    return misplaced, -len(candidate.modules), -candidate.defined, candidate.depth, candidate.root


def _inside(tree: Tree, wanted: Wanted, bounds: Bounds, zips: int) -> Package | None:
    """Return the package from a zip inside the hand-in; Unusable if all there are cannot be used."""
    names = sorted((p for p in tree.sizes if p.lower().endswith(".zip")), key=lambda p: (p.count("/"), p))
    reason = ""
    for name in names[: bounds.nested]:
        try:
            data = io.BytesIO(tree.read(name, bounds.nested_bytes))
            package = locate(ZipTree(data, bounds), wanted, bounds, zips - 1)
        except Unusable as error:
            reason = reason or f"{one_line(name)} inside it: {error}"
            continue
        remark = Remark(code="nested_zip", message=f"the package was taken from {one_line(name)} inside the hand-in")
        return Package(root=package.root, files=package.files, remarks=(remark, *package.remarks))
    if reason:
        raise Unusable(reason)
    return None


def _take(tree: Tree, ranked: list[_Candidate], wanted: Wanted, bounds: Bounds) -> Package:
    best = ranked[0]
    if len(best.paths) > bounds.package_files:
        raise Unusable(f"the package {_shown(best, wanted)} holds more than {bounds.package_files} files")
    files: dict[str, bytes] = {}
    room = bounds.package_bytes
    for path in best.paths:
        data = tree.read(path, bounds.file_bytes)
        room -= len(data)
        if room < 0:
            raise Unusable(f"the package {_shown(best, wanted)} is larger than {bounds.package_bytes >> 20} MB")
        files[f"{wanted.package}/{best.places[path]}"] = data
    files |= _beside(tree, best, room, bounds)
    return Package(root=best.root, files=files, remarks=tuple(_remarks(tree, ranked, wanted)))


def _beside(tree: Tree, taken: _Candidate, room: int, bounds: Bounds) -> dict[str, bytes]:
    """Return the support code that was handed in beside a package, as far as there is room for it.

    It is used only for what the course does not provide.
    """
    files: dict[str, bytes] = {}
    above = PurePosixPath(taken.root).parent
    for path in [] if taken.loose else sorted(_sources(tree)):
        parts = PurePosixPath(path).parts
        below = parts[len(above.parts) :]
        if PurePosixPath(*parts[: len(above.parts)]) != above or path.startswith(f"{taken.root}/"):
            continue
        fits = tree.sizes[path] <= min(room, bounds.file_bytes) and len(files) < bounds.package_files
        if fits and (len(below) == 1 or below[0] in SUPPORT):
            files["/".join(below)] = tree.read(path, bounds.file_bytes)
            room -= len(files["/".join(below)])
    return files


def _remarks(tree: Tree, ranked: list[_Candidate], wanted: Wanted) -> Iterator[Remark]:
    best, *others = ranked
    if others:
        yield Remark(code="several_copies", message=_choice(best, others, wanted))
    if best.loose:
        names = _listed(PurePosixPath(path).name for path in best.paths)
        yield Remark(code="loose_modules", message=f"there is no folder {wanted.package}: {names} taken as the package")
    below = best.root + "/" if best.root else ""
    if links := [path for path in tree.links if path.startswith(below)]:
        yield Remark(code="links", message=f"links are not followed: {_listed(links)}")
    if doubled := tree.doubled.intersection(best.paths):
        yield Remark(code="doubled", message=f"the zip holds {_listed(doubled)} more than once: the last was taken")
    compiled = [p for p in tree.sizes if p.startswith(below) and PurePosixPath(p).suffix in _COMPILED]
    if compiled:
        yield Remark(code="compiled", message=f"compiled files are not used: {_listed(compiled)}")


def _choice(best: _Candidate, others: list[_Candidate], wanted: Wanted) -> str:
    def copy(candidate: _Candidate) -> str:
        return f"{_shown(candidate, wanted)} ({len(candidate.modules)} of {len(wanted.modules)} modules)"

    more = (len(best.modules), best.defined) > (len(others[0].modules), others[0].defined)
    why = "it is the most complete" if more else "it is nearest to the top"
    if wanted.named(others[0].root) and not wanted.named(best.root):
        why = "the other is for another assignment"
    rest = ", ".join(copy(other) for other in others[:3]) + (", ..." if len(others) > 3 else "")
    return f"there are {len(others) + 1} copies of the package: took {copy(best)} because {why}, not {rest}"


def _nothing(tree: Tree, packages: list[_Candidate], wanted: Wanted) -> str:
    """Return a sentence that says why there is nothing to grade."""
    modules = ", ".join(f"{module}.py" for module in wanted.modules)
    if packages:
        has = _listed(PurePosixPath(path).name for path in packages[0].paths)
        where = _shown(packages[0], wanted)
        return f"the package {where} holds none of {wanted.assignment}'s modules ({modules}), only {has}"
    looked = f"no package {wanted.package!r} was found, nor any of its modules ({modules})"
    inside = [path for path in tree.sizes if wanted.package in PurePosixPath(path).parts]
    if any(PurePosixPath(path).suffix in _COMPILED for path in inside):
        return f"the package holds compiled files only ({_listed(inside)}); hand in the .py files"
    if links := [path for path in tree.links if wanted.package in PurePosixPath(path).parts]:
        return f"{looked}: {_listed(links)} is a link, and links are not followed"
    if not tree.sizes:
        only = f", only links, which are not followed: {_listed(tree.links)}" if tree.links else ""
        return f"there are no files in it{only}"
    return f"{looked}; it holds {_listed(tree.sizes)}"


def _sources(tree: Tree) -> Iterator[str]:
    return (path for path in tree.sizes if path.endswith(".py") and path.isprintable() and _can_be(path, tree))


def _can_be(path: str, tree: Tree) -> bool:
    """Return whether a disk can hold the file: an archive has room for longer names, and for files in files."""
    parents = map(str, PurePosixPath(path).parents)
    names = (name.encode() for name in path.split("/"))
    return not any(parent in tree.sizes for parent in parents) and all(len(name) <= _NAME_BYTES for name in names)


def _shown(candidate: _Candidate, wanted: Wanted) -> str:
    return one_line(candidate.root or ("at the top" if candidate.loose else wanted.package), 80)


def _listed(paths: Iterable[str], most: int = 4) -> str:
    names = [one_line(path, 60) or repr(path) for path in sorted(paths)]  # a name may be a blank
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
