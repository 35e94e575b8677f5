"""Operators that make mistakes in numerical code, the ones that people make in layers and update rules.

An operator takes a node of a syntax tree and yields what could stand there; an insertion takes a whole function and
yields statements that could stand in it besides.
"""

from __future__ import annotations

from autograder.verify.operators import arithmetic, arrays, flow
from autograder.verify.operators.flow import Insertion
from autograder.verify.operators.trees import Operator

__all__ = ["AT_THE_BEGINNING", "AT_THE_END", "OPERATORS"]

OPERATORS: dict[str, Operator] = {
    "missing 1/N": arithmetic.missing_mean,
    "eps moved": arithmetic.eps_moved,
    "momentum reversed": arithmetic.momentum_reversed,
    "sign": arithmetic.sign,
    "dropped term": arithmetic.dropped_term,
    "wrong axis": arrays.wrong_axis,
    "transpose": arrays.transpose,
    "off by one": arrays.off_by_one,
    "wrong broadcast": arrays.wrong_broadcast,
    "in place": arrays.in_place,
    "narrowed": arrays.narrowed,
    "modes swapped": flow.modes_swapped,
    "not stored": flow.not_stored,
    "not added up": flow.not_added_up,
    "loop cut short": flow.loop_cut_short,
    "condition": flow.flipped_condition,
    "mixed up": flow.mixed_up,
    "constant": arithmetic.other_constant,
    "function": arithmetic.other_function,
}
AT_THE_BEGINNING: dict[str, Insertion] = {"argument zeroed": flow.argument_zeroed}
AT_THE_END: dict[str, Insertion] = {"mixed up": flow.results_exchanged}
