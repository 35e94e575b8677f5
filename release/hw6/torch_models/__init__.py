"""The models of this course once more, in PyTorch."""
