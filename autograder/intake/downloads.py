"""Find the bulk download of another system in a folder or zip, and make hand-ins of it."""

from __future__ import annotations

import os
import weakref
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from autograder.errors import UsageError
from autograder.intake import gradescope
from autograder.intake.archive import ZipTree
from autograder.intake.bounds import BOUNDS, Bounds, Unusable
from autograder.intake.commits import committed_at
from autograder.intake.submission import HandIn
from autograder.intake.systems import Download, Member, recognise
from autograder.intake.tree import Tree, open_regular, open_top, read_bounded
from autograder.text import file_name, one_line

_SINGLE = (".py", ".ipynb")
_HERE = "submission"  # where Gradescope puts the work that its metadata lies beside


@dataclass(frozen=True, kw_only=True)
class Downloads:
    """Makes hand-ins of downloads for one assignment. `tops` are names of files that are looked for."""

    assignment: str
    tops: Collection[str]

    def in_folder(self, path: Path, entries: Iterable[os.DirEntry[str]]) -> tuple[list[HandIn], str] | None:
        """Return the hand-ins of a folder that is a system's download, and how it was understood; else None."""
        names = {entry.name: entry.is_dir(follow_symlinks=False) for entry in entries}
        metadata = next((name for name in gradescope.METADATA if name in names), None)
        if metadata is None:
            download = recognise(names, self.assignment, self.tops) or _clones(path, names, self.assignment)
        else:
            with _unreadable(path / metadata):
                data = read_bounded(open_regular(path / metadata), gradescope.METADATA_BYTES, metadata)
            download = _described(data, metadata, names)
        if download is None:
            return None
        tree: Tree | None = None
        if any(len(m.pieces) > 1 or any(n.lower().endswith(_SINGLE) for n in m.pieces) for m in download.members):
            with _unreadable(path):
                tree = open_top(path, BOUNDS)
        return self._noted(path, download, [_from_folder(path, member, tree) for member in download.members])

    def in_zip(self, path: Path, bounds: Bounds = BOUNDS) -> tuple[list[HandIn], str] | None:
        """Return the same for a zip; None if it is something else or cannot be read, which reading it will report."""
        tree = _opened(path, bounds)
        if tree is None:
            return None
        paths = [*tree.sizes, *tree.links]
        tops = {PurePosixPath(each).parts[0] for each in paths}
        wrapper = f"{tops.pop()}/" if len(tops) == 1 and all("/" in each for each in paths) else ""
        names = {}
        for each in paths:
            first, slash, _ = each.removeprefix(wrapper).partition("/")
            names[first] = bool(slash)
        metadata = next((name for name in gradescope.METADATA if wrapper + name in tree.sizes), None)
        if metadata is not None:
            with _unreadable(path):
                data = tree.read(wrapper + metadata, gradescope.METADATA_BYTES)
            download = _described(data, metadata, names)
        else:
            download = recognise(names, self.assignment, self.tops)
        if download is None:
            return None
        return self._noted(
            path, download, [_from_zip(path, member, tree, paths, wrapper) for member in download.members]
        )

    def _noted(self, path: Path, download: Download, hand_ins: list[HandIn]) -> tuple[list[HandIn], str]:
        if not hand_ins:
            raise UsageError(
                f"{one_line(str(path))}: from {download.system}, but nothing in it is for {self.assignment}"
            )
        hand_ins = [_about(hand_in, download.system, m) for hand_in, m in zip(hand_ins, download.members, strict=True)]
        note = f"from {download.system}: {len(hand_ins)} hand-in{'s' * (len(hand_ins) != 1)}"
        if download.ignored:
            shown = ", ".join(one_line(name, 40) for name in download.ignored[:5])
            note += f" (ignored: {shown}{', ...' * (len(download.ignored) > 5)})"
        return hand_ins, note


def _described(data: bytes, name: str, names: dict[str, bool]) -> Download | None:
    """Return what Gradescope's metadata describes: an export, or one submission that lies beside it."""
    metadata = gradescope.parse(data, name)
    if any(metadata.get(folder) is not None for folder, is_folder in names.items() if is_folder):
        return gradescope.export(metadata, names)
    if names.get(_HERE):
        return Download(system="Gradescope", members=tuple(gradescope.submitters(metadata, _HERE)), ignored=())
    return None


def _clones(path: Path, names: dict[str, bool], assignment: str) -> Download | None:
    """Recognise clones of GitHub Classroom: folders called ``<assignment>-<user>``, each a repository."""
    clones = [name for name, folder in names.items() if folder and (path / name / ".git").is_dir()]
    prefixes = (f"{path.name.removesuffix('-submissions')}-", f"{assignment}-")
    common = os.path.commonprefix(clones) if len(clones) > 1 else ""  # noqa: RUF071 -- of names, not paths
    prefix = next((p for p in prefixes if all(name.startswith(p) for name in clones)), common[: common.rfind("-") + 1])
    if not clones or len(clones) * 2 <= len(names) or not prefix:
        return None
    members = []
    for name in sorted(clones):
        user = name.removeprefix(prefix)
        members.append(Member(student=user, id=user, submitted_at=committed_at(path / name), pieces={"": name}))
    return Download(system="GitHub Classroom", members=tuple(members), ignored=tuple(sorted(set(names) - set(clones))))


def _from_folder(path: Path, member: Member, tree: Tree | None) -> HandIn:
    first = next(iter(member.pieces.values()), "")
    whole = member.pieces.get("")
    hand_in = HandIn(student=file_name(member.student), path=path / (whole or first))
    if whole or not member.pieces or tree is None:
        return hand_in
    if len(member.pieces) == 1 and not first.lower().endswith(_SINGLE):
        return hand_in  # an archive, or what the student is told is none
    return replace(hand_in, path=path, tree=tree, entries=member.pieces)


def _from_zip(path: Path, member: Member, tree: Tree, paths: list[str], wrapper: str) -> HandIn:
    entries = {name: wrapper + entry for name, entry in member.pieces.items() if name}
    if folder := member.pieces.get(""):
        below = f"{wrapper}{folder}/"
        entries |= {each.removeprefix(below): each for each in paths if each.startswith(below)}
    return HandIn(student=file_name(member.student), path=path, tree=tree, entries=entries)


def _about(hand_in: HandIn, system: str, member: Member) -> HandIn:
    return replace(
        hand_in,
        system=system,
        id=one_line(member.id, 100),
        name=one_line(member.name, 100),
        email=one_line(member.email, 100),
        problem=member.problem,
        submitted_at=member.submitted_at,
        marked_late=member.marked_late,
    )


def _opened(path: Path, bounds: Bounds) -> ZipTree | None:
    with suppress(OSError, Unusable):
        file = os.fdopen(open_regular(path), "rb")
        try:
            tree = ZipTree(file, bounds)
        except BaseException:
            file.close()
            raise
        weakref.finalize(tree, file.close)
        return tree
    return None


@contextmanager
def _unreadable(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, Unusable) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise UsageError(f"{one_line(str(path))} cannot be read: {reason}") from error
