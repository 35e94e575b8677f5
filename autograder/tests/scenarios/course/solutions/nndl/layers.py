"""The layers of hw1."""


def double(x):
    """Return 2 x."""
    ### BEGIN SOLUTION
    out = 2 * x
    ### END SOLUTION
    return out
