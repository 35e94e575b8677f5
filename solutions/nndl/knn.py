"""The k-nearest-neighbours classifier."""

import numpy as np


class KNN:
    """Gives an example the label that is most frequent among the k training examples nearest to it."""

    def train(self, X, y):
        """Keep the training set; there is nothing else to learn.

        Parameters
        ----------
        X, y : ndarrays of shapes (N, D) and (N,)
            Training examples and integer labels.
        """
        self.X_train = X
        self.y_train = y

    def compute_distances(self, X, norm=None):
        """Compute the distances of all test examples to all training examples by two loops.

        Parameters
        ----------
        X : ndarray of shape (M, D)
            Test examples.
        norm : callable, optional
            ``norm(v)`` returns the length of a vector of shape (D,); by default the Euclidean one.

        Returns
        -------
        dists : ndarray of shape (M, N)
            ``dists[i, j]`` is the norm of the difference of test example i and training example j.
        """
        if norm is None:
            norm = np.linalg.norm
        dists = np.zeros((len(X), len(self.X_train)))
        ### BEGIN SOLUTION
        for i, test in enumerate(X):
            for j, training in enumerate(self.X_train):
                dists[i, j] = norm(test - training)
        ### END SOLUTION
        return dists

    def compute_L2_distances_vectorized(self, X):
        """Compute what `compute_distances` does with the Euclidean norm, without any loop.

        Write the square of the distance of x and t as ``|x|^2 - 2 x.t + |t|^2``: all the products x.t are one
        product of matrices.

        Parameters
        ----------
        X : ndarray of shape (M, D)
            Test examples.

        Returns
        -------
        dists : ndarray of shape (M, N)
        """
        ### BEGIN SOLUTION
        squares = np.sum(X**2, axis=1)[:, np.newaxis] + np.sum(self.X_train**2, axis=1)
        return np.sqrt(np.maximum(squares - 2 * X @ self.X_train.T, 0))  # rounding could make 0 negative
        ### END SOLUTION

    def predict_labels(self, dists, k=1):
        """Predict a label for each test example from its distances.

        Parameters
        ----------
        dists : ndarray of shape (M, N)
            Distances of M test examples to the N training examples.
        k : int
            How many neighbours have a vote, ``1 <= k <= N``.

        Returns
        -------
        y_pred : ndarray of shape (M,)
            The most frequent label among the k nearest; of several equally frequent ones, the smallest.
        """
        y_pred = np.zeros(len(dists), dtype=int)
        ### BEGIN SOLUTION
        for i, row in enumerate(dists):
            nearest = np.argsort(row)[:k]
            y_pred[i] = np.bincount(self.y_train[nearest]).argmax()
        ### END SOLUTION
        return y_pred
