"""What a check builds on, and what the reference has to lend in place of that where it is wrong.

A function is lent with its counterpart in the other direction, because forward and backward share a cache whose form is
private. A method is lent to the submission's own class: what the object holds goes out as data with every call, the
reference's method works on an object of its class that holds the same, and what it changes there comes back.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from typing import Any

from autograder.suite.proxies import REFERENCE
from autograder.types import Check

_DIRECTIONS = ("_forward", "_backward")


def requires(check: Check, name: str) -> bool:
    """Tell whether a check builds on ``nndl.layers.relu_forward``, for which it may say just ``relu_forward``.

    A class that it builds on stands for its methods too.
    """
    return any(f".{required}." in f".{name}." for required in check.requires)


def needed(check: Check, names: Iterable[str]) -> list[str]:
    """Return those of `names` that a check builds on."""
    return sorted(name for name in names if requires(check, name))


def listed(names: Iterable[str]) -> str:
    """Return names in words: ``affine_forward and TwoLayerNet.loss``."""
    return " and ".join(".".join(_parted(name)[1]) or name for name in names)


def lendable(names: Iterable[str]) -> frozenset[str]:
    """Return the functions and methods to lend for `names`."""
    lent: set[str] = set()
    for name in names:
        stem = next((name.removesuffix(end) for end in _DIRECTIONS if name.endswith(end)), None)
        pair = [name] if stem is None else [stem + end for end in _DIRECTIONS]
        lent.update(one for one in pair if of_reference(one))
    return frozenset(lent)


def groups(carried: Iterable[str]) -> list[frozenset[str]]:
    """Return what has to be lent together of the functions that a submission brings along."""
    return list(dict.fromkeys(lendable([name]) for name in carried if of_reference(name) and not is_method(name)))


def fewest(groups: Iterable[frozenset[str]], passes: Callable[[frozenset[str]], bool]) -> frozenset[str]:
    """Return as few groups as it takes for a check to pass with them lent; nothing if all of them do not help."""
    kept = list(groups)
    if not kept or not passes(frozenset().union(*kept)):
        return frozenset()
    for group in list(kept):
        rest = [other for other in kept if other is not group]
        if rest and passes(frozenset().union(*rest)):
            kept = rest
    return frozenset().union(*kept)


def of_reference(name: str) -> Callable[..., Any] | None:
    """Return the reference's function or method of that name, where there is one to lend."""
    module, path = _parted(name)
    owner: Any = importlib.import_module(f"{REFERENCE}.{module}") if module else None
    for part in path[:-1]:
        owner = getattr(owner, part, None)
    found = getattr(owner, path[-1], None) if path else None
    if not callable(found) or isinstance(found, type):
        return None
    return _on_state(owner, found) if isinstance(owner, type) else found


def is_method(name: str) -> bool:
    """Tell whether something of that name would be a method."""
    return len(_parted(name)[1]) == 2


def method_key(name: str) -> str:
    """Return the name of a method as it is lent: ``nndl.softmax:Softmax.loss``."""
    module, path = _parted(name)
    return f"{module}:{'.'.join(path)}"


def _parted(name: str) -> tuple[str, list[str]]:
    """Return the module of a name, and the path below it: of a function one part, of a method two."""
    module, path = name, list[str]()
    while module:
        module, _, last = module.rpartition(".")
        path.insert(0, last)
        if module and _is_module(module):
            return module, path
    return "", path


def _is_module(name: str) -> bool:
    try:
        importlib.import_module(f"{REFERENCE}.{name}")
    except ModuleNotFoundError:
        return False
    return True


def _on_state(owner: type, method: Callable[..., Any]) -> Callable[..., Any]:
    """Return a method as a function of what an object holds, in which it leaves what the object holds afterwards."""

    def call(state: Any, *args: Any, **kwargs: Any) -> Any:
        if type(state) is not dict:
            raise TypeError("an object that does not go by value")
        held: Any = object.__new__(owner)
        vars(held).update({key: value for key, value in state.items() if type(key) is str and not hasattr(owner, key)})
        value = method(held, *args, **kwargs)
        state.update(vars(held))
        return value

    return call
