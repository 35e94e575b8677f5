"""Auto-graded assignments for courses in which students write neural networks from scratch in NumPy."""

__version__ = "0.1.0"
