"""Wrong functions for hw2, written as students write them: no patches of the solution."""

LOSS = """
def loss(self, X, y=None, reg=0.0):
    W1, b1, W2, b2 = [self.params[k] for k in ('W1', 'b1', 'W2', 'b2')]
    N = X.shape[0]
    z1 = np.dot(X, W1.T) + b1
    a1 = np.maximum(0, z1)
    scores = np.dot(a1, W2.T) + b2
    if y is None:
        return scores
    ex = np.exp(scores - scores.max(axis=1, keepdims=True))
    probs = ex / ex.sum(axis=1, keepdims=True)
    {loss}
    dscores = probs.copy()
    dscores[range(N), y] -= 1
    {average}
    grads = {{}}
    grads['W2'] = np.dot(dscores.T, a1){reg2}
    grads['b2'] = {b2}
    dhidden = np.dot(dscores, W2)
    {relu}
    grads['W1'] = np.dot(dhidden.T, X){reg1}
    grads['b1'] = {b1}
    return loss, grads
"""
RIGHT = {
    "loss": "loss = -np.log(probs[range(N), y]).sum() / N + 0.5 * reg * (np.sum(W1 ** 2) + np.sum(W2 ** 2))",
    "average": "dscores /= N", "reg2": " + reg * W2", "reg1": " + reg * W1", "relu": "dhidden[a1 <= 0] = 0",
    "b1": "np.sum(dhidden, axis=0)", "b2": "np.sum(dscores, axis=0)",
}  # fmt: skip


def _net(name, truth, **changes):
    return (name, "neural_net.TwoLayerNet.loss", truth, LOSS.format(**{**RIGHT, **changes}))


WRONG = [
    _net(
        "loss_not_averaged",
        ["net_loss_summed"],
        loss="loss = np.sum(-np.log(probs[np.arange(N), y])) + 0.5 * reg * (np.sum(W1 ** 2) + np.sum(W2 ** 2))",
    ),
    _net(
        "biases_in_the_loss",
        ["net_regularises_biases"],
        loss="loss = np.mean(-np.log(probs[np.arange(N), y])) + reg * 0.5 * sum((p ** 2).sum() for p in self.params.values())",
    ),
    _net("reg_left_out", ["net_loss_ignores_reg"], loss="loss = np.mean(-np.log(probs[np.arange(N), y]))"),
    _net("gradients_with_2_reg", ["net_gradient_of_reg_twice"], reg1=" + 2 * reg * W1", reg2=" + 2 * reg * W2"),
    _net("gradients_without_reg", ["net_gradient_ignores_reg"], reg1="", reg2=""),
    _net("reg_only_in_W2", [], reg1=""),
    _net("mask_of_dhidden", ["net_relu_by_the_gradient"], relu="dhidden[dhidden <= 0] = 0"),
    _net("b1_over_everything", ["net_db_no_axis"], b1="np.sum(dhidden)"),
    _net("b2_averaged", [], b2="np.mean(dscores, axis=0)"),
    _net("averaged_twice", [], average="dscores /= N; dscores /= N"),
    _net(
        "log_of_ten",
        [],
        loss="loss = -np.log10(probs[range(N), y]).mean() + 0.5 * reg * (np.sum(W1 ** 2) + np.sum(W2 ** 2))",
    ),
    (
        "train_without_biases",
        "neural_net.TwoLayerNet.train",
        ["train_weights_only"],
        """
def train(self, X, y, X_val, y_val, learning_rate=1e-3, learning_rate_decay=0.95, reg=1e-5, num_iters=100, batch_size=200, verbose=False):
    n = X.shape[0]
    per_epoch = max(n // batch_size, 1)
    losses, train_acc, val_acc = [], [], []
    for it in range(num_iters):
        idx = np.random.choice(n, batch_size, replace=True)
        loss, grads = self.loss(X[idx], y[idx], reg=reg)
        losses.append(loss)
        self.params['W1'] = self.params['W1'] - learning_rate * grads['W1']
        self.params['W2'] = self.params['W2'] - learning_rate * grads['W2']
        if it % per_epoch == 0:
            train_acc.append((self.predict(X[idx]) == y[idx]).mean())
            val_acc.append((self.predict(X_val) == y_val).mean())
            learning_rate *= learning_rate_decay
    return {'loss_history': losses, 'train_acc_history': train_acc, 'val_acc_history': val_acc}
""",
    ),
    (
        "predict_over_examples",
        "neural_net.TwoLayerNet.predict",
        ["predict_axis"],
        """
def predict(self, X):
    h = np.maximum(0, np.dot(X, self.params['W1'].T) + self.params['b1'])
    return np.argmax(np.dot(h, self.params['W2'].T) + self.params['b2'], axis=0)
""",
    ),
    (
        "model_reg_not_halved",
        "two_layer_net.two_layer_net",
        ["model_no_half"],
        """
def two_layer_net(X, model, y=None, reg=0.0):
    W1, b1, W2, b2 = model['W1'], model['b1'], model['W2'], model['b2']
    N = X.shape[0]
    h = np.maximum(0, X.dot(W1) + b1)
    scores = h.dot(W2) + b2
    if y is None:
        return scores
    e = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    p = e / np.sum(e, axis=1, keepdims=True)
    loss = np.sum(-np.log(p[np.arange(N), y])) / N + reg * (np.sum(np.square(W1)) + np.sum(np.square(W2)))
    d = p
    d[np.arange(N), y] -= 1
    d = d / N
    dh = d.dot(W2.T)
    dh = np.where(h > 0, dh, 0)
    return loss, {'W1': X.T.dot(dh) + reg * W1, 'b1': np.sum(dh, axis=0), 'W2': h.T.dot(d) + reg * W2, 'b2': np.sum(d, axis=0)}
""",
    ),
    (
        "update_adds",
        "classifier_trainer.update_step",
        ["momentum_ascends"],
        """
def update_step(update, gradient, memory, learning_rate, momentum):
    if update == 'sgd':
        return -learning_rate * gradient, memory
    if update == 'momentum':
        v = momentum * memory + learning_rate * gradient
        return v, v
    if update == 'rmsprop':
        cache = memory * 0.99 + 0.01 * np.square(gradient)
        return -learning_rate * gradient / np.sqrt(cache + 1e-8), cache
    raise ValueError(update)
""",
    ),
    (
        "update_decay_of_09",
        "classifier_trainer.update_step",
        ["rmsprop_decay_of_0_9"],
        """
def update_step(update, gradient, memory, learning_rate, momentum):
    decay = 0.9
    if update == 'sgd':
        return -learning_rate * gradient, memory
    if update == 'momentum':
        v = momentum * memory - learning_rate * gradient
        return v, v
    if update == 'rmsprop':
        cache = memory * decay + (1 - decay) * np.square(gradient)
        return -learning_rate * gradient / (np.sqrt(cache) + 1e-8), cache
    raise ValueError(update)
""",
    ),
]
