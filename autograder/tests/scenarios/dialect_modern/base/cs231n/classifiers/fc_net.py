from builtins import range
from builtins import object
import numpy as np

from ..layers import *
from ..layer_utils import *


class FullyConnectedNet(object):
    def __init__(
        self,
        hidden_dims,
        input_dim=3 * 32 * 32,
        num_classes=10,
        dropout_keep_ratio=1,
        normalization=None,
        reg=0.0,
        weight_scale=1e-2,
        dtype=np.float32,
        seed=None,
    ):
        self.normalization = normalization
        self.use_dropout = dropout_keep_ratio != 1
        self.reg = reg
        self.num_layers = 1 + len(hidden_dims)
        self.dtype = dtype
        self.params = {}
        dims = np.hstack((input_dim, hidden_dims, num_classes))
        for i in range(self.num_layers):
            self.params["W" + str(i + 1)] = np.random.normal(0, weight_scale, (dims[i], dims[i + 1]))
            self.params["b" + str(i + 1)] = np.zeros(dims[i + 1])
            if self.normalization == "batchnorm" and i < self.num_layers - 1:
                self.params["gamma" + str(i + 1)] = np.ones(dims[i + 1])
                self.params["beta" + str(i + 1)] = np.zeros(dims[i + 1])
        self.dropout_param = {}
        if self.use_dropout:
            self.dropout_param = {"mode": "train", "p": dropout_keep_ratio}
            if seed is not None:
                self.dropout_param["seed"] = seed
        self.bn_params = []
        if self.normalization == "batchnorm":
            self.bn_params = [{"mode": "train"} for i in range(self.num_layers - 1)]
        for k, v in self.params.items():
            self.params[k] = v.astype(dtype)

    def loss(self, X, y=None):
        X = X.astype(self.dtype)
        mode = "test" if y is None else "train"
        if self.use_dropout:
            self.dropout_param["mode"] = mode
        if self.normalization == "batchnorm":
            for bn_param in self.bn_params:
                bn_param["mode"] = mode
        caches = {}
        h = X
        for i in range(1, self.num_layers):
            h, fc = affine_forward(h, self.params["W%d" % i], self.params["b%d" % i])
            bn = do = None
            if self.normalization == "batchnorm":
                h, bn = batchnorm_forward(h, self.params["gamma%d" % i], self.params["beta%d" % i], self.bn_params[i - 1])
            h, re = relu_forward(h)
            if self.use_dropout:
                h, do = dropout_forward(h, self.dropout_param)
            caches[i] = (fc, bn, re, do)
        L = self.num_layers
        scores, last = affine_forward(h, self.params["W%d" % L], self.params["b%d" % L])
        if mode == "test":
            return scores
        grads = {}
        loss, d = softmax_loss(scores, y)
        for i in range(1, L + 1):
            loss += 0.5 * self.reg * np.sum(self.params["W%d" % i] ** 2)
        d, grads["W%d" % L], grads["b%d" % L] = affine_backward(d, last)
        for i in reversed(range(1, L)):
            fc, bn, re, do = caches[i]
            if self.use_dropout:
                d = dropout_backward(d, do)
            d = relu_backward(d, re)
            if self.normalization == "batchnorm":
                d, grads["gamma%d" % i], grads["beta%d" % i] = batchnorm_backward(d, bn)
            d, grads["W%d" % i], grads["b%d" % i] = affine_backward(d, fc)
        for i in range(1, L + 1):
            grads["W%d" % i] += self.reg * self.params["W%d" % i]
        return loss, grads
