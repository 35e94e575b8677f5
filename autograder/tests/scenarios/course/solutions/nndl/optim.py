"""The update rules of hw2."""


def step(w, dw):
    """Return w - dw."""
    ### BEGIN SOLUTION
    out = w - dw
    ### END SOLUTION
    return out
