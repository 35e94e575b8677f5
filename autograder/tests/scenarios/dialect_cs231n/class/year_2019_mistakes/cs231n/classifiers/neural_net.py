import numpy as np
import matplotlib.pyplot as plt


class TwoLayerNet(object):
  def __init__(self, input_size, hidden_size, output_size, std=1e-4):
    self.params = {}
    self.params['W1'] = std * np.random.randn(input_size, hidden_size)
    self.params['b1'] = np.zeros(hidden_size)
    self.params['W2'] = std * np.random.randn(hidden_size, output_size)
    self.params['b2'] = np.zeros(output_size)

  def loss(self, X, y=None, reg=0.0):
    W1, b1 = self.params['W1'], self.params['b1']
    W2, b2 = self.params['W2'], self.params['b2']
    N, D = X.shape
    h1 = X.dot(W1) + b1
    a1 = np.maximum(h1, np.zeros(h1.shape))
    scores = a1.dot(W2) + b2
    if y is None:
      return scores
    e = np.exp(scores - scores.max(axis=1).reshape(N, 1))
    p = e / e.sum(axis=1)[:, np.newaxis]
    loss = 0
    for i in range(N):
      loss -= np.log(p[i, y[i]])
    loss = loss / N + reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
    grads = {}
    d = p
    d[range(N), y] -= 1
    d /= N
    grads['W2'] = a1.T.dot(d) + reg * W2
    grads['b2'] = d.sum(axis=0)
    dh = d.dot(W2.T)
    dh[h1 <= 0] = 0
    grads['W1'] = X.T.dot(dh) + reg * W1
    grads['b1'] = dh.sum(axis=0)
    return loss, grads

  def train(self, X, y, X_val, y_val, learning_rate=1e-3, learning_rate_decay=0.95,
            reg=1e-5, num_iters=100, batch_size=200, verbose=False):
    num_train = X.shape[0]
    iterations_per_epoch = max(num_train // batch_size, 1)
    loss_history = []
    train_acc_history = []
    val_acc_history = []
    for it in range(num_iters):
      idx = np.random.choice(num_train, batch_size)
      X_batch = X[idx]
      y_batch = y[idx]
      loss, grads = self.loss(X_batch, y=y_batch, reg=reg)
      loss_history.append(loss)
      for k, g in grads.items():
        self.params[k] -= learning_rate * g
      if verbose and it % 100 == 0:
        print('iteration', it, loss)
      if it % iterations_per_epoch == 0:
        train_acc_history.append((self.predict(X_batch) == y_batch).mean())
        val_acc_history.append((self.predict(X_val) == y_val).mean())
        learning_rate *= learning_rate_decay
    return {
      'loss_history': loss_history,
      'train_acc_history': train_acc_history,
      'val_acc_history': val_acc_history,
    }

  def predict(self, X):
    return self.loss(X).argmax(axis=1)
