"""What notebooks rely on and a sandbox has not: Colab's modules, a folder of pictures, the Python of their time.

Nothing here is trusted by the other side.
"""

from __future__ import annotations

import ast
import importlib
import re
import tokenize
import types
from pathlib import Path
from typing import Any

_TRAINING, _TEST = 50_000, 10_000  # pictures, as CIFAR-10 has
_MAGIC = re.compile(r"^[ \t]*[%!].*$", re.M)


def colab() -> dict[str, types.ModuleType]:
    """Return stand-ins for Colab's modules, by name: its drive is there and empty."""

    def nothing(*_: Any, **__: Any) -> None:
        return None

    google, inner = types.ModuleType("google"), types.ModuleType("google.colab")
    drive, files = types.ModuleType("google.colab.drive"), types.ModuleType("google.colab.files")
    drive.mount = drive.flush_and_unmount = files.download = nothing  # type: ignore[attr-defined]
    files.upload = dict  # type: ignore[attr-defined]
    google.colab, inner.drive, inner.files = inner, drive, files  # type: ignore[attr-defined]
    return {module.__name__: module for module in (google, inner, drive, files)}


def pictures() -> None:
    """Have the course's ``load_CIFAR10`` give pictures of shapes where its author's folder is not there.

    As many as CIFAR-10 has: notebooks take the validation set from the last thousand.
    """
    try:
        data_utils: Any = importlib.import_module("utils.data_utils")
        load, make_shapes10 = data_utils.load_CIFAR10, data_utils.make_shapes10
    except (ImportError, AttributeError):
        return  # another course's

    def load_or_draw(root: Any) -> Any:
        if Path(root, "test_batch").is_file():
            return load(root)
        print(f"[{root} is not there when graded: {_TRAINING} generated pictures of shapes are used]")
        X, y = make_shapes10(_TRAINING, getattr(data_utils, "FALLBACK_SEED", 0))
        X_test, y_test = make_shapes10(_TEST, 1)
        return X.astype("float32"), y, X_test.astype("float32"), y_test

    data_utils.load_CIFAR10 = load_or_draw


def old_code(shell: Any, sources: list[str]) -> None:
    """Have `shell` run code for Python 2 and older NumPys as it was meant, as a submission's modules are run."""
    oldcode, python2 = (importlib.import_module(f"worker.{name}") for name in ("oldcode", "python2"))
    for_2 = any(python2.is_python2(_MAGIC.sub("", source)) for source in sources)
    shell.user_ns_hidden.update(names := oldcode.helpers(lambda _: None))
    shell.user_ns.update(names | (oldcode.python2_names() if for_2 else {}))
    shell.ast_transformers.append(_Rewriter(oldcode, for_2))
    if for_2:
        shell.input_transformers_post.append(_translator(python2))


class _Rewriter:
    """What IPython asks of a transformer of trees."""

    def __init__(self, oldcode: Any, for_2: bool) -> None:
        self._oldcode, self._for_2 = oldcode, for_2

    def visit(self, tree: ast.Module) -> ast.AST:
        """Return the tree of a cell with calls of helpers in it."""
        rewritten: ast.AST = self._oldcode.rewrite(tree, python2=self._for_2)
        return rewritten


def _translator(python2: Any) -> Any:
    """Return what IPython asks of a transformer of lines."""

    def translated(lines: list[str]) -> list[str]:
        text = "".join(lines)
        try:
            new: str = python2.translate(text) if python2.is_python2(text) else text
        except (SyntaxError, tokenize.TokenError):
            return lines  # which will say what is wrong with it
        return new.splitlines(keepends=True)

    return translated
