"""Pictures of many images, or of a layer's weights, at once."""

import numpy as np


def visualize_grid(Xs, ubound=255.0, padding=1):
    """Put images side by side into one picture, as nearly square as it can be.

    Each image is stretched to the full range on its own, so that weights, which have no natural
    range, can be seen as well as photographs.

    Parameters
    ----------
    Xs : ndarray of shape (N, H, W, C)
        Images, channels last.
    ubound : float
        The largest value in the result; the smallest is 0.
    padding : int
        Pixels between neighbours.

    Returns
    -------
    grid : float ndarray of shape (rows * (H + padding) - padding, columns * (W + padding) - padding, C)
        Gaps and unused places are 0. Show it with ``plt.imshow(grid.astype("uint8"))``.
    """
    count, height, width, channels = Xs.shape
    columns = int(np.ceil(np.sqrt(count)))
    rows = int(np.ceil(count / columns))
    low = Xs.min(axis=(1, 2, 3), keepdims=True)
    span = Xs.max(axis=(1, 2, 3), keepdims=True) - low
    # An image of one colour has no range to stretch: it becomes 0.
    images = ubound * (Xs - low) / np.where(span > 0, span, 1)

    cells = np.zeros((rows * columns, height + padding, width + padding, channels))
    cells[:count, :height, :width] = images
    cells = cells.reshape(rows, columns, *cells.shape[1:])
    # (rows, columns, y, x, C) -> (rows, y, columns, x, C): pixel rows of neighbours become one row.
    grid = cells.transpose(0, 2, 1, 3, 4).reshape(rows * (height + padding), -1, channels)
    return grid[: grid.shape[0] - padding, : grid.shape[1] - padding]
