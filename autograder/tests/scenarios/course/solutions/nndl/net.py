"""The network of hw1."""

from .layers import double


def quadruple(x):
    """Return 4 x."""
    ### BEGIN SOLUTION
    out = double(double(x))
    ### END SOLUTION
    return out
