from builtins import range
import numpy as np


def svm_loss_naive(W, X, y, reg):
    dW = np.zeros(W.shape)
    loss = 0.0
    for i in range(X.shape[0]):
        scores = X[i].dot(W)
        for j in range(W.shape[1]):
            if j == y[i]:
                continue
            margin = scores[j] - scores[y[i]] + 1
            if margin > 0:
                loss += margin
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    loss /= X.shape[0]
    dW /= X.shape[0]
    loss += 0.5 * reg * np.sum(W * W)
    dW += reg * W
    return loss, dW


def svm_loss_vectorized(W, X, y, reg):
    N = len(y)
    s = X.dot(W)
    right = s[np.arange(N), y].reshape(-1, 1)
    m = np.maximum(0, s - right + 1)
    m[np.arange(N), y] = 0
    mask = (m > 0).astype(float)
    mask[np.arange(N), y] = -mask.sum(axis=1)
    return m.sum() / N + reg * np.sum(W * W), X.T.dot(mask) / N + 2 * reg * W
