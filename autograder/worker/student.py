"""The submission inside its sandbox: its modules, its objects, and what may be done with them.

Nothing here is trusted by the other side: student code shares this process and may have replaced any of it.
"""

from __future__ import annotations

import importlib
import inspect
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.random  # else loaded when it is first used, in the submission's time

from . import wire
from .library import Library
from .restoring import Before, restore

SUBMISSION, SUPPORT, BESIDE = "submission", "support", "beside"

Exchange = Callable[[Any], Any]  # sends a message and returns the answer


class Absent(Exception):
    """What was asked for is not in the submission."""


class Reply:
    """What a call gave, and [name or position, new value] of the arguments that it changed."""

    def __init__(self, value: Any, changes: list[Any]) -> None:
        self.value, self.changes = value, changes


class Student:
    """The submission's modules, and the objects of which the grader holds handles; ``op_...`` is what it may ask."""

    def __init__(self, scratch: str, exchange: Exchange) -> None:
        self.root = Path(scratch, SUBMISSION)
        self._library = Library(self.root, Path(scratch, SUPPORT), Path(scratch, BESIDE))
        self._exchange = exchange
        self._objects: dict[int, Any] = {}
        self._numbers: dict[int, int] = {}
        self._next = 0

    # -- values --------------------------------------------------------------------------------

    def resolve(self, ref: wire.HandleRef | wire.NameRef) -> Any:
        """Return the object that a handle or a name in a request stands for."""
        if isinstance(ref, wire.NameRef):
            return self._lookup(ref.module, ref.path)
        if ref.number not in self._objects:
            raise Absent("an object that has been given back")
        return self._objects[ref.number]

    def refer(self, value: Any) -> wire.HandleRef:
        """Keep `value` here and return the handle that names it; the same object keeps its number."""
        value = value.value if type(value) is _Live else value
        number = self._numbers.get(id(value))
        if number is None:
            number = self._next = self._next + 1
            self._objects[number] = value  # alive, so that nothing else can get its id
            self._numbers[id(value)] = number
        kind = "dict" if type(value) is dict else "list" if type(value) is list else "object"
        return wire.HandleRef(number, kind, _type_name(value))

    def _lookup(self, module: str, path: str) -> Any:
        self._load_module(module)
        value: Any = sys.modules[module]
        for part in path.split(".") if path else ():
            if not hasattr(value, part):
                raise Absent(f"{module} has no {path}{self._library.explain(module, part)}")
            value = getattr(value, part)
        return value

    def _load_module(self, module: str) -> None:
        if module in sys.modules:
            return
        if self._library.found(module) is None:
            raise Absent(f"{module.replace('.', '/')}.py is not in the submission")
        importlib.import_module(module)

    # -- operations ----------------------------------------------------------------------------

    def op_load(self, folders: dict[str, dict[str, Any]], lent: dict[str, list[str]], settings: dict[str, Any]) -> None:
        """Receive the files of each folder, what the grader lends in place of the student's, and how to import."""
        for folder, files in zip(self._library.roots, folders.values(), strict=True):
            folder.mkdir()
            for name, data in files.items():
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
        sys.path.append(str(self._library.roots[-1]))
        self._library.install(**settings)
        for module, names in lent.items():
            home = self._home_of_loans(module)
            for name in names:
                owner, dot, method = name.partition(".")
                if dot:
                    self._replace_method(home, owner, method, _Loan(f"{module}:{name}", self._exchange))
                else:
                    self._replace(home, name, _Loan(f"{module}.{name}", self._exchange))

    def op_renew(self, files: dict[str, Any]) -> None:
        """Take other files for the submission's, and forget all that was loaded."""
        for name, data in files.items():
            (self._library.roots[0] / name).write_bytes(data)
        for module in [name for name in sys.modules if name.partition(".")[0] in self._library.tops()]:
            del sys.modules[module]
        self._objects.clear()
        self._numbers.clear()

    def _replace(self, home: types.ModuleType, name: str, loan: _Loan) -> None:
        """Put a loan where the student's own was: in its module, and in those that took it from there already."""
        own = getattr(home, name, None)
        modules = [module for module in sys.modules.values() if isinstance(module, types.ModuleType)]
        holders = [module for module in modules if own and vars(module).get(name) is own]
        for module in (home, *holders):
            setattr(module, name, loan)

    def _replace_method(self, home: types.ModuleType, owner: str, name: str, loan: _Loan) -> None:
        """Put a loan where a method of the student's own was, if there is such a class."""
        cls = getattr(home, owner, None)
        if isinstance(cls, type):
            setattr(cls, name, _method(loan))

    def _home_of_loans(self, name: str) -> types.ModuleType:
        """Return the submission's module, or one with nothing else in it where that cannot be loaded."""
        try:
            self._load_module(name)
        except BaseException:  # noqa: BLE001 (whatever a module does; those who need more of it will see)
            module = sys.modules[name] = types.ModuleType(name)
            package, _, own = name.rpartition(".")
            setattr(importlib.import_module(package), own, module)
        return sys.modules[name]

    def op_import(self, module: str) -> None:
        """Import a module of the submission or of the support code, if it is there."""
        self._load_module(module)

    def op_parameters(self, function: Any) -> list[str]:
        """Return the names of what a function or class takes."""
        return list(inspect.signature(function).parameters)

    def op_notes(self) -> list[str]:
        """Return what was unusual about the submission."""
        return list(self._library.notes)

    def op_call(self, function: Any, args: list[Any], kwargs: dict[str, Any]) -> Reply:
        """Call `function` and tell which mutable arguments it has left with a new content."""
        before = Before(args, kwargs)
        value = function(*args, **kwargs)
        return Reply(value, before.changes())

    def op_get(self, owner: Any, name: str) -> Any:
        """Return an attribute."""
        return _live(getattr(owner, name))

    def op_set(self, owner: Any, name: str, value: Any) -> None:
        """Set an attribute."""
        setattr(owner, name, value)

    def op_item(self, owner: Any, key: Any) -> Any:
        """Return an item."""
        return _live(owner[key])

    def op_set_item(self, owner: Any, key: Any, value: Any) -> None:
        """Set an item."""
        owner[key] = value

    def op_delete_item(self, owner: Any, key: Any) -> None:
        """Delete an item."""
        del owner[key]

    def op_insert(self, owner: list[Any], index: int, value: Any) -> None:
        """Insert into a list."""
        owner.insert(index, value)

    def op_length(self, owner: Any) -> int:
        """Return how many items there are."""
        return len(owner)

    def op_keys(self, owner: Any) -> list[Any]:
        """Return the keys of a mapping, or whatever iteration gives."""
        return list(owner)

    def op_array(self, owner: Any) -> Any:
        """Return an object's value as a plain array."""
        array = np.asarray(owner.detach() if hasattr(owner, "detach") else owner).view(np.ndarray)
        if array.dtype == object and all(isinstance(each, int | float | np.number) for each in array.flat):
            return array.astype(np.float64)
        return array

    def op_seed(self, seed: int) -> None:
        """Start NumPy's global generator anew, so that no check depends on those before it."""
        np.random.seed(seed)

    def op_forget(self, numbers: list[int]) -> None:
        """Drop objects that the grader no longer names."""
        for number in numbers:
            value = self._objects.pop(number, None)
            self._numbers.pop(id(value), None)


class _Live:
    """A dict or list to be named by a handle; not a plain type, so the wire asks how to refer to it."""

    def __init__(self, value: Any) -> None:
        self.value = value


def _live(value: Any) -> Any:
    """Mark a plain dict or list so that it is sent as a view of itself and not by value."""
    return _Live(value) if type(value) in (dict, list) else value


class _Loan:
    """A function of the grader's that stands where one of the student's was: data goes out, data comes back."""

    def __init__(self, name: str, exchange: Exchange) -> None:
        self._name, self._exchange = name, exchange

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        kind, *rest = self._exchange(("callback", self._name, list(args), kwargs))
        if kind != "answer":
            raise ValueError(rest[0])
        value, restored = rest
        for key, new in restored:
            restore(kwargs[key] if isinstance(key, str) else args[key], new)
        return value


def _method(loan: _Loan) -> Callable[..., Any]:
    """Return a loan as a method: it is called with what the object holds, and what it changes there is changed."""

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        before = dict(vars(self))
        state = dict(before)
        value = loan(state, *args, **kwargs)
        for key, new in state.items():
            if new is not before.get(key):
                setattr(self, key, new)
        return value

    return method


def _type_name(value: Any) -> str:
    """Return the name of an object's class; of a function or method, its own."""
    if type(value) is np.ndarray:
        return f"array of dtype {value.dtype}"
    kind = value if isinstance(value, types.FunctionType | types.MethodType) else type(value)
    name = kind.__qualname__
    return name if kind is value or kind.__module__ == "builtins" else f"{kind.__module__}.{name}"
