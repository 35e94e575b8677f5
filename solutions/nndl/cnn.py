"""A convolutional network, put together from layers."""

import numpy as np

from .conv_layer_utils import (
    conv_batchnorm_relu_pool_backward,
    conv_batchnorm_relu_pool_forward,
    conv_relu_pool_backward,
    conv_relu_pool_forward,
)
from .layer_utils import (
    affine_batchnorm_relu_backward,
    affine_batchnorm_relu_forward,
    affine_relu_backward,
    affine_relu_forward,
)
from .layers import affine_backward, affine_forward, softmax_loss


class ThreeLayerConvNet:
    """A network of three layers with weights: conv - ReLU - 2x2 max pool - affine - ReLU - affine - softmax.

    ``params`` holds ``W1`` (F, C, f, f) and ``b1`` (F,) of the convolution, ``W2`` (F * H/2 * W/2, Hd) and ``b2`` (Hd,)
    of the hidden layer, ``W3`` (Hd, num_classes) and ``b3`` (num_classes,) of the last. The class only computes; a
    `utils.solver.Solver` trains it.
    """

    def __init__(
        self,
        input_dim=(3, 32, 32),
        num_filters=32,
        filter_size=7,
        hidden_dim=100,
        num_classes=10,
        weight_scale=1e-3,
        reg=0.0,
        dtype=np.float32,
        use_batchnorm=False,
    ):
        """Draw weights from N(0, weight_scale^2) and set biases to zero, all of type `dtype`.

        Parameters
        ----------
        input_dim : (int, int, int)
            C, H and W of the images; H and W are even.
        num_filters : int
            F, the number of filters of the convolution.
        filter_size : int
            f, the height and width of a filter; odd, so that padding can keep the size of the image.
        hidden_dim : int
            Hd, the number of units in the hidden layer.
        num_classes : int
        weight_scale : float
            Standard deviation of the weights.
        reg : float
            Strength of L2 regularisation.
        dtype : NumPy type
            Type of all parameters and computations; float64 where gradients are checked.
        use_batchnorm : bool
            Optional, and not graded: whether to normalize before both ReLUs. Then ``params`` also holds ``gamma1`` and
            ``beta1`` (F,), ``gamma2`` and ``beta2`` (Hd,), ones and zeros at first.
        """
        self.use_batchnorm = use_batchnorm
        self.reg = reg
        self.dtype = dtype
        self.params = {}
        self.bn_params = [{"mode": "train"}, {"mode": "train"}] if use_batchnorm else []

        # Fill self.params with W1, b1, W2, b2, W3 and b3 (and gamma1, beta1, gamma2, beta2).
        ### BEGIN SOLUTION
        channels, height, width = input_dim
        shapes = [
            (num_filters, channels, filter_size, filter_size),
            (num_filters * (height // 2) * (width // 2), hidden_dim),
            (hidden_dim, num_classes),
        ]
        for i, (shape, outputs) in enumerate(zip(shapes, (num_filters, hidden_dim, num_classes), strict=True), start=1):
            self.params[f"W{i}"] = weight_scale * np.random.randn(*shape)
            self.params[f"b{i}"] = np.zeros(outputs)
            if use_batchnorm and i < len(shapes):
                self.params[f"gamma{i}"], self.params[f"beta{i}"] = np.ones(outputs), np.zeros(outputs)
        ### END SOLUTION

        for name, value in self.params.items():
            self.params[name] = value.astype(dtype)

    def loss(self, X, y=None):
        """Compute the scores of a batch or, where labels are given, the loss and its gradients.

        The loss is the softmax loss plus ``reg/2 * (sum(W1^2) + sum(W2^2) + sum(W3^2))``; nothing else is regularised.

        Parameters
        ----------
        X : ndarray of shape (N, C, H, W)
            A batch of images.
        y : integer ndarray of shape (N,), optional
            Labels, ``0 <= y[n] < num_classes``.

        Returns
        -------
        scores : ndarray of shape (N, num_classes)
            If `y` is None, this alone.
        (loss, grads) : (float, dict)
            Otherwise; ``grads`` has the keys of ``params``, each gradient the shape of its parameter.
        """
        X = X.astype(self.dtype)
        W1, b1 = self.params["W1"], self.params["b1"]
        W2, b2 = self.params["W2"], self.params["b2"]
        W3, b3 = self.params["W3"], self.params["b3"]

        # With this padding a convolution keeps the size of the image.
        conv_param = {"stride": 1, "pad": (W1.shape[2] - 1) / 2}
        pool_param = {"pool_height": 2, "pool_width": 2, "stride": 2}
        for bn_param in self.bn_params:
            bn_param["mode"] = "test" if y is None else "train"

        # Forward pass: the scores, from the functions of conv_layer_utils, layer_utils and layers.
        ### BEGIN SOLUTION
        if self.use_batchnorm:
            pooled, conv_cache = conv_batchnorm_relu_pool_forward(
                X, W1, b1, self.params["gamma1"], self.params["beta1"], conv_param, self.bn_params[0], pool_param
            )
            hidden, hidden_cache = affine_batchnorm_relu_forward(
                pooled, W2, b2, self.params["gamma2"], self.params["beta2"], self.bn_params[1]
            )
        else:
            pooled, conv_cache = conv_relu_pool_forward(X, W1, b1, conv_param, pool_param)
            hidden, hidden_cache = affine_relu_forward(pooled, W2, b2)
        scores, scores_cache = affine_forward(hidden, W3, b3)
        ### END SOLUTION

        if y is None:
            return scores

        # Loss and backward pass, from the last layer to the first.
        grads = {}
        ### BEGIN SOLUTION
        loss, dscores = softmax_loss(scores, y)
        loss += 0.5 * self.reg * (np.sum(W1 * W1) + np.sum(W2 * W2) + np.sum(W3 * W3))
        dhidden, dW3, grads["b3"] = affine_backward(dscores, scores_cache)
        if self.use_batchnorm:
            dpooled, dW2, grads["b2"], grads["gamma2"], grads["beta2"] = affine_batchnorm_relu_backward(
                dhidden, hidden_cache
            )
            _, dW1, grads["b1"], grads["gamma1"], grads["beta1"] = conv_batchnorm_relu_pool_backward(
                dpooled, conv_cache
            )
        else:
            dpooled, dW2, grads["b2"] = affine_relu_backward(dhidden, hidden_cache)
            _, dW1, grads["b1"] = conv_relu_pool_backward(dpooled, conv_cache)
        grads["W3"] = dW3 + self.reg * W3
        grads["W2"] = dW2 + self.reg * W2
        grads["W1"] = dW1 + self.reg * W1
        ### END SOLUTION
        return loss, grads
