"""Read Gradescope's submission_metadata: of an export (YAML with Ruby's symbols, or JSON), or beside one submission."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from autograder.errors import UsageError
from autograder.intake.systems import Download, Member
from autograder.moments import iso

METADATA = ("submission_metadata.yml", "submission_metadata.yaml", "submission_metadata.json")
METADATA_BYTES = 64 << 20
_DEEPEST = 100


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads Ruby's objects as what they consist of; makes nothing but text, numbers, times, lists and mappings."""

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Do not merge: ``<<`` is refused like every unknown tag, as it can double a mapping with every line."""


def _plain(loader: Any, _suffix: str, node: yaml.Node) -> object:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node)


_Loader.add_multi_constructor("!", _plain)


def parse(data: bytes, name: str) -> Mapping[str, Any]:
    """Return the mapping that a metadata file holds; UsageError if it holds none. JSON is YAML too."""
    try:
        text = data.decode("utf-8-sig")
        _check_depth(text)
        found = yaml.load(text, _Loader)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError, TypeError) as error:
        reason = str(error).splitlines()[0]
        raise UsageError(f"{name} cannot be read: {reason}; export the submissions again") from error
    if not isinstance(found, Mapping):
        raise UsageError(f"{name} holds no submissions: export them again")
    return {_word(key): value for key, value in found.items()}


def _check_depth(text: str) -> None:
    """Refuse what is nested so deep that libyaml, which recurses, would end the process."""
    depth = 0
    for event in yaml.parse(text, _Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise ValueError(f"nested more than {_DEEPEST} deep")


def export(metadata: Mapping[str, Any], names: Mapping[str, bool]) -> Download:
    """Return the members of an export: one for each submitter, so that everyone of a group gets a result."""
    folders = sorted(name for name, folder in names.items() if folder)
    members = [member for folder in folders for member in submitters(metadata.get(folder), folder)]
    ignored = sorted(name for name, folder in names.items() if not folder and name not in METADATA)
    return Download(system="Gradescope", members=tuple(members), ignored=tuple(ignored))


def submitters(entry: object, folder: str) -> Iterator[Member]:
    """Yield a member for each person of a submission; one that is named by its folder if nobody is."""
    about = _words(entry)
    time = iso(about.get("created_at"))
    people = about.get("submitters") or about.get("users")
    people = [_words(person) for person in people] if isinstance(people, list) else []
    for person in filter(None, people):
        name, email, number = (_text(person.get(key)) for key in ("name", "email", "sid"))
        label = name or email or number or folder
        yield Member(student=label, id=number or email, name=name, email=email, submitted_at=time, pieces={"": folder})
    if not any(people):
        yield Member(student=folder, submitted_at=time, pieces={"": folder})


def _words(value: object) -> dict[str, Any]:
    return {_word(key): each for key, each in value.items()} if isinstance(value, Mapping) else {}


def _word(key: object) -> str:
    return str(key).removeprefix(":")


def _text(value: object) -> str:
    return str(value).strip() if isinstance(value, str | int) else ""
