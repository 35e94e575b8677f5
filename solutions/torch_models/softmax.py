"""A linear classifier: one score for each class."""

from math import prod

from torch import nn


class Softmax(nn.Module):
    """Scores that are linear in the pixels; the softmax itself is part of the loss.

    Parameters
    ----------
    im_size : tuple of int
        Shape of an image, such as (3, 32, 32).
    n_classes : int
    """

    def __init__(self, im_size, n_classes):
        super().__init__()
        ### BEGIN SOLUTION
        self.scores = nn.Linear(prod(im_size), n_classes)
        ### END SOLUTION

    def forward(self, images):
        """Return the scores (N, n_classes) of images (N, *im_size)."""
        ### BEGIN SOLUTION
        return self.scores(images.flatten(start_dim=1))
        ### END SOLUTION
