"""Wrong functions for hw2, after questions that students ask: no patches of the solution."""

WRONG = [
    (
        "net_mask_with_equality",
        "neural_net.TwoLayerNet.loss",
        ["net_no_relu_backward"],
        """
def loss(self, X, y=None, reg=0.0):
    W1, b1, W2, b2 = self.params['W1'], self.params['b1'], self.params['W2'], self.params['b2']
    N = len(X)
    out1 = np.maximum(X.dot(W1.T) + b1, 0)
    scores = out1.dot(W2.T) + b2
    if y is None:
        return scores
    P = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    P = P / np.sum(P, axis=1, keepdims=True)
    loss = -np.mean(np.log(P[range(N), y])) + 0.5 * reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
    P[range(N), y] -= 1
    P = P / N
    dh = P.dot(W2)
    dh = dh * (out1 >= 0)
    return loss, {'W2': P.T.dot(out1) + reg * W2, 'b2': P.sum(axis=0), 'W1': dh.T.dot(X) + reg * W1, 'b1': dh.sum(axis=0)}
""",
    ),
    (
        "net_softmax_over_the_batch",
        "neural_net.TwoLayerNet.loss",
        ["net_softmax_over_the_batch"],
        """
def loss(self, X, y=None, reg=0.0):
    W1, b1, W2, b2 = self.params['W1'], self.params['b1'], self.params['W2'], self.params['b2']
    N = len(X)
    out1 = np.maximum(X.dot(W1.T) + b1, 0)
    scores = out1.dot(W2.T) + b2
    if y is None:
        return scores
    P = np.exp(scores) / np.sum(np.exp(scores), axis=0)
    loss = -np.mean(np.log(P[range(N), y])) + 0.5 * reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
    P[range(N), y] -= 1
    P /= N
    dh = P.dot(W2) * (out1 > 0)
    return loss, {'W2': P.T.dot(out1) + reg * W2, 'b2': P.sum(axis=0), 'W1': dh.T.dot(X) + reg * W1, 'b1': dh.sum(axis=0)}
""",
    ),
    (
        "model_forgets_reg_of_W1",
        "two_layer_net.two_layer_net",
        [],
        """
def two_layer_net(X, model, y=None, reg=0.0):
    W1, b1, W2, b2 = model['W1'], model['b1'], model['W2'], model['b2']
    N = X.shape[0]
    a = X.dot(W1) + b1
    h = np.where(a > 0, a, 0)
    scores = h.dot(W2) + b2
    if y is None:
        return scores
    p = np.exp(scores - scores.max(1)[:, None])
    p /= p.sum(1)[:, None]
    loss = -np.log(p[np.arange(N), y]).sum() / N + reg * 0.5 * np.sum(W1 ** 2) + reg * 0.5 * np.sum(W2 ** 2)
    d = p.copy()
    d[np.arange(N), y] -= 1
    d /= N
    grads = {'W2': h.T.dot(d) + reg * W2, 'b2': d.sum(0)}
    da = d.dot(W2.T)
    da[a <= 0] = 0
    grads['W1'] = X.T.dot(da)
    grads['b1'] = da.sum(0)
    return loss, grads
""",
    ),
    (
        "model_relu_before_the_bias",
        "two_layer_net.two_layer_net",
        [],
        """
def two_layer_net(X, model, y=None, reg=0.0):
    W1, b1, W2, b2 = model['W1'], model['b1'], model['W2'], model['b2']
    N = X.shape[0]
    h = np.maximum(0, X.dot(W1)) + b1
    scores = h.dot(W2) + b2
    if y is None:
        return scores
    p = np.exp(scores - scores.max(1)[:, None])
    p /= p.sum(1)[:, None]
    loss = -np.log(p[np.arange(N), y]).sum() / N + 0.5 * reg * (np.sum(W1 ** 2) + np.sum(W2 ** 2))
    p[np.arange(N), y] -= 1
    p /= N
    dh = p.dot(W2.T)
    dpre = dh * (X.dot(W1) > 0)
    return loss, {'W1': X.T.dot(dpre) + reg * W1, 'b1': dh.sum(0), 'W2': h.T.dot(p) + reg * W2, 'b2': p.sum(0)}
""",
    ),
    (
        "train_decays_in_every_iteration",
        "neural_net.TwoLayerNet.train",
        ["train_decays_always"],
        """
def train(self, X, y, X_val, y_val, learning_rate=1e-3, learning_rate_decay=0.95, reg=1e-5, num_iters=100, batch_size=200, verbose=False):
    n = X.shape[0]
    epoch = max(n // batch_size, 1)
    hist, ta, va = [], [], []
    for it in range(num_iters):
        idx = np.random.randint(n, size=batch_size)
        loss, grads = self.loss(X[idx], y=y[idx], reg=reg)
        hist.append(loss)
        for k in self.params:
            self.params[k] = self.params[k] - learning_rate * grads[k]
        if it % epoch == 0:
            ta.append((self.predict(X[idx]) == y[idx]).mean())
            va.append((self.predict(X_val) == y_val).mean())
        learning_rate = learning_rate * learning_rate_decay
    return {'loss_history': hist, 'train_acc_history': ta, 'val_acc_history': va}
""",
    ),
    (
        "rmsprop_no_root_in_the_step",
        "classifier_trainer.update_step",
        ["rmsprop_no_root"],
        """
def update_step(update, gradient, memory, learning_rate, momentum):
    if update == 'sgd':
        return -1 * learning_rate * gradient, memory
    elif update == 'momentum':
        memory = momentum * memory - learning_rate * gradient
        return memory, memory
    elif update == 'rmsprop':
        cache = 0.99 * memory + (1 - 0.99) * gradient * gradient
        return -learning_rate * gradient / (cache + 1e-8), cache
    raise ValueError(update)
""",
    ),
    (
        "stop_by_the_previous_cost",
        "babysitting.should_stop",
        ["stop_compares_with_the_last"],
        """
def should_stop(costs):
    if np.isnan(costs[-1]) or np.isinf(costs[-1]):
        return True
    if len(costs) < 2:
        return False
    return costs[-1] > costs[-2] * 3
""",
    ),
    (
        "powers_of_uniform_bounds",
        "babysitting.log_uniform",
        ["sample_powers_of_the_bounds"],
        """
def log_uniform(low, high, size):
    return 10 ** np.random.uniform(low, high, size)
""",
    ),
]
