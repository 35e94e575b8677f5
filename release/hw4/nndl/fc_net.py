"""Fully connected networks, put together from the layers of `nndl.layers`."""

from itertools import pairwise

import numpy as np

from .layer_utils import (
    affine_batchnorm_relu_backward,
    affine_batchnorm_relu_forward,
    affine_relu_backward,
    affine_relu_forward,
)
from .layers import affine_backward, affine_forward, dropout_backward, dropout_forward, softmax_loss


class TwoLayerNet:
    """A two-layer network from modular layers: affine - ReLU - affine - softmax.

    ``params`` holds ``W1`` (D, H), ``b1`` (H,), ``W2`` (H, C) and ``b2`` (C,), as the layers expect
    them: W is (in, out). The class only computes; a `utils.solver.Solver` trains it.
    """

    def __init__(
        self,
        input_dim=3 * 32 * 32,
        hidden_dims=100,
        num_classes=10,
        dropout=0,
        weight_scale=1e-3,
        reg=0.0,
    ):
        """Draw weights from N(0, weight_scale^2) and set biases to zero.

        Parameters
        ----------
        input_dim : int
            D, the length of a flattened example.
        hidden_dims : int
            H, the number of hidden units.
        num_classes : int
            C.
        dropout : float
            Must be 0: only `FullyConnectedNet` has dropout.
        weight_scale : float
            Standard deviation of the weights.
        reg : float
            Strength of L2 regularisation.
        """
        if dropout:
            raise ValueError("TwoLayerNet has no dropout; leave dropout=0")
        self.params = {}
        self.reg = reg

        # Fill self.params with W1, b1, W2 and b2.
        # YOUR CODE HERE
        raise NotImplementedError("TwoLayerNet.__init__")

    def loss(self, X, y=None):
        """Compute the scores of a batch or, where labels are given, the loss and its gradients.

        The loss is the softmax loss plus ``reg/2 * (sum(W1^2) + sum(W2^2))``; biases are not regularised.

        Parameters
        ----------
        X : ndarray of shape (N, d_1, ..., d_k)
            A batch of examples, with d_1 * ... * d_k = D.
        y : integer ndarray of shape (N,), optional
            Labels, ``0 <= y[n] < C``.

        Returns
        -------
        scores : ndarray of shape (N, C)
            If `y` is None, this alone.
        (loss, grads) : (float, dict)
            Otherwise; ``grads`` has the keys of ``params``, each gradient the shape of its parameter.
        """
        W1, b1 = self.params["W1"], self.params["b1"]
        W2, b2 = self.params["W2"], self.params["b2"]

        # Forward pass: the scores, from the layers' forward functions.
        # YOUR CODE HERE
        raise NotImplementedError("TwoLayerNet.loss")

        if y is None:
            return scores

        # Loss and backward pass, from softmax_loss and the layers' backward functions.
        grads = {}
        # YOUR CODE HERE
        raise NotImplementedError("TwoLayerNet.loss")
        return loss, grads


class FullyConnectedNet:
    """A fully connected network with any number of hidden layers.

    For L layers the architecture is

        {affine - [batch normalization] - ReLU - [dropout]} x (L - 1) - affine - softmax

    where what is in brackets is there if asked for: in hw3 it is not, with hw4 it can be. ``params`` holds
    ``W1``, ``b1``, ..., ``WL``, ``bL``; ``Wi`` is (in, out), so that ``W1`` is (D, hidden_dims[0]) and
    ``WL`` is (hidden_dims[-1], C). With batch normalization it also holds ``gamma1``, ``beta1``, ..., one of
    each for every hidden layer. The class only computes; a `utils.solver.Solver` trains it.
    """

    def __init__(
        self,
        hidden_dims,
        input_dim=3 * 32 * 32,
        num_classes=10,
        dropout=0,
        use_batchnorm=False,
        reg=0.0,
        weight_scale=1e-2,
        dtype=np.float32,
        seed=None,
    ):
        """Draw weights from N(0, weight_scale^2), set biases and shifts to zero and scales to one, all of type `dtype`.

        Parameters
        ----------
        hidden_dims : list of int
            Sizes of the hidden layers.
        input_dim : int
            D, the length of a flattened example.
        num_classes : int
            C.
        dropout : float
            ``p`` of the dropout layers; 0 for a network without them.
        use_batchnorm : bool
            Whether to normalize every hidden layer before its ReLU.
        reg : float
            Strength of L2 regularisation.
        weight_scale : float
            Standard deviation of the weights.
        dtype : NumPy type
            Type of all parameters and computations; float64 where gradients are checked.
        seed : int, optional
            Seed of the dropout layers, so that they can be checked; without dropout it does nothing.
        """
        self.reg = reg
        self.num_layers = 1 + len(hidden_dims)
        self.use_dropout = dropout > 0
        self.use_batchnorm = use_batchnorm
        self.dtype = dtype
        self.params = {}

        # Fill self.params with W1, b1, ..., WL, bL, where L = self.num_layers. With batch normalization add
        # gamma1, beta1, ... for the L - 1 hidden layers, of the layer's size: scales of 1, shifts of 0.
        # YOUR CODE HERE
        raise NotImplementedError("FullyConnectedNet.__init__")

        # What the layers need besides parameters: one dictionary for all dropout layers, since they keep nothing,
        # and one for each batch normalization, which keeps the running averages of its layer there.
        self.dropout_param = {"mode": "train", "p": dropout}
        if seed is not None:
            self.dropout_param["seed"] = seed
        self.bn_params = [{"mode": "train"} for _ in hidden_dims] if use_batchnorm else []

        for name, value in self.params.items():
            self.params[name] = value.astype(dtype)

    def loss(self, X, y=None):
        """Compute the scores of a batch or, where labels are given, the loss and its gradients.

        The loss is the softmax loss plus ``reg/2 * (sum(W1^2) + ... + sum(WL^2))``; biases, scales and shifts
        are not regularised. Called with labels, the network is in training; without, in test.

        Parameters
        ----------
        X : ndarray of shape (N, d_1, ..., d_k)
            A batch of examples, with d_1 * ... * d_k = D.
        y : integer ndarray of shape (N,), optional
            Labels, ``0 <= y[n] < C``.

        Returns
        -------
        scores : ndarray of shape (N, C)
            If `y` is None, this alone.
        (loss, grads) : (float, dict)
            Otherwise; ``grads`` has the keys of ``params``, each gradient the shape of its parameter.
        """
        X = X.astype(self.dtype)
        self._set_mode("test" if y is None else "train")

        # Forward pass: the scores. Keep the cache of every layer for the backward pass. Where self.use_batchnorm
        # and self.use_dropout say so, the layers get self.bn_params[i], one for each, and self.dropout_param.
        # YOUR CODE HERE
        raise NotImplementedError("FullyConnectedNet.loss")

        if y is None:
            return scores

        # Loss and backward pass, from the last layer to the first.
        grads = {}
        # YOUR CODE HERE
        raise NotImplementedError("FullyConnectedNet.loss")
        return loss, grads

    def _set_mode(self, mode):
        """Tell the layers that differ in training and in test which of the two, "train" or "test", it is."""
        for layer_param in (self.dropout_param, *self.bn_params):
            layer_param["mode"] = mode
