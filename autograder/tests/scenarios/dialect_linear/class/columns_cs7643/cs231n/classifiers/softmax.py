import numpy as np


def softmax_loss_vectorized(W, X, y, reg):
  """
  W: C x D, X: D x N
  """
  loss = 0.0
  dW = np.zeros_like(W)
  n = X.shape[1]
  z = np.dot(W, X)
  z -= np.max(z, axis = 0)
  e = np.exp(z)
  prob = e / np.sum(e, axis = 0)
  loss = -np.sum(np.log(prob[y, np.arange(n)])) / n + 0.5 * reg * np.sum(W * W)
  onehot = np.zeros(prob.shape)
  onehot[y, np.arange(n)] = 1
  dW = np.dot(prob - onehot, X.T) / n + reg * W
  return loss, dW
