"""Stand-ins, in the trusted process, for what lives in a sandbox.

A `RemoteName` is something that a module of the submission defines; a `RemoteObject` is an object that stays
there, with attribute, item and call access; `RemoteDict` and `RemoteList` are live views of a plain dict or
list. None of them runs student code here: an operation is a request, and what comes back is data or
another stand-in. Comparing one, or asking whether it is true, is an error instead of an accident.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping, MutableSequence
from typing import Any, NoReturn, Protocol

import numpy as np

from autograder.worker.wire import HandleRef, NameRef


class Session(Protocol):
    """What a stand-in needs of the session that it belongs to."""

    def request(self, operation: str, *arguments: Any) -> Any:
        """Carry out one operation in the sandbox."""

    def call(self, target: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call something in the sandbox, copying changed arguments back."""


class RemoteName:
    """A function, class or value of a module of the submission; looked up when it is used, not before."""

    def __init__(self, ref: NameRef, current: Callable[[], Session]) -> None:
        self._ref = ref
        self._current = current
        self.__name__ = ref.path.rpartition(".")[2]
        self.__qualname__ = ref.path
        self.__module__ = ref.module

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it in the sandbox."""
        return self._current().call(self, args, kwargs)

    def __getattr__(self, name: str) -> RemoteName:
        if name.startswith("__"):
            raise AttributeError(name)
        return RemoteName(NameRef(self._ref.module, f"{self._ref.path}.{name}"), self._current)

    def __repr__(self) -> str:
        return f"<{self._ref.module}.{self._ref.path} of the submission>"


class Remote:
    """Anything that is named by a handle."""

    _session: Session
    _ref: HandleRef
    _origin = ""  # the name of the class of the submission that made it, or of its method

    def __init__(self, session: Session, ref: HandleRef) -> None:
        self.__dict__.update({"_session": session, "_ref": ref})

    def __repr__(self) -> str:
        return f"<{self._ref.type_name} in the sandbox>"

    def __getitem__(self, key: Any) -> Any:
        return self._session.request("item", self, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._session.request("set_item", self, key, value)

    def __len__(self) -> int:
        return _count(self._session.request("length", self))

    def __iter__(self) -> Iterator[Any]:
        return iter(_listed(self._session.request("keys", self)))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray[Any, Any]:
        array = self._session.request("array", self)
        if not isinstance(array, np.ndarray):
            raise TypeError(f"{self!r} cannot be turned into an array of numbers")
        return array if dtype is None else array.astype(dtype)

    def __reduce_ex__(self, _: Any) -> NoReturn:
        raise TypeError(f"{self!r} cannot be copied here")

    def __eq__(self, other: object) -> bool:
        return self is other or self._incomparable()

    def __bool__(self) -> bool:
        return self._incomparable()

    __hash__ = object.__hash__

    def _incomparable(self) -> NoReturn:
        raise TypeError(f"{self!r} is an object, where a number, an array or the like was expected")


class RemoteObject(Remote):
    """An object of a class of the student's own, a function, or whatever else does not go by value."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it in the sandbox."""
        return self._session.call(self, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._session.request("get", self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._session.request("set", self, name, value)

    def __float__(self) -> float:
        return float(self.__array__().item())


class RemoteDict(Remote, MutableMapping[Any, Any]):
    """A plain dict in the sandbox: reads and writes go through."""

    __hash__ = Remote.__hash__
    __eq__ = Remote.__eq__

    def __delitem__(self, key: Any) -> None:
        self._session.request("delete_item", self, key)


class RemoteList(Remote, MutableSequence[Any]):
    """A plain list in the sandbox: reads and writes go through."""

    __hash__ = Remote.__hash__
    __eq__ = Remote.__eq__

    def __iter__(self) -> Iterator[Any]:
        return MutableSequence.__iter__(self)

    def __delitem__(self, key: Any) -> None:
        self._session.request("delete_item", self, key)

    def insert(self, index: int, value: Any) -> None:
        """Insert `value` before `index`."""
        self._session.request("insert", self, index, value)


_CLASSES: dict[str, type[Remote]] = {"object": RemoteObject, "dict": RemoteDict, "list": RemoteList}


def stand_in(session: Session, ref: HandleRef) -> Remote:
    """Return a new stand-in for a handle that came from the sandbox."""
    return _CLASSES[ref.kind](session, ref)


def _count(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise TypeError("a length that is not a number")
    return value


def _listed(value: Any) -> list[Any]:
    if type(value) is not list:
        raise TypeError("keys that are not a list")
    return value
