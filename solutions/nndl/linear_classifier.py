"""Linear classifiers as functions of their weights, with an example in each COLUMN of X, and with regularisation.

The scores of a batch are ``W @ X``, of shape (C, N). Every loss is the mean over the batch plus
``reg/2 * sum(W^2)``.
"""

import numpy as np


def softmax_loss_naive(W, X, y, reg):
    """Compute the regularised softmax loss and its gradient by loops.

    With scores ``s = W @ X`` and probabilities ``p[c, n] = exp(s[c, n]) / sum_k exp(s[k, n])``,

        L = -1/N sum_n log p[y[n], n] + reg/2 * sum(W^2)

    Parameters
    ----------
    W : ndarray of shape (C, D)
        Weights, a row for each class.
    X : ndarray of shape (D, N)
        Examples, one in each column.
    y : integer ndarray of shape (N,)
        Labels, ``0 <= y[n] < C``.
    reg : float
        Regularisation strength.

    Returns
    -------
    loss : float
    dW : ndarray of shape (C, D)
        Gradient of the loss with respect to W.
    """
    loss = 0.0
    dW = np.zeros(W.shape)
    ### BEGIN SOLUTION
    num_classes, num_train = len(W), X.shape[1]
    for n in range(num_train):
        scores = W @ X[:, n]
        exps = np.exp(scores - scores.max())  # the shift changes no probability, and exp cannot overflow
        p = exps / exps.sum()
        loss -= np.log(p[y[n]])
        for c in range(num_classes):
            dW[c] += (p[c] - (c == y[n])) * X[:, n]
    loss = loss / num_train + 0.5 * reg * np.sum(W * W)
    dW = dW / num_train + reg * W
    ### END SOLUTION
    return loss, dW


def softmax_loss_vectorized(W, X, y, reg):
    """Compute what `softmax_loss_naive` does, without any loop.

    Parameters
    ----------
    W, X, y : ndarrays of shapes (C, D), (D, N) and (N,)
    reg : float

    Returns
    -------
    loss : float
    dW : ndarray of shape (C, D)
    """
    ### BEGIN SOLUTION
    columns = np.arange(X.shape[1])
    scores = W @ X
    scores = scores - scores.max(axis=0)
    log_p = scores - np.log(np.exp(scores).sum(axis=0))
    loss = -log_p[y, columns].mean() + 0.5 * reg * np.sum(W * W)
    dscores = np.exp(log_p)
    dscores[y, columns] -= 1
    dW = dscores @ X.T / X.shape[1] + reg * W
    ### END SOLUTION
    return loss, dW


def svm_loss_naive(W, X, y, reg):
    """Compute the regularised SVM loss and its gradient by loops.

    With scores ``s = W @ X``,

        L = 1/N sum_n sum_{c != y[n]} max(0, 1 + s[c, n] - s[y[n], n]) + reg/2 * sum(W^2)

    Parameters
    ----------
    W, X, y : ndarrays of shapes (C, D), (D, N) and (N,)
        As in `softmax_loss_naive`.
    reg : float

    Returns
    -------
    loss : float
    dW : ndarray of shape (C, D)
    """
    loss = 0.0
    dW = np.zeros(W.shape)
    ### BEGIN SOLUTION
    num_classes, num_train = len(W), X.shape[1]
    for n in range(num_train):
        scores = W @ X[:, n]
        for c in range(num_classes):
            margin = 1 + scores[c] - scores[y[n]]
            if c != y[n] and margin > 0:
                loss += margin
                dW[c] += X[:, n]
                dW[y[n]] -= X[:, n]
    loss = loss / num_train + 0.5 * reg * np.sum(W * W)
    dW = dW / num_train + reg * W
    ### END SOLUTION
    return loss, dW


def svm_loss_vectorized(W, X, y, reg):
    """Compute what `svm_loss_naive` does, without any loop.

    Parameters
    ----------
    W, X, y : ndarrays of shapes (C, D), (D, N) and (N,)
    reg : float

    Returns
    -------
    loss : float
    dW : ndarray of shape (C, D)
    """
    ### BEGIN SOLUTION
    columns = np.arange(X.shape[1])
    scores = W @ X
    margins = np.maximum(0, 1 + scores - scores[y, columns])
    margins[y, columns] = 0
    loss = margins.sum() / X.shape[1] + 0.5 * reg * np.sum(W * W)
    dscores = np.where(margins > 0, 1.0, 0.0)
    dscores[y, columns] = -dscores.sum(axis=0)
    dW = dscores @ X.T / X.shape[1] + reg * W
    ### END SOLUTION
    return loss, dW


class LinearClassifier:
    """A linear classifier over examples in columns; a subclass says what the loss is.

    ``W`` is None until the first call of `train`, then an array of shape (C, D).
    """

    def __init__(self):
        self.W = None

    def train(self, X, y, learning_rate=1e-3, reg=1e-5, num_iters=100, batch_size=200, verbose=False):
        """Train by stochastic gradient descent, starting from W if there is one.

        Parameters
        ----------
        X : ndarray of shape (D, N)
            Training examples, one in each column.
        y : integer ndarray of shape (N,)
            Labels, ``0 <= y[n] < C``.
        learning_rate, reg : float
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
        dim, num_train = X.shape
        if self.W is None:
            self.W = 1e-3 * np.random.randn(np.max(y) + 1, dim)

        loss_history = []
        for it in range(num_iters):
            # A minibatch: batch_size columns of X, drawn at random, and their labels.
            ### BEGIN SOLUTION
            chosen = np.random.choice(num_train, batch_size)
            X_batch, y_batch = X[:, chosen], y[chosen]
            ### END SOLUTION

            loss, grad = self.loss(X_batch, y_batch, reg)
            loss_history.append(loss)

            # One step of gradient descent.
            ### BEGIN SOLUTION
            self.W -= learning_rate * grad
            ### END SOLUTION

            if verbose and it % 100 == 0:
                print(f"iteration {it} / {num_iters}: loss {loss:.6f}")
        return loss_history

    def predict(self, X):
        """Predict a label for each example: the class with the highest score.

        Parameters
        ----------
        X : ndarray of shape (D, N)

        Returns
        -------
        y_pred : integer ndarray of shape (N,)
        """
        ### BEGIN SOLUTION
        return (self.W @ X).argmax(axis=0)
        ### END SOLUTION

    def loss(self, X_batch, y_batch, reg):
        """Compute the loss of a batch and its gradient with respect to W; see the subclasses."""
        raise NotImplementedError(f"{type(self).__name__} has no loss")


class LinearSoftmax(LinearClassifier):
    """A linear classifier with the softmax loss."""

    def loss(self, X_batch, y_batch, reg):
        """Compute the softmax loss of a batch and its gradient with respect to W."""
        return softmax_loss_vectorized(self.W, X_batch, y_batch, reg)


class LinearSVM(LinearClassifier):
    """A linear classifier with the SVM loss."""

    def loss(self, X_batch, y_batch, reg):
        """Compute the SVM loss of a batch and its gradient with respect to W."""
        return svm_loss_vectorized(self.W, X_batch, y_batch, reg)
