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
        ### BEGIN SOLUTION
        for x, label in zip(X, y, strict=True):
            scores = self.W @ x
            scores = scores - scores.max()  # changes no probability, and exp cannot overflow
            loss += np.log(np.sum(np.exp(scores))) - scores[label]
        loss /= len(X)
        ### END SOLUTION
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
        ### BEGIN SOLUTION
        for x, label in zip(X, y, strict=True):
            scores = self.W @ x
            exps = np.exp(scores - scores.max())
            p = exps / exps.sum()
            loss -= np.log(p[label])
            for c in range(len(p)):
                grad[c] += p[c] * x
            grad[label] -= x
        loss /= len(X)
        grad /= len(X)
        ### END SOLUTION
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
        ### BEGIN SOLUTION
        rows = np.arange(len(X))
        scores = X @ self.W.T
        scores = scores - scores.max(axis=1, keepdims=True)
        log_p = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        loss = -log_p[rows, y].mean()
        dscores = np.exp(log_p)
        dscores[rows, y] -= 1
        grad = dscores.T @ X / len(X)
        ### END SOLUTION
        return loss, grad
