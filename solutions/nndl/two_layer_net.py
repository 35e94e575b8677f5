"""The two-layer network as functions over a dictionary, for `nndl.classifier_trainer.ClassifierTrainer`.

It is the network of `nndl.neural_net` without a class around it, and with its weight matrices the other
way round: (in, out), so that a batch is multiplied from the left, ``X @ W1``.
"""

import numpy as np


def init_two_layer_model(input_size, hidden_size, output_size):
    """Return the parameters of a new network: weights from N(0, 1e-5^2), biases of zero.

    Parameters
    ----------
    input_size, hidden_size, output_size : int
        D, H and C.

    Returns
    -------
    dict
        ``W1`` (D, H), ``b1`` (H,), ``W2`` (H, C) and ``b2`` (C,): each COLUMN of a weight matrix belongs to
        one unit of the layer's output.
    """
    ### BEGIN SOLUTION
    return {
        "W1": 1e-5 * np.random.randn(input_size, hidden_size),
        "b1": np.zeros(hidden_size),
        "W2": 1e-5 * np.random.randn(hidden_size, output_size),
        "b2": np.zeros(output_size),
    }
    ### END SOLUTION


def two_layer_net(X, model, y=None, reg=0.0):
    """Compute the scores of a batch or, where labels are given, the loss and its gradients.

    The architecture is affine - ReLU - affine - softmax,

        h = max(0, X @ W1 + b1)        scores = h @ W2 + b2

    and the loss is the mean softmax loss plus ``reg/2 * (sum(W1^2) + sum(W2^2))``; biases are not
    regularised.

    Parameters
    ----------
    X : ndarray of shape (N, D)
        A batch of examples.
    model : dict
        The parameters, as `init_two_layer_model` returns them. They are not changed.
    y : integer ndarray of shape (N,), optional
        Labels, ``0 <= y[n] < C``.
    reg : float
        Regularisation strength.

    Returns
    -------
    scores : ndarray of shape (N, C)
        If `y` is None, this alone.
    (loss, grads) : (float, dict)
        Otherwise; ``grads`` has the keys of `model`, each gradient the shape of its parameter.
    """
    W1, b1, W2, b2 = model["W1"], model["b1"], model["W2"], model["b2"]

    # Forward pass: the hidden layer and the scores, an array of shape (N, C).
    ### BEGIN SOLUTION
    hidden = np.maximum(0, X @ W1 + b1)
    scores = hidden @ W2 + b2
    ### END SOLUTION

    if y is None:
        return scores

    # The loss, a number: data loss and regularisation.
    ### BEGIN SOLUTION
    rows = np.arange(len(X))
    shifted = scores - scores.max(axis=1, keepdims=True)  # so that exp cannot overflow
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -log_p[rows, y].mean() + 0.5 * reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
    ### END SOLUTION

    # Backward pass: the gradient of the loss with respect to each parameter.
    grads = {}
    ### BEGIN SOLUTION
    dscores = np.exp(log_p)
    dscores[rows, y] -= 1
    dscores /= len(X)
    dhidden = dscores @ W2.T * (hidden > 0)
    grads["W2"] = hidden.T @ dscores + reg * W2
    grads["b2"] = dscores.sum(axis=0)
    grads["W1"] = X.T @ dhidden + reg * W1
    grads["b1"] = dhidden.sum(axis=0)
    ### END SOLUTION
    return loss, grads
