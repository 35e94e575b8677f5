"""Wrong functions for hw3, after questions that students ask: no patches of the solution."""

WRONG = [
    (
        "affine_images_not_flattened",
        "layers.affine_forward",
        ["affine_no_flattening"],
        """
def affine_forward(x, w, b):
    out = x.dot(w) + b
    cache = (x, w, b)
    return out, cache
""",
    ),
    (
        "affine_db_over_outputs",
        "layers.affine_backward",
        ["affine_db_over_outputs"],
        """
def affine_backward(dout, cache):
    x, w, b = cache
    dx = dout.dot(w.T).reshape(x.shape)
    dw = x.reshape(x.shape[0], -1).T.dot(dout)
    db = np.sum(dout, axis=1)
    return dx, dw, db
""",
    ),
    (
        "affine_dw_transposed",
        "layers.affine_backward",
        [],
        """
def affine_backward(dout, cache):
    x, w, b = cache
    dx = dout.dot(w.T).reshape(x.shape)
    dw = dout.T.dot(x.reshape(x.shape[0], -1))
    db = np.sum(dout, axis=0)
    return dx, dw, db
""",
    ),
    (
        "relu_mask_of_the_output_with_equality",
        "layers.relu_backward",
        ["relu_backward_passes_all"],
        """
def relu_backward(dout, cache):
    x = cache
    out = np.maximum(0, x)
    dx = dout * (out >= 0)
    return dx
""",
    ),
    (
        "relu_of_the_mean",
        "layers.relu_forward",
        [],
        """
def relu_forward(x):
    out = x * (x > np.mean(x))
    return out, x
""",
    ),
    (
        "two_regularises_W1_twice",
        "fc_net.TwoLayerNet.loss",
        ["two_regularises_W1_twice"],
        """
def loss(self, X, y=None):
    W1, b1, W2, b2 = self.params['W1'], self.params['b1'], self.params['W2'], self.params['b2']
    h, cache1 = affine_relu_forward(X, W1, b1)
    scores, cache2 = affine_forward(h, W2, b2)
    if y is None:
        return scores
    loss, dscores = softmax_loss(scores, y)
    loss += 0.5 * self.reg * (np.sum(W1 * W1) + np.sum(W1 * W1))
    dh, dW2, db2 = affine_backward(dscores, cache2)
    dx, dW1, db1 = affine_relu_backward(dh, cache1)
    return loss, {'W1': dW1 + self.reg * W1, 'b1': db1, 'W2': dW2 + self.reg * W2, 'b2': db2}
""",
    ),
    (
        "two_half_in_the_gradient",
        "fc_net.TwoLayerNet.loss",
        [],
        """
def loss(self, X, y=None):
    W1, b1, W2, b2 = self.params['W1'], self.params['b1'], self.params['W2'], self.params['b2']
    h, cache1 = affine_relu_forward(X, W1, b1)
    scores, cache2 = affine_forward(h, W2, b2)
    if y is None:
        return scores
    loss, dscores = softmax_loss(scores, y)
    loss += 0.5 * self.reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
    dh, dW2, db2 = affine_backward(dscores, cache2)
    dx, dW1, db1 = affine_relu_backward(dh, cache1)
    return loss, {'W1': dW1 + 0.5 * self.reg * W1, 'b1': db1, 'W2': dW2 + 0.5 * self.reg * W2, 'b2': db2}
""",
    ),
    (
        "full_relu_forgotten_backwards",
        "fc_net.FullyConnectedNet.loss",
        ["full_no_relu_backward"],
        """
def loss(self, X, y=None):
    X = X.astype(self.dtype)
    L = self.num_layers
    h, caches = X, {}
    for i in range(1, L):
        h, caches[i] = affine_relu_forward(h, self.params['W%d' % i], self.params['b%d' % i])
    scores, caches[L] = affine_forward(h, self.params['W%d' % L], self.params['b%d' % L])
    if y is None:
        return scores
    loss, d = softmax_loss(scores, y)
    grads = {}
    d, grads['W%d' % L], grads['b%d' % L] = affine_backward(d, caches[L])
    for i in reversed(range(1, L)):
        fc_cache, relu_cache = caches[i]
        d, grads['W%d' % i], grads['b%d' % i] = affine_backward(d, fc_cache)
    for i in range(1, L + 1):
        W = self.params['W%d' % i]
        loss += 0.5 * self.reg * (W ** 2).sum()
        grads['W%d' % i] = grads['W%d' % i] + self.reg * W
    return loss, grads
""",
    ),
]
