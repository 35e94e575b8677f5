"""Wrong functions for hw3, as students hand them in: no patches of the solution."""

WRONG = [
    # Reshapes to (D, N) and transposes: the numbers of the examples are mixed up.
    (
        "affine_forward_reshape_transposed",
        "layers.affine_forward",
        ["affine_forward_mixes_examples"],
        """
def affine_forward(x, w, b):
    # columns are the examples, then transpose so it can be multiplied with w
    D = w.shape[0]
    X = np.reshape(x, (D, -1)).T
    out = X.dot(w) + b
    cache = (x, w, b)
    return out, cache
""",
    ),
    # Keeps the flattened x in the cache, so the backward pass returns dx flat.
    (
        "affine_forward_caches_flat_x",
        "layers.affine_forward",
        ["affine_dx_flat"],
        """
def affine_forward(x, w, b):
    N = x.shape[0]
    x = x.reshape(N, -1)
    out = np.matmul(x, w) + b[None, :]
    cache = (x, w, b)
    return out, cache
""",
    ),
    # dw is divided by N (a mean over the batch), although dout holds the 1/N of the loss already.
    (
        "affine_backward_dw_mean",
        "layers.affine_backward",
        ["affine_dw_mean"],
        """
def affine_backward(dout, cache):
    x, w, b = cache
    m = x.shape[0]
    x_flat = x.reshape((m, np.prod(x.shape[1:])))
    dw = np.dot(x_flat.T, dout) / m
    db = np.sum(dout, axis=0)
    dx = np.dot(dout, w.T).reshape(x.shape)
    return dx, dw, db
""",
    ),
    # Two mistakes: db is summed over everything to one number, and spread; dx is not put back to x's shape.
    (
        "affine_backward_db_total_dx_flat",
        "layers.affine_backward",
        ["affine_dx_flat"],
        """
def affine_backward(dout, cache):
    x, w, b = cache
    dx, dw, db = None, None, None

    xr = x.reshape(x.shape[0], -1)
    dw = xr.T @ dout
    db = np.sum(dout) * np.ones(b.shape)
    dx = dout @ w.T
    return dx, dw, db
""",
    ),
    # Works in place: the caller's x is overwritten.
    (
        "relu_forward_in_place",
        "layers.relu_forward",
        [],
        """
def relu_forward(x):
    cache = x.copy()
    x[x < 0] = 0
    out = x
    return out, cache
""",
    ),
    # Applies the ReLU to the gradient, and does not look at the input.
    (
        "relu_backward_relu_of_dout",
        "layers.relu_backward",
        ["relu_backward_of_dout"],
        """
def relu_backward(dout, cache):
    x = cache
    # gradient of relu is relu
    dx = np.maximum(dout, 0)
    return dx
""",
    ),
    # Multiplies by the output max(0, x) in place of its derivative.
    (
        "relu_backward_times_output",
        "layers.relu_backward",
        ["relu_backward_times_output"],
        """
def relu_backward(dout, cache):
    x = cache
    relu = np.where(x > 0, x, 0)
    return np.multiply(dout, relu)
""",
    ),
    # N(0, weight_scale^2): the variance is handed over as the standard deviation.
    (
        "two_layer_init_variance_for_std",
        "fc_net.TwoLayerNet.__init__",
        [],
        """
def __init__(self, input_dim=3 * 32 * 32, hidden_dims=100, num_classes=10, dropout=0, weight_scale=1e-3, reg=0.0):
    self.params = {}
    self.reg = reg
    mu, sigma = 0, weight_scale ** 2
    self.params['W1'] = np.random.normal(mu, sigma, (input_dim, hidden_dims))
    self.params['b1'] = np.zeros(hidden_dims)
    self.params['W2'] = np.random.normal(mu, sigma, (hidden_dims, num_classes))
    self.params['b2'] = np.zeros(num_classes)
""",
    ),
    # Applies softmax to the scores itself before softmax_loss, which does so again; backward skips the first one.
    (
        "two_layer_double_softmax",
        "fc_net.TwoLayerNet.loss",
        ["two_softmax_twice"],
        """
def loss(self, X, y=None):
    W1, W2 = self.params['W1'], self.params['W2']
    b1, b2 = self.params['b1'], self.params['b2']

    h, cache_h = affine_relu_forward(X, W1, b1)
    scores, cache_s = affine_forward(h, W2, b2)
    if y is None:
        return scores

    # softmax
    ex = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    probs = ex / np.sum(ex, axis=1, keepdims=True)
    loss, dout = softmax_loss(probs, y)
    loss += 0.5 * self.reg * (np.sum(np.square(W1)) + np.sum(np.square(W2)))

    grads = {}
    dh, grads['W2'], grads['b2'] = affine_backward(dout, cache_s)
    dx, grads['W1'], grads['b1'] = affine_relu_backward(dh, cache_h)
    grads['W1'] += self.reg * W1
    grads['W2'] += self.reg * W2
    return loss, grads
""",
    ),
    # The regularisation is in the loss only, the gradients lack it.
    (
        "two_layer_reg_not_in_gradients",
        "fc_net.TwoLayerNet.loss",
        ["two_gradient_ignores_reg"],
        """
def loss(self, X, y=None):
    reg = self.reg
    hidden, cache1 = affine_relu_forward(X, self.params['W1'], self.params['b1'])
    scores, cache2 = affine_forward(hidden, self.params['W2'], self.params['b2'])
    if y is None:
        return scores

    grads = {}
    loss, dscores = softmax_loss(scores, y)
    for name in ('W1', 'W2'):
        loss = loss + 0.5 * reg * np.sum(self.params[name] ** 2)
    dhidden, dW2, db2 = affine_backward(dscores, cache2)
    _, dW1, db1 = affine_relu_backward(dhidden, cache1)
    grads = {'W1': dW1, 'b1': db1, 'W2': dW2, 'b2': db2}
    return loss, grads
""",
    ),
    # Two mistakes: the backward pass leaves out the ReLU; biases get reg * b in their gradients.
    (
        "two_layer_relu_skipped_and_bias_decay",
        "fc_net.TwoLayerNet.loss",
        ["two_no_relu_backward"],
        """
def loss(self, X, y=None):
    W1, b1 = self.params['W1'], self.params['b1']
    W2, b2 = self.params['W2'], self.params['b2']

    a1, cache1 = affine_forward(X, W1, b1)
    z1 = np.maximum(a1, 0)
    scores, cache2 = affine_forward(z1, W2, b2)

    if y is None:
        return scores

    loss, dscores = softmax_loss(scores, y)
    loss += 0.5 * self.reg * (np.sum(W1 ** 2) + np.sum(W2 ** 2))

    dz1, dW2, db2 = affine_backward(dscores, cache2)
    dx, dW1, db1 = affine_backward(dz1, cache1)
    grads = {'W1': dW1, 'W2': dW2, 'b1': db1, 'b2': db2}
    for k in grads:
        grads[k] = grads[k] + self.reg * self.params[k]
    return loss, grads
""",
    ),
    # All hidden layers get the size of the first: right only where they are equally large.
    (
        "fcn_init_first_size_for_all",
        "fc_net.FullyConnectedNet.__init__",
        ["full_one_size"],
        """
def __init__(self, hidden_dims, input_dim=3 * 32 * 32, num_classes=10, dropout=0, use_batchnorm=False,
             reg=0.0, weight_scale=1e-2, dtype=np.float32, seed=None):
    self.use_batchnorm = use_batchnorm
    self.use_dropout = dropout > 0
    self.reg = reg
    self.num_layers = 1 + len(hidden_dims)
    self.dtype = dtype
    self.params = {}

    H = hidden_dims[0]
    for i in range(1, self.num_layers + 1):
        if i == 1:
            shape = (input_dim, H)
        elif i == self.num_layers:
            shape = (H, num_classes)
        else:
            shape = (H, H)
        self.params['W' + str(i)] = np.random.normal(scale=weight_scale, size=shape)
        self.params['b' + str(i)] = np.zeros(shape[1])
        if use_batchnorm and i < self.num_layers:
            self.params['gamma' + str(i)] = np.ones(shape[1])
            self.params['beta' + str(i)] = np.zeros(shape[1])

    self.dropout_param = {'mode': 'train', 'p': dropout}
    if seed is not None:
        self.dropout_param['seed'] = seed
    self.bn_params = []
    if self.use_batchnorm:
        self.bn_params = [{'mode': 'train'} for i in range(self.num_layers - 1)]
    for k, v in self.params.items():
        self.params[k] = v.astype(dtype)
""",
    ),
    # The last layer's weights are drawn without weight_scale.
    (
        "fcn_init_last_layer_unscaled",
        "fc_net.FullyConnectedNet.__init__",
        [],
        """
def __init__(self, hidden_dims, input_dim=3 * 32 * 32, num_classes=10, dropout=0, use_batchnorm=False,
             reg=0.0, weight_scale=1e-2, dtype=np.float32, seed=None):
    self.use_batchnorm = use_batchnorm
    self.use_dropout = dropout > 0
    self.reg = reg
    self.num_layers = 1 + len(hidden_dims)
    self.dtype = dtype
    self.params = {}

    prev = input_dim
    for n, dim in enumerate(hidden_dims):
        self.params['W%d' % (n + 1)] = weight_scale * np.random.randn(prev, dim)
        self.params['b%d' % (n + 1)] = np.zeros(dim)
        if self.use_batchnorm:
            self.params['gamma%d' % (n + 1)] = np.ones(dim)
            self.params['beta%d' % (n + 1)] = np.zeros(dim)
        prev = dim
    # output layer
    self.params['W%d' % self.num_layers] = np.random.randn(prev, num_classes)
    self.params['b%d' % self.num_layers] = np.zeros(num_classes)

    self.dropout_param = {'mode': 'train', 'p': dropout}
    if seed is not None:
        self.dropout_param['seed'] = seed
    self.bn_params = [{'mode': 'train'} for _ in hidden_dims] if self.use_batchnorm else []
    self.params = {k: v.astype(dtype) for k, v in self.params.items()}
""",
    ),
    # affine - ReLU for every layer, the last one too (and back the same way).
    (
        "fcn_relu_after_last_layer",
        "fc_net.FullyConnectedNet.loss",
        ["full_relu_on_scores"],
        """
def loss(self, X, y=None):
    X = X.astype(self.dtype)
    L = self.num_layers
    cache = {}
    out = X
    for l in range(1, L + 1):
        out, cache[l] = affine_relu_forward(out, self.params['W%d' % l], self.params['b%d' % l])
    scores = out

    if y is None:
        return scores

    grads = {}
    loss, dout = softmax_loss(scores, y)
    for l in range(L, 0, -1):
        W = self.params['W%d' % l]
        dout, dW, db = affine_relu_backward(dout, cache[l])
        grads['W%d' % l] = dW + self.reg * W
        grads['b%d' % l] = db
        loss += 0.5 * self.reg * np.sum(W * W)
    return loss, grads
""",
    ),
    # The running sum of squares is added to the loss in every turn of the loop: early layers count several times.
    (
        "fcn_reg_sum_added_in_loop",
        "fc_net.FullyConnectedNet.loss",
        ["full_regularises_the_first_layers_again"],
        """
def loss(self, X, y=None):
    X = X.astype(self.dtype)
    caches = []
    h = X
    for i in range(self.num_layers - 1):
        w = self.params['W' + str(i + 1)]
        b = self.params['b' + str(i + 1)]
        h, c = affine_relu_forward(h, w, b)
        caches.append(c)
    scores, c = affine_forward(h, self.params['W' + str(self.num_layers)], self.params['b' + str(self.num_layers)])
    caches.append(c)

    if y is None:
        return scores

    grads = {}
    loss, dscores = softmax_loss(scores, y)
    l2 = 0.0
    for i in range(self.num_layers):
        l2 += np.sum(self.params['W' + str(i + 1)] ** 2)
        loss += 0.5 * self.reg * l2

    dh, dw, db = affine_backward(dscores, caches.pop())
    grads['W' + str(self.num_layers)] = dw + self.reg * self.params['W' + str(self.num_layers)]
    grads['b' + str(self.num_layers)] = db
    for i in range(self.num_layers - 1, 0, -1):
        dh, dw, db = affine_relu_backward(dh, caches.pop())
        grads['W' + str(i)] = dw + self.reg * self.params['W' + str(i)]
        grads['b' + str(i)] = db
    return loss, grads
""",
    ),
    # Two mistakes: every hidden layer gets the last layer's dx again (dout is not passed on; raises where sizes
    # differ); no reg in W1's gradient.
    (
        "fcn_dout_not_passed_on",
        "fc_net.FullyConnectedNet.loss",
        [],
        """
def loss(self, X, y=None):
    X = X.astype(self.dtype)
    n = self.num_layers
    caches = [None] * (n + 1)
    a = X
    for i in range(1, n):
        a, caches[i] = affine_relu_forward(a, self.params[f'W{i}'], self.params[f'b{i}'])
    scores, caches[n] = affine_forward(a, self.params[f'W{n}'], self.params[f'b{n}'])
    if y is None:
        return scores

    grads = {}
    loss, dscores = softmax_loss(scores, y)
    reg_term = 0
    for i in range(1, n + 1):
        reg_term += np.sum(self.params[f'W{i}'] ** 2)
    loss += 0.5 * self.reg * reg_term

    dout, grads[f'W{n}'], grads[f'b{n}'] = affine_backward(dscores, caches[n])
    for i in range(n - 1, 0, -1):
        dx, dw, db = affine_relu_backward(dout, caches[i])
        grads[f'W{i}'] = dw
        grads[f'b{i}'] = db
    for i in range(2, n + 1):
        grads[f'W{i}'] += self.reg * self.params[f'W{i}']
    return loss, grads
""",
    ),
]
