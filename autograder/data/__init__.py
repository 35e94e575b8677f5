"""Data sets: where they come from, whether they are what they should be, and images for accuracy questions."""

from autograder.data.dataset import Dataset, Images
from autograder.data.getting import get_cifar10
from autograder.data.listing import describe, overview

__all__ = ["Dataset", "Images", "describe", "get_cifar10", "overview"]
