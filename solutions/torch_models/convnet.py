"""A network with one convolutional layer."""

from torch import nn


class CNN(nn.Module):
    """conv - ReLU - 2x2 max pool - affine; the softmax is part of the loss.

    Parameters
    ----------
    im_size : tuple of int
        Channels, height and width of an image; height and width are even.
    hidden_dim : int
        Filters of the convolution.
    kernel_size : int
        Height and width of a filter, odd. The convolution keeps height and width: its stride is 1, its
        padding (kernel_size - 1) / 2.
    n_classes : int
    """

    def __init__(self, im_size, hidden_dim, kernel_size, n_classes):
        super().__init__()
        channels, height, width = im_size
        ### BEGIN SOLUTION
        self.conv = nn.Conv2d(channels, hidden_dim, kernel_size, padding=(kernel_size - 1) // 2)
        self.pool = nn.MaxPool2d(2)
        self.scores = nn.Linear(hidden_dim * (height // 2) * (width // 2), n_classes)
        ### END SOLUTION

    def forward(self, images):
        """Return the scores (N, n_classes) of images (N, *im_size)."""
        ### BEGIN SOLUTION
        features = self.pool(self.conv(images).relu())
        return self.scores(features.flatten(start_dim=1))
        ### END SOLUTION
