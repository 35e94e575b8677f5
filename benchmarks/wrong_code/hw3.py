"""Wrong functions for hw3, written as students write them: no patches of the solution."""

WRONG = [
    (
        "affine_dx_flat",
        "layers.affine_backward",
        ["affine_dx_flat"],
        """
def affine_backward(dout, cache):
    x, w, b = cache
    N = x.shape[0]
    X = np.reshape(x, (N, -1))
    dx = np.dot(dout, np.transpose(w))
    dw = np.dot(np.transpose(X), dout)
    db = np.ones((1, N)).dot(dout)[0]
    return dx, dw, db
""",
    ),
    (
        "affine_db_averaged",
        "layers.affine_backward",
        ["affine_db_mean"],
        """
def affine_backward(dout, cache):
    x, w, b = cache
    flat = x.reshape((x.shape[0], int(np.prod(x.shape[1:]))))
    db = np.zeros_like(b)
    for i in range(dout.shape[0]):
        db = db + dout[i] / dout.shape[0]
    return np.matmul(dout, w.T).reshape(*x.shape), np.matmul(flat.T, dout), db
""",
    ),
    (
        "affine_all_averaged",
        "layers.affine_backward",
        [],
        """
def affine_backward(dout, cache):
    x, w, b = cache
    n = dout.shape[0]
    dx = dout.dot(w.T).reshape(x.shape) / n
    dw = x.reshape(n, -1).T.dot(dout) / n
    db = np.sum(dout, axis=0) / n
    return dx, dw, db
""",
    ),
    (
        "affine_dw_averaged",
        "layers.affine_backward",
        ["affine_dw_mean"],
        """
def affine_backward(dout, cache):
    x, w, b = cache
    n = dout.shape[0]
    dx = dout.dot(w.T).reshape(x.shape)
    dw = sum(np.outer(x[i].ravel(), dout[i]) for i in range(n)) / float(n)
    db = np.sum(dout, axis=0)
    return dx, dw, db
""",
    ),
    (
        "affine_forward_without_b",
        "layers.affine_forward",
        ["affine_no_bias"],
        """
def affine_forward(x, w, b):
    N, (D, M) = x.shape[0], w.shape
    out = np.zeros((N, M))
    for n in range(N):
        for m in range(M):
            out[n, m] = np.sum(x[n].flatten() * w[:, m])
    return out, (x, w, b)
""",
    ),
    (
        "affine_forward_b_twice",
        "layers.affine_forward",
        [],
        """
def affine_forward(x, w, b):
    N = x.shape[0]
    out = np.dot(x.reshape(N, -1), w) + b
    out = out + np.tile(b, (N, 1))
    return out, (x, w, b)
""",
    ),
    (
        "affine_fortran_order",
        "layers.affine_forward",
        ["affine_fortran_order"],
        """
def affine_forward(x, w, b):
    out = np.dot(np.reshape(x, (x.shape[0], -1), order='F'), w) + b
    return out, (x, w, b)
""",
    ),
    (
        "affine_dw_of_sum",
        "layers.affine_backward",
        [],
        """
def affine_backward(dout, cache):
    x, w, b = cache
    X = x.reshape(x.shape[0], -1)
    dx = dout.dot(w.T).reshape(x.shape)
    dw = np.outer(X.sum(axis=0), dout.sum(axis=0))
    db = dout.sum(axis=0)
    return dx, dw, db
""",
    ),
    (
        "relu_abs",
        "layers.relu_forward",
        [],
        """
def relu_forward(x):
    out = np.where(x > 0, x, -x)
    return out, x
""",
    ),
    (
        "relu_leaks",
        "layers.relu_forward",
        ["relu_leaky"],
        """
def relu_forward(x):
    out = x.copy()
    out[x < 0] *= 0.01
    return out, x
""",
    ),
    (
        "relu_backward_passes_all",
        "layers.relu_backward",
        ["relu_backward_passes_all"],
        """
def relu_backward(dout, cache):
    x = cache
    dx = np.ones(x.shape) * dout
    return dx
""",
    ),
    (
        "relu_backward_by_dout",
        "layers.relu_backward",
        ["relu_backward_of_dout"],
        """
def relu_backward(dout, cache):
    dx = np.array(dout, copy=True)
    dx[dout <= 0] = 0
    return dx
""",
    ),
    (
        "relu_backward_returns_mask",
        "layers.relu_backward",
        ["relu_backward_mask"],
        """
def relu_backward(dout, cache):
    x = cache
    grad = np.zeros(x.shape)
    grad[x > 0] = 1
    return grad
""",
    ),
    (
        "relu_backward_times_x",
        "layers.relu_backward",
        ["relu_backward_times_output"],
        """
def relu_backward(dout, cache):
    out = np.maximum(cache, 0.0)
    return out * dout
""",
    ),
    (
        "net_reg_without_half",
        "neural_net.TwoLayerNet.loss",
        ["net_no_half"],
        """
def loss(self, X, y=None, reg=0.0):
    W1, b1, W2, b2 = self.params['W1'], self.params['b1'], self.params['W2'], self.params['b2']
    N, D = X.shape
    z = X.dot(W1.T) + b1
    a = z * (z > 0)
    scores = a.dot(W2.T) + b2
    if y is None:
        return scores
    e = np.exp(scores - np.max(scores, axis=1)[:, None])
    P = e / np.sum(e, axis=1)[:, None]
    data_loss = np.sum(-np.log(P[range(N), y])) / N
    loss = data_loss + reg * np.sum(W1 ** 2) + reg * np.sum(W2 ** 2)
    grads = {}
    G = P.copy()
    G[range(N), y] -= 1
    G = G / N
    grads['W2'] = G.T.dot(a) + reg * W2
    grads['b2'] = np.sum(G, axis=0)
    da = G.dot(W2)
    da[z <= 0] = 0
    grads['W1'] = da.T.dot(X) + reg * W1
    grads['b1'] = np.sum(da, axis=0)
    return loss, grads
""",
    ),
    (
        "net_only_first_layer_regularised",
        "neural_net.TwoLayerNet.loss",
        ["net_last_layer_unregularised"],
        """
def loss(self, X, y=None, reg=0.0):
    W1, b1, W2, b2 = self.params['W1'], self.params['b1'], self.params['W2'], self.params['b2']
    N, D = X.shape
    z = X.dot(W1.T) + b1
    a = np.clip(z, 0, None)
    scores = a.dot(W2.T) + b2
    if y is None:
        return scores
    e = np.exp(scores)
    P = e / np.sum(e, axis=1, keepdims=True)
    loss = -np.sum(np.log(P[np.arange(N), y])) / N
    loss += reg * 0.5 * np.linalg.norm(W1) ** 2
    G = P
    G[np.arange(N), y] -= 1
    G /= N
    dz = np.matmul(G, W2) * (z > 0)
    return loss, {'W2': np.matmul(G.T, a) + reg * W2, 'b2': G.sum(0), 'W1': np.matmul(dz.T, X) + reg * W1, 'b1': dz.sum(0)}
""",
    ),
    (
        "net_gradients_not_averaged",
        "neural_net.TwoLayerNet.loss",
        ["net_gradient_summed"],
        """
def loss(self, X, y=None, reg=0.0):
    W1, b1, W2, b2 = self.params['W1'], self.params['b1'], self.params['W2'], self.params['b2']
    N = X.shape[0]
    h = np.maximum(X.dot(W1.T) + b1, 0)
    scores = h.dot(W2.T) + b2
    if y is None:
        return scores
    scores = scores - scores.max(axis=1).reshape(N, 1)
    P = np.exp(scores)
    P = P / P.sum(axis=1).reshape(N, 1)
    loss = np.mean(-np.log(P[np.arange(N), y])) + 0.5 * reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
    T = np.zeros_like(P)
    T[np.arange(N), y] = 1
    dS = P - T
    dh = dS.dot(W2)
    dh[h == 0] = 0
    grads = dict(W2=dS.T.dot(h) + reg * W2, b2=dS.sum(axis=0), W1=dh.T.dot(X) + reg * W1, b1=dh.sum(axis=0))
    return loss, grads
""",
    ),
    (
        "net_forgets_relu_backward",
        "neural_net.TwoLayerNet.loss",
        ["net_no_relu_backward"],
        """
def loss(self, X, y=None, reg=0.0):
    W1, b1, W2, b2 = self.params['W1'], self.params['b1'], self.params['W2'], self.params['b2']
    N = X.shape[0]
    h = np.maximum(np.dot(X, W1.T) + b1, 0)
    scores = np.dot(h, W2.T) + b2
    if y is None:
        return scores
    P = np.exp(scores - scores.max(1, keepdims=True))
    P /= P.sum(1, keepdims=True)
    loss = -np.log(P[np.arange(N), y]).sum() / N + reg / 2 * (np.sum(W1 * W1) + np.sum(W2 * W2))
    dS = P
    dS[np.arange(N), y] -= 1
    dS /= N
    dh = np.dot(dS, W2)
    return loss, {'W1': np.dot(dh.T, X) + reg * W1, 'b1': dh.sum(0), 'W2': np.dot(dS.T, h) + reg * W2, 'b2': dS.sum(0)}
""",
    ),
    (
        "two_forgets_reg_in_gradients",
        "fc_net.TwoLayerNet.loss",
        ["two_gradient_ignores_reg"],
        """
def loss(self, X, y=None):
    a1, c1 = affine_forward(X, self.params['W1'], self.params['b1'])
    from .layers import relu_forward, relu_backward
    r1, cr = relu_forward(a1)
    scores, c2 = affine_forward(r1, self.params['W2'], self.params['b2'])
    if y is None:
        return scores
    loss, ds = softmax_loss(scores, y)
    for k in ('W1', 'W2'):
        loss += self.reg * 0.5 * (self.params[k] ** 2).sum()
    grads = {}
    dr, grads['W2'], grads['b2'] = affine_backward(ds, c2)
    da = relu_backward(dr, cr)
    _, grads['W1'], grads['b1'] = affine_backward(da, c1)
    return loss, grads
""",
    ),
    (
        "two_regularises_b",
        "fc_net.TwoLayerNet.loss",
        ["two_regularises_biases"],
        """
def loss(self, X, y=None):
    h, c1 = affine_relu_forward(X, self.params['W1'], self.params['b1'])
    scores, c2 = affine_forward(h, self.params['W2'], self.params['b2'])
    if y is None:
        return scores
    loss, ds = softmax_loss(scores, y)
    loss = loss + 0.5 * self.reg * sum(np.sum(p * p) for p in self.params.values())
    dh, dW2, db2 = affine_backward(ds, c2)
    dx, dW1, db1 = affine_relu_backward(dh, c1)
    dW1 += self.reg * self.params['W1']
    dW2 += self.reg * self.params['W2']
    return loss, {'W1': dW1, 'b1': db1, 'W2': dW2, 'b2': db2}
""",
    ),
    (
        "two_grad_reg_doubled",
        "fc_net.TwoLayerNet.loss",
        [],
        """
def loss(self, X, y=None):
    h, c1 = affine_relu_forward(X, self.params['W1'], self.params['b1'])
    scores, c2 = affine_forward(h, self.params['W2'], self.params['b2'])
    if y is None:
        return scores
    loss, ds = softmax_loss(scores, y)
    loss = loss + 0.5 * self.reg * (np.sum(self.params['W1'] ** 2) + np.sum(self.params['W2'] ** 2))
    dh, dW2, db2 = affine_backward(ds, c2)
    dx, dW1, db1 = affine_relu_backward(dh, c1)
    dW1 += 2 * self.reg * self.params['W1']
    dW2 += 2 * self.reg * self.params['W2']
    return loss, {'W1': dW1, 'b1': db1, 'W2': dW2, 'b2': db2}
""",
    ),
    (
        "full_last_layer_not_regularised",
        "fc_net.FullyConnectedNet.loss",
        ["full_last_layer_unregularised"],
        """
def loss(self, X, y=None):
    X = X.astype(self.dtype)
    caches = []
    h = X
    for l in range(1, self.num_layers):
        h, c = affine_relu_forward(h, self.params['W%d' % l], self.params['b%d' % l])
        caches.append(c)
    L = self.num_layers
    scores, c = affine_forward(h, self.params['W%d' % L], self.params['b%d' % L])
    caches.append(c)
    if y is None:
        return scores
    loss, d = softmax_loss(scores, y)
    grads = {}
    d, grads['W%d' % L], grads['b%d' % L] = affine_backward(d, caches.pop())
    for l in range(L - 1, 0, -1):
        loss += 0.5 * self.reg * np.sum(self.params['W%d' % l] ** 2)
        d, grads['W%d' % l], grads['b%d' % l] = affine_relu_backward(d, caches.pop())
        grads['W%d' % l] += self.reg * self.params['W%d' % l]
    return loss, grads
""",
    ),
    (
        "full_relu_at_the_end",
        "fc_net.FullyConnectedNet.loss",
        ["full_relu_on_scores"],
        """
def loss(self, X, y=None):
    h = X.astype(self.dtype)
    caches = {}
    for l in range(1, self.num_layers + 1):
        h, caches[l] = affine_relu_forward(h, self.params['W' + str(l)], self.params['b' + str(l)])
    if y is None:
        return h
    loss, d = softmax_loss(h, y)
    grads = {}
    for l in reversed(range(1, self.num_layers + 1)):
        w = self.params['W' + str(l)]
        d, dw, db = affine_relu_backward(d, caches[l])
        loss += 0.5 * self.reg * np.sum(w * w)
        grads['W' + str(l)] = dw + self.reg * w
        grads['b' + str(l)] = db
    return loss, grads
""",
    ),
    (
        "full_reg_not_halved",
        "fc_net.FullyConnectedNet.loss",
        ["full_no_half"],
        """
def loss(self, X, y=None):
    out, memory = X.astype(self.dtype), []
    for i in range(self.num_layers - 1):
        out, m = affine_relu_forward(out, self.params[f'W{i+1}'], self.params[f'b{i+1}'])
        memory += [m]
    n = self.num_layers
    scores, m = affine_forward(out, self.params[f'W{n}'], self.params[f'b{n}'])
    if y is None:
        return scores
    loss, ds = softmax_loss(scores, y)
    reg_loss = 0
    for key in self.params:
        if key.startswith('W'):
            reg_loss += self.reg * np.sum(np.square(self.params[key]))
    loss += reg_loss
    grads = {}
    ds, grads[f'W{n}'], grads[f'b{n}'] = affine_backward(ds, m)
    for i in range(n - 1, 0, -1):
        ds, grads[f'W{i}'], grads[f'b{i}'] = affine_relu_backward(ds, memory[i - 1])
    for key in grads:
        if key[0] == 'W':
            grads[key] += self.reg * self.params[key]
    return loss, grads
""",
    ),
]
