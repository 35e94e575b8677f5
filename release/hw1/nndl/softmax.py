"""The softmax classifier: a linear classifier that is trained with the cross-entropy loss."""

import numpy as np

from .linear_model import LinearModel


class Softmax(LinearModel):
    """A softmax classifier without regularisation, with weights ``W`` of shape (C, D).

    With scores ``s[n] = W @ X[n]`` and probabilities ``p[n, c] = exp(s[n, c]) / sum_k exp(s[n, k])``,

        L = -1/N sum_n log p[n, y[n]]        dL/dW[c] = 1/N sum_n (p[n, c] - [c == y[n]]) X[n]

    where ``[c == y[n]]`` is 1 for the right class and 0 for the others.
    """

    def loss(self, X, y):
        """Compute the loss by a loop over the examples.

        Parameters
        ----------
        X : ndarray of shape (N, D)
            A batch of examples.
        y : integer ndarray of shape (N,)
            Labels, ``0 <= y[n] < C``.

        Returns
        -------
        loss : float
            Mean over the batch.
        """
        loss = 0.0
        # YOUR CODE HERE
        raise NotImplementedError("Softmax.loss")
        return loss

    def loss_and_grad(self, X, y):
        """Compute the loss and its gradient by loops over the examples and classes.

        Parameters
        ----------
        X, y : ndarrays of shapes (N, D) and (N,)
            As in `loss`.

        Returns
        -------
        loss : float
        grad : ndarray of shape (C, D)
            Gradient of the loss with respect to W.
        """
        loss = 0.0
        grad = np.zeros(self.W.shape)
        # YOUR CODE HERE
        raise NotImplementedError("Softmax.loss_and_grad")
        return loss, grad

    def fast_loss_and_grad(self, X, y):
        """Compute what `loss_and_grad` does, without any loop.

        Parameters
        ----------
        X, y : ndarrays of shapes (N, D) and (N,)

        Returns
        -------
        loss : float
        grad : ndarray of shape (C, D)
        """
        # YOUR CODE HERE
        raise NotImplementedError("Softmax.fast_loss_and_grad")
        return loss, grad
