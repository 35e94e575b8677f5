from builtins import range
from builtins import object
import numpy as np
from past.builtins import xrange


class KNearestNeighbor(object):

    def __init__(self):
        pass

    def train(self, X, y):
        self.X_train = X
        self.y_train = y

    def predict(self, X, k=1, num_loops=0):
        return self.predict_labels(self.compute_distances_no_loops(X), k=k)

    def compute_distances_two_loops(self, X):
        dists = np.zeros((X.shape[0], self.X_train.shape[0]))
        for i in xrange(X.shape[0]):
            for j in xrange(self.X_train.shape[0]):
                dists[i, j] = np.sqrt(np.sum(np.square(X[i] - self.X_train[j])))
        return dists

    def compute_distances_no_loops(self, X):
        a = np.sum(X ** 2, axis=1, keepdims=True)
        b = np.sum(self.X_train ** 2, axis=1)
        return np.sqrt(a + b - 2 * X.dot(self.X_train.T))

    def predict_labels(self, dists, k=1):
        num_test = dists.shape[0]
        y_pred = np.zeros(num_test)
        for i in xrange(num_test):
            closest_y = self.y_train[np.argsort(dists[i])[-k:]]
            values, counts = np.unique(closest_y, return_counts=True)
            y_pred[i] = values[np.argmax(counts)]
        return y_pred
