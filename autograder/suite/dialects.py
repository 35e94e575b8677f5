"""Speaks to a submission in its own dialect, where suites speak to the reference's package.

How it works
------------
A `Speech` stands between a suite's stand-ins and the session: names, arguments and results pass through it on their
way to the sandbox and back, as course.yaml's `dialects` say. What a name, an attribute or a live view belongs to is
its scope, in the suite's words: the longest entry of the dialect that the scope begins with says how it is
adapted. Which of several names an argument has shows in the signature. Ways that do not show anywhere, such as how a
loss weighs its regularisation, are alternatives that the grader tries out (see `grading`).
"""

from __future__ import annotations

import importlib
import inspect
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.sandbox import Session, StudentFault
from autograder.sandbox.remote import Remote, RemoteName
from autograder.suite.proxies import REFERENCE
from autograder.suite.verdicts import NotAsked
from autograder.types import Adaptation, ArgumentForm, Dialect, Remark
from autograder.worker.wire import NameRef

_AS_IT_IS, _PLAIN = Adaptation(), ArgumentForm()


class Speech:
    """A dialect with the ways that one submission follows in it."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.ways: dict[str, int] = {}  # chosen alternatives, by entry
        self.touched: set[str] = set()  # entries with alternatives that were used since this was cleared

    def rename(self, ref: NameRef) -> NameRef:
        """Return what the submission calls something."""
        path = self._theirs(f"{ref.module}.{ref.path}", "").split(".")
        below = len(ref.path.split(".")) if ref.path else 0
        return NameRef(".".join(path[: len(path) - below]), ".".join(path[len(path) - below :]))

    def attribute(self, scope: str, name: str) -> str:
        """Return what the submission calls an attribute."""
        return self._theirs(f"{scope}.{name}", name).rpartition(".")[2]

    def way(self, scope: str) -> Adaptation:
        """Return how what `scope` names is adapted."""
        key = _longest(scope, self.dialect.adaptations)
        if not key:
            return _AS_IT_IS
        ways = self.dialect.adaptations[key]
        if len(ways) > 1:
            self.touched.add(key)
        return ways[self.ways.get(key, 0)]

    def ask(self, scope: str) -> None:
        """Raise NotAsked if the dialect has nothing of that name."""
        if _longest(scope, dict.fromkeys(self.dialect.lacks)):
            raise NotAsked(f"{self.dialect.title} has no {scope.partition('.')[2]}")

    def undecided(self) -> list[tuple[str, int]]:
        """Return each entry that has alternatives, and how many ways there are."""
        return [(key, len(ways)) for key, ways in self.dialect.adaptations.items() if len(ways) > 1]

    def usual(self, key: str) -> list[int]:
        """Return the way of an entry that most others follow, by its title, if it is not the first."""
        titles = Counter(self.dialect.adaptations[each][way].title for each, way in self.ways.items() if way)
        return [
            way
            for way, adaptation in enumerate(self.dialect.adaptations[key])
            for title, _ in titles.most_common(1)
            if way and adaptation.title == title
        ]

    def remark(self) -> Remark:
        """Say that the submission was graded in this dialect, and which ways it follows."""
        package, title = self.dialect.package, self.dialect.title
        chosen = {key: self.dialect.adaptations[key][way].title for key, way in sorted(self.ways.items()) if way}
        ways = "".join(f"; {key.partition('.')[2]}: {way}" for key, way in chosen.items())
        return Remark(code="dialect", message=f"graded as a {package} package ({title}){ways}")

    def _theirs(self, name: str, otherwise: str) -> str:
        key = _longest(name.rstrip("."), self.dialect.names)
        return self.dialect.names[key] + name.rstrip(".")[len(key) :] if key else otherwise or name.rstrip(".")


def speech_for(dialects: Iterable[Dialect], package: str, files: Iterable[str]) -> Speech | None:
    """Return how to speak to a submission with these files; None where it has the suites' own `package`."""
    tops = {path.partition("/")[0] for path in files}
    of_package = (each for each in dialects if any(name.startswith(f"{package}.") for name in each.names))
    found = next((dialect for dialect in of_package if dialect.package in tops), None)
    return Speech(found) if found and package not in tops else None


def in_their_way(speech: Speech, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function of the reference as a submission would have it."""
    way = speech.way(name)
    if way == replace(_AS_IT_IS, title=way.title):
        return function
    names = _parameters(name)
    inverse = replace(way, entries={theirs: ours for ours, theirs in way.entries.items()})
    factors = {name: forms[0].factor for name, forms in way.arguments.items() if forms}

    def adapted(*args: Any, **kwargs: Any) -> Any:
        bound = {**dict(zip(names, args, strict=False)), **kwargs}
        ours = {key: _sent(value, inverse, key) for key, value in bound.items()}
        ours |= {key: ours[key] / factor for key, factor in factors.items() if factor != 1 and key in ours}
        value = function(**ours)
        if type(value) is not tuple:
            return _sent(value, way, "".join(way.returns[:1]))
        returns = (*way.returns, *[""] * len(value))
        return tuple(_sent(each, way, key) for each, key in zip(value, returns, strict=False))

    return adapted


class Translated:
    """A session as stand-ins of one scope see it."""

    def __init__(self, session: Session, speech: Speech, scope: str = "") -> None:
        self._session, self._speech, self._scope = session, speech, scope

    def used_s(self) -> float:
        """Return how many seconds the submission has taken in this check."""
        return self._session.used_s()

    def call(self, target: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call something in the sandbox, copying changed arguments back."""
        scope = f"{target._ref.module}.{target._ref.path}" if type(target) is RemoteName else self._scope
        self._speech.ask(scope)
        way = self._speech.way(scope)
        if way is _AS_IT_IS:
            return self._received(self._session.call(target, args, kwargs), way, scope)
        forms = way.arguments
        theirs = self._their_parameters(target) if any(len(each) > 1 for each in forms.values()) else []
        names = [*_parameters(scope), *[""] * len(args)]
        sent = [_argument(value, way, name, theirs) for value, name in zip(args, names, strict=False)]
        named = {}
        for name, value in kwargs.items():
            form = _form(forms.get(name, ()), theirs) or ArgumentForm(name=name)
            if _is_scalar(value) and value in form.omit:
                continue
            if not form.name:
                raise NotAsked(f"{self._speech.dialect.title} has no argument {name!r} here")
            named[form.name] = _argument(value, way, name, theirs)
        value = self._session.call(target, tuple(sent), named)
        for before, after in zip(args, sent, strict=True):
            if type(before) is dict and before is not after:
                before.clear()
                before.update(_received_dict(after, way))
        return self._received(value, way, scope)

    def request(self, operation: str, owner: Any, *arguments: Any) -> Any:
        """Carry out one operation in the sandbox."""
        scope, name, rest = self._scope, "", list(arguments)
        way = self._speech.way(scope)
        if operation in ("get", "set"):
            name, scope = rest[0], f"{scope}.{rest[0]}"
            self._speech.ask(scope)
            way = self._speech.way(scope)
            rest[0] = self._speech.attribute(self._scope, name)
        elif operation in ("item", "set_item", "delete_item"):
            name = rest[0]
            rest[0] = way.entries.get(name, name) if isinstance(name, str) else name
        if operation in ("set", "set_item"):
            rest[1] = _sent(rest[1], way, name)
        value = self._session.request(operation, owner, *rest)
        if operation == "keys" and way.entries and type(value) is list:
            ours = {theirs: key for key, theirs in way.entries.items()}
            return [ours.get(key, key) if isinstance(key, str) else key for key in value]
        return self._received(value, way, scope, name)

    def _received(self, value: Any, way: Adaptation, scope: str, name: str = "") -> Any:
        """Return a value from the sandbox in the suite's words; handles belong to `scope` from now on."""
        if (name or "".join(way.returns[:1])) in way.transposed:
            value = _turned(value)
        if isinstance(value, Remote):
            value.__dict__["_session"] = Translated(self._session, self._speech, scope)
        elif type(value) in (tuple, list):
            names = (*way.returns, *[""] * len(value))
            return type(value)(self._received(each, way, scope, n) for each, n in zip(value, names, strict=False))
        elif type(value) is dict:
            return _received_dict(value, way)
        return value

    def _their_parameters(self, target: Any) -> list[str]:
        try:
            found = self._session.request("parameters", target)
        except StudentFault:  # the call that follows tells of it
            return []
        return [name for name in found if type(name) is str] if type(found) is list else []


def _argument(value: Any, way: Adaptation, name: str, theirs: list[str]) -> Any:
    """Return an argument as the submission takes it."""
    form = _form(way.arguments.get(name, ()), theirs) or _PLAIN
    if value is True and form.when_true:
        return form.when_true
    if form.factor != 1 and isinstance(value, int | float):
        return value * form.factor
    return _sent(value, way, name)


def _sent(value: Any, way: Adaptation, name: Any) -> Any:
    if type(value) is dict and (way.entries or way.transposed):
        return {way.entries.get(key, key): _sent(each, way, key) for key, each in value.items()}
    return value.T if isinstance(value, np.ndarray) and name in way.transposed else value


def _received_dict(value: dict[Any, Any], way: Adaptation) -> dict[Any, Any]:
    ours = {theirs: key for key, theirs in way.entries.items()}
    renamed = {ours.get(key, key): each for key, each in value.items()}
    return {key: _turned(each) if key in way.transposed else each for key, each in renamed.items()}


def _turned(value: Any) -> Any:
    """Return a matrix the other way round; those of a class of their own, such as np.matrix, are read for it."""
    if isinstance(value, Remote):
        value = np.asarray(value)
    return value.T if isinstance(value, np.ndarray) else value


def _form(forms: tuple[ArgumentForm, ...], theirs: list[str]) -> ArgumentForm | None:
    """Return the first form that a signature shows, else the last."""
    return next((form for form in forms if form.name in theirs), forms[-1] if forms else None)


def _is_scalar(value: Any) -> bool:
    return value is None or isinstance(value, bool | int | float | str)


def _longest(name: str, keys: Mapping[str, object]) -> str:
    """Return the longest of `keys` that is `name` or something around it."""
    while name and name not in keys:
        name = name.rpartition(".")[0]
    return name


def _is_module(name: str) -> bool:
    try:
        importlib.import_module(f"{REFERENCE}.{name}")
    except ModuleNotFoundError:
        return False
    return True


def _parameters(scope: str) -> list[str]:
    """Return the names of what the reference's function or class takes, by which positions are known."""
    found = reference(scope)
    if not callable(found):
        return []
    names = list(inspect.signature(found).parameters)
    return names[1:] if names[:1] == ["self"] else names


def reference(name: str) -> Any:
    """Return what the reference solution has of that name, or None."""
    module, _, rest = name.rpartition(".")
    path = [rest]
    while module and not _is_module(module):
        module, _, rest = module.rpartition(".")
        path.insert(0, rest)
    found: Any = importlib.import_module(f"{REFERENCE}.{module}") if module else None
    for part in path:
        found = getattr(found, part, None)
    return found
