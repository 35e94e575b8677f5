"""Modules that handouts import and a sandbox need not have: harmless ones in their place.

How it works
------------
What only shows pictures, progress or a debugger does nothing, whatever is asked of it. What papers over
differences between Pythons (`six`, `future`, `past`) gives today's names. Of any other library in the list that is not
installed, everything can be named, inherited from and, while a module is imported, called; using it later is an
ImportError that says what is missing, but for a function or two that are written here.
"""

from __future__ import annotations

import builtins
import collections
import functools
import importlib
import io
import itertools
import sys
import types
from collections.abc import Callable, Iterator
from importlib.machinery import ModuleSpec
from typing import Any

import numpy as np

SILENT = frozenset(
    {"matplotlib", "pylab", "mpl_toolkits", "seaborn", "IPython", "ipdb", "pudb", "google", "ipywidgets"}
)
ABSENT = frozenset({"scipy", "imageio", "torch", "torchvision", "tensorflow", "tensorboardX", "h5py", "cv2", "PIL"})
ABSENT |= {"skimage", "sklearn", "pandas", "nltk", "numba", "cython", "Cython", "pyximport", "theano", "keras", "wandb"}
ABSENT |= {"tabulate", "requests", "gdown", "jax"}
# What a module is called today. They are imported only when asked for: some take as long as NumPy.
_PYTHON2 = {
    "cPickle": "pickle",
    "__builtin__": "builtins",
    "Queue": "queue",
    "StringIO": "io",
    "cStringIO": "io",
    "urllib2": "urllib.request",
}
_OLD = {"xrange": range, "raw_input": input, "unicode": str, "basestring": str, "long": int, "reduce": functools.reduce}
_ITERATORS = {"izip": zip, "imap": map, "ifilter": filter, "izip_longest": itertools.zip_longest}
_SAME = ("range", "zip", "map", "filter", "input", "object", "str", "int", "dict", "open", "super", "chr", "round")


class Silent(types.ModuleType):
    """A module, and everything in it, that does nothing."""

    __path__: list[str] = []  # noqa: RUF012 (what the import system expects of a package)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Silent(f"{self.__name__}.{name}")

    def __call__(self, *args: Any, **_: Any) -> Any:  # noqa: D102
        if self.__name__.endswith(".subplots"):
            return Silent("figure"), Silent("axes")
        return args[0] if len(args) == 1 and isinstance(args[0], types.FunctionType) else self

    def __getitem__(self, key: Any) -> Silent:
        return self

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __enter__(self) -> Silent:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def __setitem__(self, key: Any, value: Any) -> None:
        return None


class Absent(type):
    """A class for whatever a library that is not installed would define."""

    importing: Callable[[], bool] = staticmethod(lambda: False)

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _absent(f"{cls.__qualname__}.{name}")

    def __call__(cls, *args: Any, **_: Any) -> Any:  # noqa: D102
        library = cls.__qualname__.partition(".")[0]
        if not cls.importing():
            raise ImportError(f"{library} is not installed where submissions are graded")
        return args[0] if len(args) == 1 and isinstance(args[0], types.FunctionType) else _absent(cls.__qualname__)


_Mode = collections.namedtuple("_Mode", ["mode", "count"])  # as SciPy calls them


def _mode(a: Any, axis: int = 0, **_: Any) -> _Mode:
    """Return the most frequent, of several the smallest, as SciPy did until 1.10: the axis stays, with length 1."""
    array = np.asarray(a)
    values = np.unique(array)
    counts = np.stack([(array == value).sum(axis=axis, keepdims=True) for value in values])
    return _Mode(values[counts.argmax(axis=0)], counts.max(axis=0))


_LENT = {"scipy.stats.mode": _mode}  # what a course's own exercises may well be solved with


def _absent(name: str) -> Any:
    if name in _LENT:
        return _LENT[name]
    found = Absent(name.rpartition(".")[2], (), {})
    found.__qualname__ = name
    return found


class _AbsentModule(types.ModuleType):
    __path__: list[str] = []  # noqa: RUF012

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _absent(f"{self.__name__}.{name}")


class Finder:
    """Finds stand-ins: `first`, those that are used in any case, otherwise those for what is not there."""

    def __init__(self, note: Callable[[str], None], *, first: bool) -> None:
        self._note, self._first = note, first

    @property
    def silent(self) -> bool:
        """Whether it finds what is used in any case."""
        return self._first

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """Return a spec for a stand-in."""
        top = name.partition(".")[0]
        if self._first:
            return ModuleSpec(name, self, is_package=True) if top in SILENT else None  # type: ignore[arg-type]
        known = top in ABSENT or top in _PYTHON2 or top in ("six", "past", "future", "builtins", "tqdm")
        if not known or _installed(top):
            return None
        return ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> types.ModuleType:
        """Return the stand-in."""
        top = spec.name.partition(".")[0]
        if top in SILENT:
            return Silent(spec.name)
        if top in ABSENT:
            self._note(f"absent:{top}")
            return _AbsentModule(spec.name)
        return _today(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """There is nothing to run."""


def withdraw() -> None:
    """Let what only shows pictures be imported for real, for a notebook, which needs it."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if not (isinstance(finder, Finder) and finder.silent)]
    for name in [name for name, module in sys.modules.items() if isinstance(module, Silent)]:
        del sys.modules[name]


def _installed(top: str) -> bool:
    module = sys.modules.get(top)
    return getattr(module, "__file__", None) is not None and not isinstance(module, _AbsentModule)


def _today(name: str) -> types.ModuleType:
    """Return a module of today's names for older ones."""
    top = name.partition(".")[0]
    if top in _PYTHON2:
        return importlib.import_module(_PYTHON2[top])
    module = types.ModuleType(name)
    module.__path__ = []
    module.__dict__.update({each: getattr(builtins, each) for each in _SAME})
    module.__dict__.update(_OLD | _ITERATORS | {"cStringIO": io, "StringIO": io.StringIO})
    module.__dict__.update({"PY2": False, "PY3": True, "string_types": (str,), "integer_types": (int,)})
    module.__dict__.update({"iteritems": lambda d: d.items(), "itervalues": lambda d: d.values()})
    module.__dict__.update({"cPickle": importlib.import_module("pickle"), "queue": importlib.import_module("queue")})
    module.__dict__.update({"iterkeys": lambda d: d.keys(), "tqdm": _untold, "trange": lambda *n, **_: range(*n)})
    module.__dict__.update(
        {"standard_library": Silent("standard_library"), "with_metaclass": lambda meta, *b: meta("B", b, {})}
    )
    return module


def _untold(items: Any = (), *_: Any, **__: Any) -> Any:
    return items


def complete() -> None:
    """Give the standard library's modules the names that code for Python 2 takes from them."""
    for name, value in _ITERATORS.items():
        itertools.__dict__.setdefault(name, value)
    for name in ("Mapping", "Iterable", "Sequence", "Callable"):
        collections.__dict__.setdefault(name, getattr(importlib.import_module("collections.abc"), name))
