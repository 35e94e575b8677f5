"""Wrong variants of the reference solution, each of which the suite must catch, in its own question only.

A variant is a list of patches ``(file, old, new)``: text of a file below solutions/, which occurs there
exactly once, and what stands there instead. ``hint`` says what the student did.
"""

# By question, the beginnings of the names of the holes that it is about.
HOLES = {
    "momentum": ("nndl.optim.sgd_momentum",),
    "nesterov": ("nndl.optim.sgd_nesterov_momentum",),
    "rmsprop": ("nndl.optim.rmsprop",),
    "adam": ("nndl.optim.adam",),
}

# Mistakes that agree with themselves, which no check of their question may let pass.
ONLY_WITH_THEMSELVES = []

OPTIM = "nndl/optim.py"

MISTAKES = []
