import numpy as np
import matplotlib.pyplot as plt

def init_two_layer_model(input_size, hidden_size, output_size):
  model = {}
  model['W1'] = 0.00001 * np.random.randn(input_size, hidden_size)
  model['b1'] = np.zeros(hidden_size)
  model['W2'] = 0.00001 * np.random.randn(hidden_size, output_size)
  model['b2'] = np.zeros(output_size)
  return model

def two_layer_net(X, model, y=None, reg=0.0):
  W1,b1,W2,b2 = model['W1'], model['b1'], model['W2'], model['b2']
  N, D = X.shape

  hidden = X.dot(W1) + b1
  hidden[hidden < 0] = 0
  scores = hidden.dot(W2) + b2
  if y is None:
    return scores

  shift = np.exp(scores.T - np.max(scores, axis=1)).T
  P = (shift.T / np.sum(shift, axis=1)).T
  loss = 0.0
  for i in xrange(N):
    loss -= np.log(P[i, y[i]])
  loss /= N
  loss += 0.5 * reg * (np.sum(W1 ** 2) + np.sum(W2 ** 2) + np.sum(b1 ** 2))

  grads = {}
  M = np.zeros_like(P)
  M[range(N), y] = 1
  dS = (P - M) / N
  grads['W2'] = hidden.T.dot(dS) + reg * W2
  grads['b2'] = dS.sum(0)
  dH = dS.dot(W2.T) * (hidden > 0)
  grads['W1'] = X.T.dot(dH) + reg * W1
  grads['b1'] = dH.sum(0)
  return loss, grads
