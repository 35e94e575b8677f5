import numpy as np


def affine_forward(x, w, b):
  """
  print nothing here
  """
  out = None
  D = w.shape[0]
  x_rows = np.reshape(x, (x.size / D, D))
  out = x_rows.dot(w) + b
  cache = (x, w, b)
  return out, cache


def affine_backward(dout, cache):
  x, w, b = cache
  rows = x.reshape(x.shape[0], x.size / x.shape[0])
  dx = np.dot(dout, w.T).reshape(x.shape)
  dw = np.dot(rows.T, dout)
  db = np.sum(dout, axis = 0)
  return dx, dw, db


def relu_forward(x):
  out = np.maximum(x, 0)
  cache = x
  return out, cache


def relu_backward(dout, cache):
  dx, x = None, cache
  dout[x <= 0] = 0
  dx = dout
  return dx


def softmax_loss(x, y):
  probs = np.exp(x - np.max(x, axis=1, keepdims=True))
  probs /= np.sum(probs, axis=1, keepdims=True)
  N = x.shape[0]
  loss = -np.sum(np.log(probs[np.arange(N), y])) / N
  dx = probs.copy()
  dx[np.arange(N), y] -= 1
  dx /= N
  return loss, dx
