"""A two-layer network in one piece: scores, loss, gradients and training in a single class."""

import numpy as np


class TwoLayerNet:
    """A fully connected network with one hidden layer, for classification.

    The architecture is affine - ReLU - affine - softmax. For a batch X of shape (N, D), with H hidden
    units and C classes,

        h = max(0, X @ W1.T + b1)        scores = h @ W2.T + b2

    ``params`` holds ``W1`` (H, D), ``b1`` (H,), ``W2`` (C, H) and ``b2`` (C,): each ROW of a weight
    matrix belongs to one unit of the layer's output.
    """

    def __init__(self, input_size, hidden_size, output_size, std=1e-4):
        """Draw weights from N(0, std^2) and set biases to zero.

        Parameters
        ----------
        input_size, hidden_size, output_size : int
            D, H and C.
        std : float
            Standard deviation of the weights.
        """
        self.params = {
            "W1": std * np.random.randn(hidden_size, input_size),
            "b1": np.zeros(hidden_size),
            "W2": std * np.random.randn(output_size, hidden_size),
            "b2": np.zeros(output_size),
        }

    def loss(self, X, y=None, reg=0.0):
        """Compute the scores of a batch or, where labels are given, the loss and its gradients.

        The loss is the mean softmax loss plus L2 regularisation of the weights (not the biases):

            L = -1/N sum_n log p[n, y[n]] + reg/2 * (sum(W1^2) + sum(W2^2))

        where ``p[n]`` is the softmax of the scores of example n.

        Parameters
        ----------
        X : ndarray of shape (N, D)
            A batch of examples.
        y : integer ndarray of shape (N,), optional
            Labels, ``0 <= y[n] < C``.
        reg : float
            Regularisation strength.

        Returns
        -------
        scores : ndarray of shape (N, C)
            If `y` is None, this alone.
        (loss, grads) : (float, dict)
            Otherwise; ``grads`` has the keys of ``params``, each gradient the shape of its parameter.
        """
        W1, b1 = self.params["W1"], self.params["b1"]
        W2, b2 = self.params["W2"], self.params["b2"]

        # Forward pass: the hidden layer and the scores, an array of shape (N, C).
        # YOUR CODE HERE
        raise NotImplementedError("TwoLayerNet.loss")

        if y is None:
            return scores

        # The loss, a number: data loss and regularisation.
        # YOUR CODE HERE
        raise NotImplementedError("TwoLayerNet.loss")

        # Backward pass: the gradient of the loss with respect to each parameter.
        grads = {}
        # YOUR CODE HERE
        raise NotImplementedError("TwoLayerNet.loss")
        return loss, grads

    def train(
        self,
        X,
        y,
        X_val,
        y_val,
        learning_rate=1e-3,
        learning_rate_decay=0.95,
        reg=1e-5,
        num_iters=100,
        batch_size=200,
        verbose=False,
    ):
        """Train by stochastic gradient descent, changing ``params``.

        Each iteration draws a minibatch at random and takes one step against its gradient. Once per
        epoch, after its first iteration, accuracies are noted and the learning rate is multiplied by
        `learning_rate_decay`.

        Parameters
        ----------
        X, y : ndarrays of shapes (N, D) and (N,)
            Training examples and labels.
        X_val, y_val : ndarrays of shapes (N_val, D) and (N_val,)
            Validation examples and labels.
        learning_rate, learning_rate_decay, reg : float
        num_iters : int
            Number of steps.
        batch_size : int
            Examples in a minibatch. It may exceed N: a minibatch is drawn with replacement.
        verbose : bool
            Whether to print the loss every 100 iterations.

        Returns
        -------
        dict
            ``loss_history`` (the minibatch loss of every iteration), ``train_acc_history`` (accuracy on
            the minibatch) and ``val_acc_history`` (both once per epoch): lists of numbers.
        """
        num_train = len(X)
        iterations_per_epoch = max(num_train // batch_size, 1)
        loss_history, train_acc_history, val_acc_history = [], [], []

        for it in range(num_iters):
            # A minibatch: batch_size examples of X, drawn at random with replacement, and their labels.
            # YOUR CODE HERE
            raise NotImplementedError("TwoLayerNet.train")

            loss, grads = self.loss(X_batch, y_batch, reg)
            loss_history.append(loss)

            # One step of gradient descent on every parameter.
            # YOUR CODE HERE
            raise NotImplementedError("TwoLayerNet.train")

            if verbose and it % 100 == 0:
                print(f"iteration {it} / {num_iters}: loss {loss:.6f}")

            if it % iterations_per_epoch == 0:
                train_acc_history.append(np.mean(self.predict(X_batch) == y_batch))
                val_acc_history.append(np.mean(self.predict(X_val) == y_val))
                learning_rate *= learning_rate_decay

        return {
            "loss_history": loss_history,
            "train_acc_history": train_acc_history,
            "val_acc_history": val_acc_history,
        }

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
        raise NotImplementedError("TwoLayerNet.predict")
