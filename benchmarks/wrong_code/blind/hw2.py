"""Wrong functions for hw2, as students hand them in: no patches of the solution."""

WRONG = [
    # Bias gradients are means over the batch of what has been divided by N already: 1/N too small.
    (
        "nn_bias_gradient_mean",
        "neural_net.TwoLayerNet.loss",
        ["net_bias_gradients_averaged_again"],
        """
def loss(self, X, y=None, reg=0.0):
    W1, b1 = self.params['W1'], self.params['b1']
    W2, b2 = self.params['W2'], self.params['b2']
    N, D = X.shape

    h1 = np.dot(X, W1.T) + b1
    a1 = h1 * (h1 > 0)
    scores = np.dot(a1, W2.T) + b2
    if y is None:
        return scores

    scores_exp = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    softmax = scores_exp / np.sum(scores_exp, axis=1, keepdims=True)
    loss = -np.sum(np.log(softmax[np.arange(N), y])) / N
    loss += 0.5 * reg * (np.linalg.norm(W1) ** 2 + np.linalg.norm(W2) ** 2)

    grads = {}
    dz = softmax
    dz[np.arange(N), y] -= 1
    dz = dz / N
    grads['b2'] = np.mean(dz, axis=0)
    grads['W2'] = np.dot(dz.T, a1) + reg * W2
    da = np.dot(dz, W2)
    dh = (h1 > 0) * da
    grads['b1'] = np.mean(dh, axis=0)
    grads['W1'] = np.dot(dh.T, X) + reg * W1
    return loss, grads
""",
    ),
    # ReLU's backward pass zeroes where the GRADIENT is negative, not where the hidden unit was off.
    (
        "nn_relu_mask_from_gradient",
        "neural_net.TwoLayerNet.loss",
        ["net_relu_by_the_gradient"],
        """
def loss(self, X, y=None, reg=0.0):
    W1 = self.params['W1']
    b1 = self.params['b1']
    W2 = self.params['W2']
    b2 = self.params['b2']
    num_examples = X.shape[0]

    hidden_layer = np.maximum(0, X.dot(W1.T) + b1)
    scores = hidden_layer.dot(W2.T) + b2
    if y is None:
        return scores

    exp_scores = np.exp(scores - scores.max())
    probs = exp_scores / exp_scores.sum(axis=1, keepdims=True)
    correct_logprobs = -np.log(probs[range(num_examples), y])
    data_loss = np.sum(correct_logprobs) / num_examples
    reg_loss = 0.5 * reg * np.sum(W1 * W1) + 0.5 * reg * np.sum(W2 * W2)
    loss = data_loss + reg_loss

    dscores = probs
    dscores[range(num_examples), y] -= 1
    dscores /= num_examples

    grads = {}
    grads['W2'] = dscores.T.dot(hidden_layer)
    grads['b2'] = np.sum(dscores, axis=0)
    dhidden = dscores.dot(W2)
    # backprop the ReLU non-linearity
    dhidden[dhidden <= 0] = 0
    grads['W1'] = dhidden.T.dot(X)
    grads['b1'] = np.sum(dhidden, axis=0)
    grads['W2'] += reg * W2
    grads['W1'] += reg * W1
    return loss, grads
""",
    ),
    # Two mistakes: the scores go through a ReLU too (and back through it), and only W1 is regularised in the loss.
    (
        "nn_relu_on_scores_and_reg_w1_only",
        "neural_net.TwoLayerNet.loss",
        [],
        """
def loss(self, X, y=None, reg=0.0):
    W1, b1, W2, b2 = (self.params[k] for k in ['W1', 'b1', 'W2', 'b2'])
    relu = lambda v: np.maximum(v, 0)

    z1 = X @ W1.T + b1
    a1 = relu(z1)
    z2 = a1 @ W2.T + b2
    scores = relu(z2)

    if y is None:
        return scores

    n = len(y)
    m = scores.max(axis=1)[:, np.newaxis]
    lse = np.log(np.exp(scores - m).sum(axis=1)) + m[:, 0]
    loss = np.mean(lse - scores[np.arange(n), y]) + 0.5 * reg * np.sum(W1 ** 2)

    onehot = np.zeros_like(scores)
    onehot[np.arange(n), y] = 1
    d2 = (np.exp(scores - lse[:, None]) - onehot) / n
    d2 = d2 * (z2 > 0)
    d1 = (d2 @ W2) * (z1 > 0)
    grads = {
        'W2': d2.T @ a1 + reg * W2,
        'b2': d2.sum(0),
        'W1': d1.T @ X + reg * W1,
        'b1': d1.sum(0),
    }
    return loss, grads
""",
    ),
    # The step changes the weights only; the biases never move.
    (
        "nn_train_biases_not_updated",
        "neural_net.TwoLayerNet.train",
        ["train_weights_only"],
        """
def train(self, X, y, X_val, y_val, learning_rate=1e-3, learning_rate_decay=0.95, reg=1e-5,
          num_iters=100, batch_size=200, verbose=False):
    num_train = X.shape[0]
    iterations_per_epoch = int(max(num_train / batch_size, 1))
    loss_history = []
    train_acc_history = []
    val_acc_history = []

    for it in np.arange(num_iters):
        mask = np.random.choice(np.arange(num_train), batch_size, replace=True)
        X_batch = X[mask]
        y_batch = y[mask]

        loss, grads = self.loss(X_batch, y=y_batch, reg=reg)
        loss_history.append(loss)

        self.params['W1'] -= learning_rate * grads['W1']
        self.params['W2'] -= learning_rate * grads['W2']

        if verbose and it % 100 == 0:
            print('iteration {} / {}: loss {}'.format(it, num_iters, loss))

        if it % iterations_per_epoch == 0:
            train_acc = (self.predict(X_batch) == y_batch).mean()
            val_acc = (self.predict(X_val) == y_val).mean()
            train_acc_history.append(train_acc)
            val_acc_history.append(val_acc)
            learning_rate *= learning_rate_decay

    return {
        'loss_history': loss_history,
        'train_acc_history': train_acc_history,
        'val_acc_history': val_acc_history,
    }
""",
    ),
    # Written out anew, without the ReLU of the hidden layer.
    (
        "nn_predict_without_relu",
        "neural_net.TwoLayerNet.predict",
        [],
        """
def predict(self, X):
    H = X.dot(self.params['W1'].T) + self.params['b1']
    out = H.dot(self.params['W2'].T) + self.params['b2']
    y_pred = np.argmax(out, axis=1)
    return y_pred
""",
    ),
    # Two mistakes: divides by N twice in W's and b's gradients; adds biases to the regularisation of the loss only.
    (
        "model_two_divisions_and_bias_reg",
        "two_layer_net.two_layer_net",
        ["model_regularises_biases"],
        """
def two_layer_net(X, model, y=None, reg=0.0):
    W1, b1, W2, b2 = model['W1'], model['b1'], model['W2'], model['b2']
    N, D = X.shape
    layer1 = X.dot(W1) + b1
    layer1[layer1 < 0] = 0
    scores = layer1.dot(W2) + b2
    if y is None:
        return scores

    e = np.exp(scores - np.amax(scores, axis=1, keepdims=True))
    p = e / np.sum(e, axis=1, keepdims=True)
    loss = 0
    for i in range(N):
        loss -= np.log(p[i, y[i]])
    loss /= N
    loss += 0.5 * reg * sum(np.sum(model[k] ** 2) for k in model)

    grads = {}
    dscores = p
    for i in range(N):
        dscores[i, y[i]] -= 1
    dscores = dscores / N
    grads['W2'] = np.dot(layer1.T, dscores) / N + reg * W2
    grads['b2'] = np.sum(dscores, axis=0) / N
    dlayer1 = np.dot(dscores, W2.T)
    dlayer1[layer1 == 0] = 0
    grads['W1'] = np.dot(X.T, dlayer1) / N + reg * W1
    grads['b1'] = np.sum(dlayer1, axis=0) / N
    return loss, grads
""",
    ),
    # RMSprop's memory adds up all squares without any decay: that is AdaGrad.
    (
        "update_rmsprop_is_adagrad",
        "classifier_trainer.update_step",
        [],
        """
def update_step(update, gradient, memory, learning_rate, momentum):
    if update == 'sgd':
        step = -learning_rate * gradient
    elif update == 'momentum':
        step = momentum * memory - learning_rate * gradient
        memory = step
    elif update == 'rmsprop':
        memory = memory + gradient ** 2
        step = -learning_rate * gradient / np.sqrt(memory + 1e-8)
    else:
        raise ValueError('Unrecognized update type "%s"' % update)
    return step, memory
""",
    ),
    # best_model holds the arrays themselves, not copies: it follows the training to the last iteration.
    (
        "trainer_best_model_not_copied",
        "classifier_trainer.ClassifierTrainer.train",
        ["best_model_not_copied", "best_model_shallow", "best_model_is_last"],
        """
def train(self, X, y, X_val, y_val, model, loss_function, reg=0.0, learning_rate=1e-2, momentum=0.0,
          learning_rate_decay=0.95, update='momentum', sample_batches=True, num_epochs=30, batch_size=100,
          acc_frequency=None, verbose=False):
    N = X.shape[0]
    if sample_batches:
        iterations_per_epoch = max(N // batch_size, 1)
    else:
        iterations_per_epoch = 1
    num_iters = num_epochs * iterations_per_epoch
    best_val_acc = -1.0
    best_model = {}
    loss_history = []
    train_acc_history = []
    val_acc_history = []
    cache = {p: np.zeros_like(model[p]) for p in model}

    for it in range(num_iters):
        if sample_batches:
            batch_mask = np.random.choice(N, batch_size)
            X_batch = X[batch_mask]
            y_batch = y[batch_mask]
        else:
            X_batch = X
            y_batch = y

        cost, grads = loss_function(X_batch, model, y_batch, reg)
        loss_history.append(cost)

        for p in model:
            dx, cache[p] = update_step(update, grads[p], cache[p], learning_rate, momentum)
            model[p] += dx

        first_it = it == 0
        epoch_end = (it + 1) % iterations_per_epoch == 0
        acc_check = acc_frequency is not None and it % acc_frequency == 0
        if first_it or epoch_end or acc_check:
            if N > 1000:
                train_mask = np.random.choice(N, 1000, replace=False)
                X_sub, y_sub = X[train_mask], y[train_mask]
            else:
                X_sub, y_sub = X, y
            train_acc = np.mean(np.argmax(loss_function(X_sub, model), axis=1) == y_sub)
            train_acc_history.append(train_acc)
            val_acc = np.mean(np.argmax(loss_function(X_val, model), axis=1) == y_val)
            val_acc_history.append(val_acc)
            if verbose:
                print('iteration %d: loss %f, train %f, val %f' % (it, cost, train_acc, val_acc))
            # keep track of the best model
            if val_acc > best_val_acc:
                best_val_acc = val_acc
                best_model = {}
                for p in model:
                    best_model[p] = model[p]

        if epoch_end:
            learning_rate *= learning_rate_decay

    return best_model, loss_history, train_acc_history, val_acc_history
""",
    ),
    # The learning rate decays in every iteration, not at the end of an epoch.
    (
        "trainer_decay_every_iteration",
        "classifier_trainer.ClassifierTrainer.train",
        ["trainer_decays_always"],
        """
def train(self, X, y, X_val, y_val, model, loss_function, reg=0.0, learning_rate=1e-2, momentum=0.0,
          learning_rate_decay=0.95, update='momentum', sample_batches=True, num_epochs=30, batch_size=100,
          acc_frequency=None, verbose=False):
    num_train = len(X)
    per_epoch = max(num_train // batch_size, 1) if sample_batches else 1
    losses, train_accs, val_accs = [], [], []
    best_model, best_val = {}, -1.0
    mem = {}
    for k, v in model.items():
        mem[k] = np.zeros(v.shape)

    for it in range(num_epochs * per_epoch):
        if not sample_batches:
            xb, yb = X, y
        else:
            ids = np.random.randint(0, num_train, batch_size)
            xb, yb = X[ids], y[ids]

        loss, grads = loss_function(xb, model, yb, reg)
        losses.append(loss)

        for k in grads:
            step, mem[k] = update_step(update, grads[k], mem[k], learning_rate, momentum)
            model[k] += step
        learning_rate = learning_rate * learning_rate_decay

        done = (it + 1) % per_epoch == 0
        if it == 0 or done or (acc_frequency is not None and it % acc_frequency == 0):
            sel = np.random.choice(num_train, 1000, replace=False) if num_train > 1000 else np.arange(num_train)
            train_acc = (loss_function(X[sel], model).argmax(1) == y[sel]).mean()
            val_acc = (loss_function(X_val, model).argmax(1) == y_val).mean()
            train_accs.append(train_acc)
            val_accs.append(val_acc)
            if verbose:
                print(it, loss, train_acc, val_acc)
            if val_acc > best_val:
                best_val = val_acc
                best_model = {k: np.copy(v) for k, v in model.items()}

    return best_model, losses, train_accs, val_accs
""",
    ),
    # The regularisation has the norm of the weights, not its square.
    (
        "first_loss_norm_not_squared",
        "babysitting.expected_first_loss",
        ["first_loss_of_norms"],
        """
def expected_first_loss(num_classes, weights=(), reg=0.0):
    data_loss = -np.log(1.0 / num_classes)
    reg_loss = 0
    for W in weights:
        reg_loss += 0.5 * reg * np.linalg.norm(W)
    return data_loss + reg_loss
""",
    ),
    # NaN is not noticed: comparisons with NaN are False.
    (
        "should_stop_misses_nan",
        "babysitting.should_stop",
        [],
        """
def should_stop(costs):
    if costs[-1] > 3 * costs[0]:
        return True
    if costs[-1] == np.inf or costs[-1] == np.nan:
        return True
    return False
""",
    ),
    # The mean of the entries' ratios, not the ratio of the norms.
    (
        "update_ratio_mean_of_ratios",
        "babysitting.update_ratio",
        ["ratio_of_each_entry"],
        """
def update_ratio(w, step):
    ratio = np.abs(step) / np.abs(w)
    return ratio.mean()
""",
    ),
    # Logarithms to base 10 are undone with exp.
    (
        "log_uniform_log10_and_exp",
        "babysitting.log_uniform",
        ["sample_exp_of_log10"],
        """
def log_uniform(low, high, size):
    lo = np.log10(low)
    hi = np.log10(high)
    u = np.random.uniform(lo, hi, size=size)
    return np.exp(u)
""",
    ),
    # The refined ranges are computed, but the settings are drawn evenly and not evenly in the logarithm.
    (
        "propose_uniform_draws",
        "babysitting.propose",
        [],
        """
def propose(results, ranges, count):
    if len(results) > 0:
        ranges = search.refine(ranges, results)
    proposals = []
    for _ in range(count):
        trial = {}
        for name in ranges:
            low, high = ranges[name]
            trial[name] = float(np.random.uniform(low, high))
        proposals.append(trial)
    return proposals
""",
    ),
]
