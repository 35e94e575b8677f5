"""A small model to try training code with: its answers are easy to foretell, and it notes how it is used."""

import contextlib
import io

import torch
from torch import nn


class Probe(nn.Module):
    """Scores that are linear in the inputs, with given weights (C, D) and no biases.

    ``modes`` has an entry for each call: whether the model was in training mode, and whether gradients were recorded.
    """

    def __init__(self, weights):
        super().__init__()
        self.weights = nn.Parameter(torch.as_tensor(weights))
        self.modes = []

    def forward(self, inputs):
        """Return the scores (N, C) of inputs (N, D)."""
        self.modes.append([self.training, torch.is_grad_enabled()])
        return inputs @ self.weights.T


def descent(model, learning_rate):
    """Return an optimizer for plain gradient descent."""
    return torch.optim.SGD(model.parameters(), lr=learning_rate)


def printed(function, *args):
    """Call a function and return what it prints."""
    stream = io.StringIO()
    with contextlib.redirect_stdout(stream):
        function(*args)
    return stream.getvalue()
