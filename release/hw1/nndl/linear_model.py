"""What linear classifiers have in common: weights, training and prediction."""

import numpy as np


class LinearModel:
    """A linear classifier, whose scores for a batch X of shape (N, D) are ``X @ W.T``.

    ``W`` has shape (C, D): a row for each class. There is no bias; give every example a last feature that
    is always 1, and the last column of W is one. A subclass says what the loss is.
    """

    def __init__(self, dims=(10, 3073)):
        """Draw weights from N(0, 1e-4^2).

        Parameters
        ----------
        dims : sequence of two int
            C and D, the shape of W.
        """
        self.W = 1e-4 * np.random.randn(*dims)

    def fast_loss_and_grad(self, X, y):
        """Compute the loss and its gradient with respect to W; see the subclass."""
        raise NotImplementedError(f"{type(self).__name__} has no fast_loss_and_grad")

    def train(self, X, y, learning_rate=1e-3, num_iters=100, batch_size=200, verbose=False):
        """Train by stochastic gradient descent, changing W.

        Each iteration draws a minibatch at random and takes one step against its gradient.

        Parameters
        ----------
        X, y : ndarrays of shapes (N, D) and (N,)
            Training examples and labels.
        learning_rate : float
        num_iters : int
            Number of steps.
        batch_size : int
            Examples in a minibatch.
        verbose : bool
            Whether to print the loss every 100 iterations.

        Returns
        -------
        loss_history : list of float
            The loss of every iteration's minibatch, before the step.
        """
        loss_history = []
        for it in range(num_iters):
            # A minibatch: batch_size examples of X, drawn at random, and their labels.
            # YOUR CODE HERE
            raise NotImplementedError("LinearModel.train")

            loss, grad = self.fast_loss_and_grad(X_batch, y_batch)
            loss_history.append(loss)

            # One step of gradient descent.
            # YOUR CODE HERE
            raise NotImplementedError("LinearModel.train")

            if verbose and it % 100 == 0:
                print(f"iteration {it} / {num_iters}: loss {loss:.6f}")
        return loss_history

    def predict(self, X):
        """Predict a label for each example: the class with the highest score.

        Parameters
        ----------
        X : ndarray of shape (N, D)

        Returns
        -------
        y_pred : integer ndarray of shape (N,)
        """
        # YOUR CODE HERE
        raise NotImplementedError("LinearModel.predict")
