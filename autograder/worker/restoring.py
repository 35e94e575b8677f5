"""Call by copy and restore: what a call changed in its arguments is changed in the caller's too.

The sandbox takes a `Before` of a call's arguments and afterwards tells what has a new content; the other side gives
that content to its own objects with `restore`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import wire

_MUTABLE = frozenset((dict, list, np.ndarray))


class Before:
    """What the mutable arguments of a call were, to find out afterwards which have changed."""

    def __init__(self, args: list[Any], kwargs: dict[str, Any]) -> None:
        named = [*enumerate(args), *kwargs.items()]
        self._kept = [(key, value, _snapshot(value)) for key, value in named if type(value) in _MUTABLE]

    def changes(self) -> list[Any]:
        """Return [name or position, new value] of those that have changed."""
        return [[key, value] for key, value, before in self._kept if _snapshot(value) != before]


def _snapshot(value: Any, depth: int = 0) -> Any:
    """Return something that equals another snapshot only where both values have the same content.

    Of an object that does not go by value it holds the object too, so that its id is not used again.
    """
    kind = type(value)
    if kind is np.ndarray and not value.dtype.hasobject:
        return (value.dtype.str, value.shape, value.tobytes())
    if kind is dict and depth < wire.MAX_DEPTH:
        return [(_snapshot(k, depth + 1), _snapshot(v, depth + 1)) for k, v in value.items()]
    if kind in (list, tuple) and depth < wire.MAX_DEPTH:
        return [_snapshot(item, depth + 1) for item in value]
    if kind in (bool, int, str, bytes):
        return (kind, value)
    return repr(value) if kind in (float, complex) or isinstance(value, np.generic) else (id(value), value)


def restore(old: Any, new: Any) -> None:
    """Give the argument `old` the content that it had after the call on the other side.

    An array whose new content has another size or dtype keeps its own: no caller could see such a change
    in one process either.
    """
    if isinstance(old, np.ndarray):
        if isinstance(new, np.ndarray) and new.size == old.size and new.dtype == old.dtype and old.flags.writeable:
            np.copyto(old, new.reshape(old.shape))
    elif type(old) is dict and type(new) is dict:
        kept = {key: _kept(old.get(key), value) for key, value in new.items()}
        old.clear()
        old.update(kept)
    elif type(old) is list and type(new) is list:
        pairs = zip(old + [None] * len(new), new, strict=False)
        old[:] = [_kept(before, after) for before, after in pairs]


def _kept(before: Any, after: Any) -> Any:
    """Return `before` with the content of `after` where it can take it, so that other names of it see the change."""
    same_array = isinstance(before, np.ndarray) and isinstance(after, np.ndarray)
    if same_array and (before.shape, before.dtype) == (after.shape, after.dtype) and before.flags.writeable:
        np.copyto(before, after)
        return before
    if type(before) is type(after) and type(before) in (dict, list):
        restore(before, after)
        return before
    return after
