"""A two-layer convolutional network as two functions that share a dictionary of parameters."""

import numpy as np

from .conv_layer_utils import conv_relu_pool_backward, conv_relu_pool_forward
from .layers import affine_backward, affine_forward, softmax_loss


def init_two_layer_convnet(
    weight_scale=1e-3,
    bias_scale=0,
    input_shape=(3, 32, 32),
    num_classes=10,
    num_filters=32,
    filter_size=5,
):
    """Draw the parameters of a two-layer convolutional network from normal distributions around 0.

    Parameters
    ----------
    weight_scale, bias_scale : float
        Standard deviations of the weights and of the biases.
    input_shape : (int, int, int)
        C, H and W of the images; H and W are even.
    num_classes : int
    num_filters : int
        F, the number of filters of the convolution.
    filter_size : int
        f, the height and width of a filter; odd, so that padding can keep the size of the image.

    Returns
    -------
    model : dict
        ``W1`` (F, C, f, f) and ``b1`` (F,) of the convolution, ``W2`` (F * H/2 * W/2, num_classes) and ``b2``
        (num_classes,) of the affine layer.
    """
    model = {}
    ### BEGIN SOLUTION
    channels, height, width = input_shape
    model["W1"] = weight_scale * np.random.randn(num_filters, channels, filter_size, filter_size)
    model["b1"] = bias_scale * np.random.randn(num_filters)
    model["W2"] = weight_scale * np.random.randn(num_filters * (height // 2) * (width // 2), num_classes)
    model["b2"] = bias_scale * np.random.randn(num_classes)
    ### END SOLUTION
    return model


def two_layer_convnet(X, model, y=None, reg=0.0):
    """Compute the scores of a batch or, where labels are given, the loss and its gradients.

    The architecture is conv - ReLU - 2x2 max pool - affine - softmax, with a convolution that keeps the size of the
    image. The loss is the softmax loss plus ``reg/2 * (sum(W1^2) + sum(W2^2))``; biases are not regularised.

    Parameters
    ----------
    X : ndarray of shape (N, C, H, W)
        A batch of images.
    model : dict
        Parameters as `init_two_layer_convnet` returns them.
    y : integer ndarray of shape (N,), optional
        Labels, ``0 <= y[n] < num_classes``.
    reg : float
        Strength of L2 regularisation.

    Returns
    -------
    scores : ndarray of shape (N, num_classes)
        If `y` is None, this alone.
    (loss, grads) : (float, dict)
        Otherwise; ``grads`` has the keys of `model`, each gradient the shape of its parameter.
    """
    W1, b1, W2, b2 = model["W1"], model["b1"], model["W2"], model["b2"]
    conv_param = {"stride": 1, "pad": (W1.shape[2] - 1) / 2}
    pool_param = {"pool_height": 2, "pool_width": 2, "stride": 2}

    # Forward pass: the scores.
    ### BEGIN SOLUTION
    pooled, conv_cache = conv_relu_pool_forward(X, W1, b1, conv_param, pool_param)
    scores, scores_cache = affine_forward(pooled, W2, b2)
    ### END SOLUTION

    if y is None:
        return scores

    # Loss and backward pass.
    grads = {}
    ### BEGIN SOLUTION
    loss, dscores = softmax_loss(scores, y)
    loss += 0.5 * reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
    dpooled, dW2, grads["b2"] = affine_backward(dscores, scores_cache)
    _, dW1, grads["b1"] = conv_relu_pool_backward(dpooled, conv_cache)
    grads["W2"] = dW2 + reg * W2
    grads["W1"] = dW1 + reg * W1
    ### END SOLUTION
    return loss, grads
