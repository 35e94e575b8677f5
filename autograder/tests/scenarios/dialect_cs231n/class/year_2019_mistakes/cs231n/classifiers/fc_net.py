from builtins import range
from builtins import object
import os
import numpy as np

from ..layers import *
from ..layer_utils import *


class TwoLayerNet(object):
    def __init__(self, input_dim=3 * 32 * 32, hidden_dim=100, num_classes=10, weight_scale=1e-3, reg=0.0):
        self.params = {}
        self.reg = reg
        for k, (a, b) in {'1': (input_dim, hidden_dim), '2': (hidden_dim, num_classes)}.items():
            self.params['W' + k] = np.random.normal(loc=0.0, scale=weight_scale, size=(a, b))
            self.params['b' + k] = np.zeros(b)

    def loss(self, X, y=None):
        h, c1 = affine_relu_forward(X, self.params['W1'], self.params['b1'])
        scores, c2 = affine_forward(h, self.params['W2'], self.params['b2'])
        if y is None:
            return scores
        loss, grads = 0, {}
        loss, dscores = softmax_loss(scores, y)
        loss += 0.5 * self.reg * (np.sum(self.params['W1'] ** 2) + np.sum(self.params['W2'] ** 2))
        dh, grads['W2'], grads['b2'] = affine_backward(dscores, c2)
        _, grads['W1'], grads['b1'] = affine_relu_backward(dh, c1)
        grads['W1'] += self.reg * self.params['W1']
        grads['W2'] += self.reg * self.params['W2']
        return loss, grads

    def save(self, fname):
        fpath = os.path.join(os.path.dirname(__file__), "../saved/", fname)
        np.save(fpath, self.params)


class FullyConnectedNet(object):
    def __init__(self, hidden_dims, input_dim=3 * 32 * 32, num_classes=10, dropout=1,
                 normalization=None, reg=0.0, weight_scale=1e-2, dtype=np.float32, seed=None):
        self.normalization = normalization
        self.use_dropout = dropout != 1
        self.reg = reg
        self.num_layers = 1 + len(hidden_dims)
        self.dtype = dtype
        self.params = {}
        sizes = [input_dim] + hidden_dims + [num_classes]
        for i in range(self.num_layers):
            self.params['W%d' % (i + 1)] = weight_scale * np.random.randn(sizes[i], sizes[i + 1])
            self.params['b%d' % (i + 1)] = np.zeros(sizes[i + 1])
        for k, v in self.params.items():
            self.params[k] = v.astype(dtype)

    def loss(self, X, y=None):
        X = X.astype(self.dtype)
        mode = "test" if y is None else "train"
        a, caches = X, []
        L = self.num_layers
        for i in range(1, L):
            a, c = affine_relu_forward(a, self.params[f'W{i}'], self.params[f'b{i}'])
            caches.append(c)
        scores, last = affine_forward(a, self.params[f'W{L}'], self.params[f'b{L}'])
        if mode == "test":
            return scores
        loss, d = softmax_loss(scores, y)
        grads = {}
        d, grads[f'W{L}'], grads[f'b{L}'] = affine_backward(d, last)
        for i in range(L - 1, 0, -1):
            d, grads[f'W{i}'], grads[f'b{i}'] = affine_relu_backward(d, caches.pop())
        for i in range(1, L):
            W = self.params[f'W{i}']
            loss += 0.5 * self.reg * np.sum(W * W)
            grads[f'W{i}'] += self.reg * W
        return loss, grads
