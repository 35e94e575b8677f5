from builtins import range
import numpy as np
from random import shuffle
from past.builtins import xrange


def softmax_loss_naive(W, X, y, reg):
    loss = 0.0
    dW = np.zeros_like(W)
    N = X.shape[0]
    C = W.shape[1]
    for i in xrange(N):
        f = X[i].dot(W)
        f -= np.max(f)
        p = np.exp(f) / np.sum(np.exp(f))
        loss += -np.log(p[y[i]])
        for j in xrange(C):
            dW[:, j] += p[j] * X[i]
            dW[:, y[i]] -= X[i]
    loss /= N
    dW /= N
    loss += reg * np.sum(W * W)
    dW += 2 * reg * W
    return loss, dW


def softmax_loss_vectorized(W, X, y, reg):
    N = X.shape[0]
    f = X @ W
    f = f - f.max(1)[:, None]
    p = np.exp(f)
    p = p / p.sum(1)[:, None]
    loss = -np.log(p[range(N), y]).mean() + reg * (W ** 2).sum()
    p[range(N), y] -= 1
    dW = X.T @ p / N + reg * W
    return loss, dW
