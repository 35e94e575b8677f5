"""The linear support vector machine for many classes."""

import numpy as np

from .linear_model import LinearModel


class SVM(LinearModel):
    """A multiclass SVM without regularisation, with weights ``W`` of shape (C, D).

    With scores ``s[n] = W @ X[n]``, a wrong class costs something where its score comes within 1 of the right
    class's:

        L = 1/N sum_n sum_{c != y[n]} max(0, 1 + s[n, c] - s[n, y[n]])

    Where such a margin is positive, ``X[n] / N`` is added to row c of the gradient and subtracted from row y[n].
    """

    def loss(self, X, y):
        """Compute the loss by loops over the examples and classes.

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
        raise NotImplementedError("SVM.loss")
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
        raise NotImplementedError("SVM.loss_and_grad")
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
        raise NotImplementedError("SVM.fast_loss_and_grad")
        return loss, grad
