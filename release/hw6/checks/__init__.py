"""Helpers for the authors of suites: what a check says when a result is wrong, and how it finds out.

A copy of this folder goes to students with the visible checks. It therefore needs NumPy and the
standard library only, and imports itself only relatively.
"""

from .closeness import as_array, assert_close, assert_double, assert_repeated, entry, unpack
from .exhibits import show_curve, show_mask
from .failure import CheckFailure
from .gradients import assert_gradients, assert_gradients_along
from .inputs import remark_changes
from .matching import by_shape
from .minibatches import assert_batch_size, assert_minibatches
from .moments import assert_normal
from .numeric import directional_derivative, numeric_gradient, weigh
from .recorder import Remark, metric, remark, remark_failure
from .training import accuracy, accuracy_of_scores, assert_falls, assert_history, log_probabilities

__all__ = [
    "CheckFailure",
    "Remark",
    "accuracy",
    "accuracy_of_scores",
    "as_array",
    "assert_batch_size",
    "assert_close",
    "assert_double",
    "assert_falls",
    "assert_gradients",
    "assert_gradients_along",
    "assert_history",
    "assert_minibatches",
    "assert_normal",
    "assert_repeated",
    "by_shape",
    "directional_derivative",
    "entry",
    "log_probabilities",
    "metric",
    "numeric_gradient",
    "remark",
    "remark_changes",
    "remark_failure",
    "show_curve",
    "show_mask",
    "unpack",
    "weigh",
]
