import numpy as np
from cs231n.classifiers.softmax import *


class LinearClassifier:

  def __init__(self):
    self.W = None

  def train(self, X, y, learning_rate=1e-3, reg=1e-5, num_iters=100,
            batch_size=200, verbose=False):
    dim, num_train = X.shape
    num_classes = np.max(y) + 1
    if self.W is None:
      self.W = np.random.randn(num_classes, dim) * 0.001
    loss_history = []
    for it in xrange(num_iters):
      batch = np.random.choice(num_train, batch_size)
      X_batch = X[:, batch]
      y_batch = y[batch]
      loss, grad = self.loss(X_batch, y_batch, reg)
      loss_history.append(loss)
      self.W = self.W - learning_rate * grad
      if verbose and it % 100 == 0:
        print 'iteration %d / %d: loss %f' % (it, num_iters, loss)
    return loss_history

  def predict(self, X):
    y_pred = np.zeros(X.shape[1])
    y_pred = np.argmax(self.W.dot(X), axis=0)
    return y_pred

  def loss(self, X_batch, y_batch, reg):
    pass


class Softmax(LinearClassifier):
  def loss(self, X_batch, y_batch, reg):
    return softmax_loss_vectorized(self.W, X_batch, y_batch, reg)
