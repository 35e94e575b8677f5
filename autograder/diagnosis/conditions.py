"""Under which condition a function is wrong: only in test mode, only with padding, only from the second step on.

How it works
------------
A `Watch` sees every call that a check makes to the submission's code, and every comparison that holds. It notes, for
each comparison, which conditions the calls before it were made under. A condition is told if all comparisons that
failed were made under it, none that held was, and that is true of no other one: so it states what was seen and guesses
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from autograder.checks import recorder
from autograder.checks.recorder import Sight
from autograder.diagnosis.matching import MOST
from autograder.types import Cause, Check, CheckOutcome, Verdict


class Condition(NamedTuple):
    """What can be so or not, in words that follow ``wrong only`` and ``what was compared``."""

    so: str
    otherwise: str


TEST = Condition("in test mode", "in training mode")
STRIDE = Condition("with a stride other than 1", "with a stride of 1")
PAD = Condition("with padding", "without padding")
REG = Condition("with regularisation", "without regularisation")
BATCHNORM = Condition("with batch normalization", "without batch normalization")
DROPOUT = Condition("with dropout", "without dropout")
ONE_HIDDEN = Condition("with one hidden layer", "with more hidden layers")
MORE_HIDDEN = Condition("with more than one hidden layer", "with one hidden layer")
WINDOWS = Condition("with windows that are not square", "with square windows")
NO_LABELS = Condition("where no labels are given", "with labels")
SINGLE = Condition("in single precision", "in double precision")
WHOLE = Condition("for arrays of integers", "for arrays of floats")
BATCH_OF_ONE = Condition("with a batch of one", "with larger batches")
DIMENSIONS = Condition("where examples have several dimensions", "where examples are vectors")
IMAGES = Condition("with images that are not square", "with square images")
FILTERS = Condition("with filters that are not square", "with square filters")
STRIDED = Condition("with arrays that are transposed or cut out of others", "with arrays of their own")
LATER = Condition("from the second step on", "in the first step")

_HINTS = {
    LATER: "What does one step have to leave for the next, and is it stored where the next looks for it?",
    TEST: "Is the branch for test mode reached, and does it use what training has stored?",
}
_BY_KEY: Mapping[str, tuple[Condition, Callable[[Any], bool]]] = {
    "mode": (TEST, lambda value: value == "test"),
    "stride": (STRIDE, lambda value: value != 1),
    "pad": (PAD, lambda value: value != 0),
    "reg": (REG, lambda value: value != 0),
    "use_batchnorm": (BATCHNORM, bool),
    "dropout": (DROPOUT, lambda value: value not in (0, 1)),
}
_MANY = 400  # comparisons of a submission that are kept
_COPIED = range(4, 4097)  # sizes of the arguments with which a wrong result is compared
_UNCHANGED = "one of the arrays that were passed in, unchanged"


@dataclass(frozen=True)
class Comparison:
    """What was compared after a call, under which conditions, and whether it held."""

    check: str
    function: str
    name: str
    conditions: frozenset[tuple[Condition, bool]]
    held: bool


class Watch:
    """Sees what the checks of one submission call and compare."""

    def __init__(self) -> None:
        self._check = self._function = ""
        self._conditions: dict[Condition, bool] = {}
        self._steps: dict[int, tuple[Any, int]] = {}  # by id of a state: it, and how many steps have led to it
        self._seen: dict[Comparison, None] = {}
        self._arguments: list[np.ndarray[Any, Any]] = []  # of the last call
        self._unchanged: dict[str, Cause] = {}  # by check
        recorder.watch(self._held)

    def begins(self, check: str) -> None:
        """Forget what the check before has called, and what this one did when it ran before."""
        self._seen = {each: None for each in self._seen if each.check != check}
        self._check, self._function = check, ""
        self._unchanged.pop(check, None)
        self._conditions.clear()
        self._steps.clear()

    def calls(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Take note of a call."""
        self._function = name.rpartition(".")[2]
        recorder.note_examples(_examples(self._function, (*args, *kwargs.values())))
        self._conditions.update(_conditions(args, kwargs))
        arrays = (value for value in (*args, *kwargs.values()) if isinstance(value, np.ndarray))
        self._arguments = [array.copy() for array in arrays if array.size in _COPIED]
        states = [value for value in (*args, *kwargs.values()) if type(value) is dict]
        self._step = 1 + max((self._steps[id(state)][1] for state in states if id(state) in self._steps), default=0)
        self._keep(states)
        if states:
            self._conditions[LATER] = self._step > 1

    def got(self, value: Any) -> None:
        """Take note of what the call gave: a state that is returned is what the next step starts from."""
        self._keep([part for part in (value if type(value) is tuple else ()) if type(part) is dict])

    def fails(self, sight: Sight) -> None:
        """Take note that the check ends here, with what it was looking at."""
        last = sight.examined[-1] if sight.examined else None
        self._note(last.name if last else "", held=False)
        if last and any(np.array_equal(last.values, array) for array in self._arguments if np.ptp(array)):
            self._unchanged[self._check] = Cause(name="unchanged-input", message=f"{last.name} is {_UNCHANGED}")

    def unchanged(self, check: str) -> Cause | None:
        """Return the cause of a failure over a result that is an argument of the last call."""
        return self._unchanged.get(check)

    def comparisons(self, checks: Iterable[str]) -> list[Comparison]:
        """Return the comparisons that these checks made."""
        wanted = set(checks)
        return [each for each in self._seen if each.check in wanted]

    def _keep(self, states: Iterable[dict[Any, Any]]) -> None:
        for state in states:
            self._steps[id(state)] = (state, self._step)

    def _held(self, name: str) -> None:
        self._note(name, held=True)

    def _note(self, name: str, *, held: bool) -> None:
        if self._function and len(self._seen) < _MANY:
            conditions = frozenset(self._conditions.items())
            self._seen[Comparison(self._check, self._function, _plain(name), conditions, held)] = None


def with_conditions(
    outcomes: Iterable[CheckOutcome], checks: Iterable[Check], watch: Watch
) -> tuple[CheckOutcome, ...]:
    """Return the outcomes of a submission, failures with the conditions under which alone there are any."""
    by_name = {outcome.name: outcome for outcome in outcomes}
    questions: dict[str, list[str]] = {}
    for check in checks:
        if check.name in by_name:
            questions.setdefault(check.question, []).append(check.name)
    for name, outcome in by_name.items():
        if not outcome.causes and (found := watch.unchanged(name)):
            by_name[name] = replace(outcome, causes=(found,))
    for names in questions.values():
        of_question = {name for name in names if by_name[name].verdict is not Verdict.UNCHECKED}
        for failed, cause in only(watch.comparisons(of_question)):
            for name in failed:
                causes = (*by_name[name].causes, cause)[:MOST]
                by_name[name] = replace(by_name[name], causes=causes)
    return tuple(by_name.values())


def only(comparisons: Iterable[Comparison]) -> Iterator[tuple[frozenset[str], Cause]]:
    """Yield what is certain of the comparisons of a question: checks that failed, and under which condition only."""
    groups: dict[str, list[Comparison]] = {}
    for each in comparisons:
        groups.setdefault(each.function, []).append(each)
    for of_function in groups.values():
        names = {each.name for each in of_function if not each.held}
        for group in (of_function, [each for each in of_function if each.name in names]):
            if found := _separating(group):
                (condition,) = found
                yield frozenset(each.check for each in group if not each.held), _cause(condition)
                break


def _separating(group: list[Comparison]) -> list[Condition]:
    """Return the condition under which all failures of a group were, and nothing that held, if there is one only."""
    failed, held = ([each for each in group if each.held is so] for so in (False, True))
    if not failed or not held:
        return []
    found = []
    for condition, so in failed[0].conditions:
        under = all((condition, True) in each.conditions for each in failed)
        otherwise = all((condition, False) in each.conditions for each in held)
        if so and under and otherwise:
            found.append(condition)
    return found if len(found) == 1 else []


def _cause(condition: Condition) -> Cause:
    return Cause(
        name="only-" + re.sub(r"\W+", "-", condition.so),
        message=f"wrong only {condition.so}: what was compared {condition.otherwise} is right",
        hint=_HINTS.get(condition, ""),
    )


def _plain(name: str) -> str:
    """Return the name of what was compared without numbers, so that steps and layers are alike."""
    return re.sub(r"\d+", "", name)


def _examples(function: str, values: Iterable[Any]) -> int:
    """Return how many examples a call is about, where that shows: in labels, or in what a layer is given first."""
    arrays = [value for value in values if isinstance(value, np.ndarray)]
    labels = [array for array in arrays if array.ndim == 1 and array.dtype.kind in "iu"]
    if labels:
        return len(labels[0])
    layer = function.endswith(("_forward", "_backward"))
    return len(arrays[0]) if layer and arrays and arrays[0].ndim else 0


def _conditions(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[Condition, bool]:
    """Return which conditions hold, and which do not, of a call with these arguments."""
    found: dict[Condition, bool] = {}
    settings = [kwargs, *(value for value in (*args, *kwargs.values()) if type(value) is dict)]
    for key, value in ((key, value) for each in settings for key, value in each.items()):
        if key in _BY_KEY and isinstance(value, bool | int | float | str):
            condition, holds = _BY_KEY[key]
            found[condition] = holds(value)
        if key == "hidden_dims" and isinstance(value, list | tuple):
            found |= {ONE_HIDDEN: len(value) == 1, MORE_HIDDEN: len(value) > 1}
        if key == "pool_height" and "pool_width" in settings[-1]:
            found[WINDOWS] = value != settings[-1]["pool_width"]
    arrays = [value for value in (*args, *kwargs.values()) if isinstance(value, np.ndarray)]
    return found | (_of_arrays(arrays) if arrays else {})


def _of_arrays(arrays: list[np.ndarray[Any, Any]]) -> dict[Condition, bool]:
    first = arrays[0]
    found = {
        SINGLE: any(array.dtype == np.float32 for array in arrays),
        WHOLE: first.dtype.kind in "iu",
        STRIDED: any(not array.flags.c_contiguous for array in arrays),
    }
    if first.ndim:
        found |= {BATCH_OF_ONE: len(first) == 1, DIMENSIONS: first.ndim > 2}
    for condition, images in ((IMAGES, arrays[:1]), (FILTERS, arrays[1:2])):
        if images and images[0].ndim == 4:
            found[condition] = images[0].shape[2] != images[0].shape[3]
    return found
