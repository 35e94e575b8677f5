"""One submission being graded: requests to its code, against deadlines, over as many sandboxes as it takes.

How it works
------------
A sandbox is started when it is first needed and receives the submission's files. A request that times out
or kills the process costs that check only: the next one gets a fresh sandbox. Only time that the
submission spends counts against its limits. A module that could not be imported is not tried again, so
that an endless loop at import is waited for once.
"""

from __future__ import annotations

import functools
import weakref
from collections.abc import Iterable
from typing import Any, Protocol

import numpy as np

from autograder.errors import AutograderError
from autograder.sandbox import faults
from autograder.sandbox.clock import Clock
from autograder.sandbox.contents import Contents
from autograder.sandbox.patience import Patience
from autograder.sandbox.process import Sandbox, SandboxEnded, SandboxOverfull, SandboxTimeout
from autograder.sandbox.remote import Remote, RemoteName, stand_in
from autograder.types import Limits, Verdict
from autograder.worker import wire
from autograder.worker.restoring import Before, restore

_FORGET_AT_ONCE = 256


class Observer(Protocol):
    """Who is told of calls to the submission's code, on the trusted side."""

    def calls(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Take note of a call before it is made."""

    def got(self, value: Any) -> None:
        """Take note of what it gave."""


class Session:
    """The trusted side of one submission. `end` it, whatever happens."""

    def __init__(
        self,
        level: str,
        limits: Limits,
        contents: Contents,
        spare: Sandbox | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.called: set[str] = set()  # what the check has called itself, as module.path
        self.observer: Observer | None = None
        self.blank = ""  # how the last result was that of starter code, in words
        self._level, self._limits, self._contents = level, limits, contents
        self._clock = clock or Clock(limits)
        self._spare = spare
        self._sandbox: Sandbox | None = None
        self._busy = False
        self._imported: set[str] = set()
        self._import_faults: dict[str, faults.StudentFault] = {}
        self._stand_ins: dict[int, weakref.ref[Remote]] = {}
        self._forgotten: set[int] = set()
        self._seed: int | None = None
        self._seeded = False
        self._output, self._output_lost = "", 0
        self._output_left = int(limits.output_mb * (1 << 20))

    # -- checks --------------------------------------------------------------------------------

    def begin_check(self, seed: int, time_s: float | None = None) -> None:
        """Start the clock of a check, with all the time that the limits give it or less.

        `seed` is for the submission's own random numbers, and unknown to the suite.
        """
        self._clock.begin_check(time_s)
        self._seed, self._seeded = seed, False
        self._output, self._output_lost = "", 0
        self.called.clear()
        self.blank = ""

    def used_s(self) -> float:
        """Return how many seconds the submission has taken in this check."""
        return self._clock.used_in_check()

    def output(self) -> str:
        """Return what the submission has printed in this check, as long as there is room for it."""
        self._take_output()
        if self._sandbox is not None and self._sandbox.excess():
            self.drop()  # it costs nobody a point any more, but no more space either
        kept = self._output[: self._output_left]
        lost = self._output_lost + len(self._output) - len(kept)
        self._output_left -= len(kept)
        return f"{kept}\n[{lost} more bytes not kept]" if lost else kept

    def _take_output(self) -> None:
        if self._sandbox is not None:
            text, lost = self._sandbox.take_output()
            self._output += text
            self._output_lost += lost

    def notes(self) -> list[str]:
        """Return what the sandbox says was unusual about the submission, which is worth a remark and no more."""
        if self._sandbox is None or not self._imported:
            return []
        try:
            found = self._exchange("notes")[0]
        except (faults.StudentFault, AutograderError):
            return []
        return [note for note in found if type(note) is str] if type(found) is list else []

    def leave(self, sandbox: Sandbox) -> bool:
        """Leave a sandbox as it is, for another submission of the course's own; say whether it was still in use."""
        if self._sandbox is not sandbox:
            return False
        self._sandbox = None
        return True

    def end(self) -> None:
        """End all processes of this submission."""
        for sandbox in (self._sandbox, self._spare):
            if sandbox is not None:
                sandbox.kill()
        self._sandbox = self._spare = None

    # -- requests ------------------------------------------------------------------------------

    def request(self, operation: str, *arguments: Any) -> Any:
        """Carry out one operation and return what it gives.

        Raises
        ------
        faults.StudentFault
            When the submission's code fails in any way.
        """
        self._prepare(arguments)
        value = self._exchange(operation, *arguments)[0]
        if operation == "get" and isinstance(value, Remote) and arguments[0]._origin:
            value.__dict__["_origin"] = f"{arguments[0]._origin}.{arguments[1]}"
        return value

    def call(self, target: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call `target`; mutable arguments that the call has changed are changed here too."""
        name = _name(target)
        if type(target) is RemoteName or target._origin:
            self.called.add(name)
        if self.observer:
            self.observer.calls(name, args, kwargs)
        self._prepare((target, *args, *kwargs.values()))
        value, changes = self._exchange("call", target, list(args), kwargs, function=name)
        _restore(args, kwargs, changes)
        if self.observer:
            self.observer.got(value)
        if type(target) is RemoteName and isinstance(value, Remote):
            value.__dict__["_origin"] = name  # an object of that class; its methods are named by it
        self.blank = f"{name} {words}" if (words := _blank(value)) else ""
        return value

    def _prepare(self, values: Iterable[Any]) -> None:
        """Have a sandbox that has what `values` need and knows the check's seed."""
        if self._busy:
            raise faults.StudentFault(Verdict.FAILED, "data was expected where the submission passed an object")
        modules = [self._contents.rename(value._ref).module for value in values if type(value) is RemoteName]
        for module in modules:
            if module in self._import_faults:  # no sandbox is needed to know that it fails
                raise faults.again(self._import_faults[module])
        self._ensure_sandbox()
        for module in modules:
            if module not in self._imported:
                self._import(module)
        if not self._seeded and self._seed is not None:
            self._seeded = True
            self._exchange("seed", self._seed)
        if len(self._forgotten) > _FORGET_AT_ONCE:
            numbers = list(self._forgotten)
            self._forgotten.clear()
            self._exchange("forget", numbers)

    def _exchange(self, operation: str, *arguments: Any, function: str = "") -> tuple[Any, Any]:
        sandbox = self._sandbox
        if sandbox is None:
            raise faults.StudentFault(Verdict.CRASHED, "the process is gone")
        patience = sandbox.patience(self._clock.left(function))
        self._busy = True
        try:
            sandbox.send((operation, *arguments), self._refer, patience)
            return self._reply(sandbox, patience)
        except SandboxTimeout:
            raise self._lose(self._clock.timeout(function)) from None
        except SandboxOverfull as error:
            raise self._lose(faults.StudentFault(Verdict.BLOCKED, f"the sandbox forbids this: {error}")) from None
        except SandboxEnded:
            raise self._lose(faults.StudentFault(Verdict.CRASHED, sandbox.ended_by())) from None
        except (wire.WireError, MemoryError) as error:
            raise self._lose(faults.StudentFault(Verdict.FAILED, f"what came back cannot be used: {error}")) from error
        finally:
            self._busy = False
            self._clock.spend(patience.used())

    def _reply(self, sandbox: Sandbox, patience: Patience) -> tuple[Any, Any]:
        """Return (value, changes) of the reply, answering callbacks for what is lent until it comes."""
        while True:
            message = sandbox.receive(self._resolve, patience)
            kind, *rest = message if type(message) is tuple and message and type(message[0]) is str else [""]
            if kind == "ok" and len(rest) == 2:
                return rest[0], rest[1]
            if kind == "raised" and len(rest) == 1:
                fault = faults.raised(rest[0])
                raise self._lose(fault) if fault.verdict is Verdict.MEMORY else fault
            if kind == "absent" and [type(words) for words in rest] == [str]:
                raise faults.missing(rest[0][: faults.MAX_WORDS])
            if kind != "callback" or [type(part) for part in rest] != [str, list, dict]:
                raise wire.WireError("an answer of an unknown kind")
            self._lend(sandbox, patience, *rest)

    def _lend(self, sandbox: Sandbox, patience: Patience, name: str, args: list[Any], kwargs: dict[str, Any]) -> None:
        """Call a lent function with data from the sandbox, and send what it gives."""
        function = self._contents.lent.get(name)
        if function is None:
            raise wire.WireError("a call of something that was not lent")
        try:
            before = Before(args, kwargs)
            with np.errstate(all="ignore"):
                value = function(*args, **kwargs)
            sandbox.send(("answer", value, before.changes()), self._refer, patience)
        except (SandboxEnded, SandboxOverfull, SandboxTimeout):
            raise
        except Exception as error:  # noqa: BLE001 (whatever arguments from the sandbox provoke is its to handle)
            words = f"{name} cannot take these arguments ({type(error).__name__})"
            sandbox.send(("refused", words), self._refer, patience)

    # -- sandboxes -----------------------------------------------------------------------------

    def _ensure_sandbox(self) -> None:
        if self._sandbox is not None:
            return
        self._clock.left()
        self._sandbox, self._spare = self._spare or Sandbox(self._level, self._limits), None
        contents = self._contents
        try:
            self._sandbox.await_ready()
            if self._sandbox.loaded:
                self._exchange("renew", contents.folders()["files"])
                return
            settings = {
                "names": dict(contents.names),
                "statement_s": self._limits.check_time_s / 4,
                "old": contents.old,
            }
            self._exchange("load", contents.folders(), contents.lent_names(), settings)
        except (faults.StudentFault, AutograderError):
            self.drop()
            raise

    def _lose(self, fault: faults.StudentFault) -> faults.StudentFault:
        self.drop()
        return fault

    def drop(self) -> None:
        """End the sandbox; the next request starts another, which knows none of its objects."""
        if self._sandbox is not None:
            self._take_output()
            self._sandbox.kill()
            self._sandbox = None
        self._imported.clear()
        self._stand_ins.clear()
        self._forgotten.clear()
        self._seeded = False

    def _import(self, module: str) -> None:
        given = self._clock.left()
        try:
            self._exchange("import", module)
        except faults.StudentFault as fault:
            where = "" if fault.verdict is Verdict.MISSING else f"importing {module} failed: "
            failed = faults.StudentFault(fault.verdict, where + fault.message)
            if fault.verdict is not Verdict.TIMEOUT or given > self._limits.check_time_s / 2:
                self._import_faults[module] = failed
            raise failed from None
        self._imported.add(module)

    # -- values --------------------------------------------------------------------------------

    def _refer(self, value: Any) -> Any:
        if type(value) is RemoteName:
            return self._contents.rename(value._ref)
        if isinstance(value, Remote):
            known = self._stand_ins.get(value._ref.number)
            if known is None or known() is not value:
                raise faults.StudentFault(Verdict.CRASHED, f"{value!r} was lost when its process ended")
            return value._ref
        raise TypeError(
            f"a suite cannot pass a {type(value).__name__} to student code, only data and what came from there"
        )

    def _resolve(self, ref: Any) -> Any:
        """Return the stand-in for a handle, the same one as long as anything here names it."""
        if isinstance(ref, wire.NameRef):
            raise wire.WireError("a name where a value was expected")
        known = self._stand_ins.get(ref.number)
        found = known() if known is not None else None
        if found is None or found._ref.kind != ref.kind:
            found = stand_in(self, ref)
            self._stand_ins[ref.number] = weakref.ref(found, functools.partial(self._forget, ref.number))
            self._forgotten.discard(ref.number)
        return found

    def _forget(self, number: int, gone: weakref.ref[Remote]) -> None:
        """Note that nothing names object `number` any more; the sandbox is told in time."""
        if self._stand_ins.get(number) is gone:
            del self._stand_ins[number]
            self._forgotten.add(number)


def _name(target: Any) -> str:
    """Return ``nndl.layers.relu_forward`` for a function, ``nndl.svm.SVM.loss`` for a method of a class's object.

    Of other objects it is what the sandbox says that they are.
    """
    if type(target) is RemoteName:
        return f"{target._ref.module}.{target._ref.path}"
    return target._origin or str(target._ref.type_name)


def _blank(value: Any) -> str:
    """Say so if a function gave what starter code gives: None, None and more, or a loss of 0 without a gradient."""
    if value is None or (type(value) is tuple and value and value[0] is None):
        return "returned None"
    if type(value) is not tuple or len(value) != 2:
        return ""
    loss, gradient = value
    zero = type(loss) in (int, float) and loss == 0
    if zero and type(gradient) is dict and not gradient:
        return "returned a loss of 0 and no gradients"
    if zero and type(gradient) is np.ndarray and gradient.dtype.kind == "f" and gradient.size and not gradient.any():
        return "returned a loss of 0 and a gradient of zeros"
    return ""


def _restore(args: tuple[Any, ...], kwargs: dict[str, Any], changes: Any) -> None:
    """Copy back what the call did to its arguments."""
    if type(changes) is not list:
        raise faults.StudentFault(Verdict.FAILED, "what came back cannot be used: malformed changes of arguments")
    for change in changes:
        key, new = change if type(change) is list and len(change) == 2 else (None, None)
        if type(key) is int and 0 <= key < len(args):
            restore(args[key], new)
        elif type(key) is str and key in kwargs:
            restore(kwargs[key], new)
