"""Which hand-ins of a class have more code in common than the rest of it."""

from autograder.similarity.code import handed_in, released
from autograder.similarity.comparing import Pair, Similarity, compare

__all__ = ["Pair", "Similarity", "compare", "handed_in", "released"]
