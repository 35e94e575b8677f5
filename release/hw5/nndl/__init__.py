"""Neural networks from scratch in NumPy: the package that the assignments fill in."""
