"""Right variants of the reference solution, unlike it in ways that no check may punish.

Patches as in hw3's `mistakes`; ``note`` says what is different. What is here about neural_net is for hw3 too.
"""

NEURAL_NET, MODEL = "nndl/neural_net.py", "nndl/two_layer_net.py"
TRAINER, BABYSITTING = "nndl/classifier_trainer.py", "nndl/babysitting.py"

NET_LOG = "log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))"
NET_SAMPLE = "            chosen = np.random.choice(num_train, batch_size)\n"
NET_STEP = "self.params[name] -= learning_rate * gradient"
NET_DECAY = "            if it % iterations_per_epoch == 0:\n"
TRAINER_SAMPLE = "                chosen = np.random.choice(num_train, batch_size)\n"
TRAINER_MOMENTUM = "memory = momentum * memory - learning_rate * gradient"
TRAINER_VELOCITY = "return memory, memory"
TRAINER_RMSPROP = "/ np.sqrt(memory + 1e-8)"
TRAINER_STEP = "                model[name] += step\n"
OVERFIT = "    net = TwoLayerNet(X.shape[1], 40, num_classes, std=1e-2)\n"
LOG_UNIFORM = "return np.exp(np.random.uniform(np.log(low), np.log(high), size))"
REFINE = "        ranges = search.refine(ranges, results)\n"
STOP = "return not np.isfinite(costs[-1]) or costs[-1] > 3 * costs[0]"

WRITTEN_ANEW = """\
W1, b1, W2, b2 = model["W1"], model["b1"], model["W2"], model["b2"]
N = X.shape[0]
z = np.dot(X, W1) + b1
h = np.where(z > 0, z, 0)
s = np.dot(h, W2) + b2
if y is None:
    return s
p = np.exp(s - s.max(1)[:, None])
p /= p.sum(1)[:, None]
loss = -np.log(p[np.arange(N), y]).sum() / N + reg / 2 * ((W1 ** 2).sum() + (W2 ** 2).sum())
d = p
d[np.arange(N), y] -= 1
d = d / N
dz = np.dot(d, W2.T)
dz[z <= 0] = 0
return loss, {"W1": np.dot(X.T, dz) + reg * W1, "b1": dz.sum(0), "W2": np.dot(h.T, d) + reg * W2, "b2": d.sum(0)}
"""

LOSS_ANEW = """\
W1, b1 = self.params["W1"], self.params["b1"]
W2, b2 = self.params["W2"], self.params["b2"]
N = X.shape[0]
a1 = X.dot(W1.T) + b1
h1 = a1 * (a1 > 0)
scores = h1.dot(W2.T) + b2
if y is None:
    return scores
e = np.exp(scores - np.max(scores, axis=1, keepdims=True))
P = e / np.sum(e, axis=1, keepdims=True)
loss = np.sum(-np.log(P[np.arange(N), y])) / N
loss += 0.5 * reg * np.sum(W1 * W1) + 0.5 * reg * np.sum(W2 * W2)
grads = {}
dS = P.copy()
dS[range(N), y] -= 1
dS /= N
grads["W2"] = dS.T.dot(h1) + reg * W2
grads["b2"] = np.sum(dS, axis=0)
dh = dS.dot(W2)
dh[a1 <= 0] = 0
grads["W1"] = dh.T.dot(X) + reg * W1
grads["b1"] = np.sum(dh, axis=0)
return loss, grads
"""

TRAIN_ANEW = """\
num_train = X.shape[0]
per_epoch = max(num_train // batch_size, 1)
lh, ta, va = [], [], []
for it in range(num_iters):
    idx = np.random.choice(num_train, batch_size)
    xb, yb = X[idx], y[idx]
    loss, grads = self.loss(xb, y=yb, reg=reg)
    lh.append(loss)
    for k in self.params:
        self.params[k] -= learning_rate * grads[k]
    if it % per_epoch == 0:
        ta.append((self.predict(xb) == yb).mean())
        va.append((self.predict(X_val) == y_val).mean())
        learning_rate *= learning_rate_decay
return {"loss_history": lh, "train_acc_history": ta, "val_acc_history": va}
"""


def _alternative(name, note, *patches):
    return {"name": name, "note": note, "patches": patches}


ALTERNATIVES = [
    _alternative(
        "net_db_with_one_row",
        "bias gradients of shape (1, M), and biases that training gives this shape",
        (NEURAL_NET, "dscores.sum(axis=0)", "dscores.sum(axis=0, keepdims=True)"),
        (NEURAL_NET, "dhidden.sum(axis=0)", "dhidden.sum(axis=0, keepdims=True)"),
        (NEURAL_NET, NET_STEP, "self.params[name] = self.params[name] - learning_rate * gradient"),
        (MODEL, "dscores.sum(axis=0)", "dscores.sum(axis=0, keepdims=True)"),
        (MODEL, "dhidden.sum(axis=0)", "dhidden.sum(axis=0, keepdims=True)"),
        (TRAINER, TRAINER_STEP, "                model[name] = model[name] + step\n"),
    ),
    _alternative(
        "net_relu_passes_at_zero",
        "relu's gradient is 1 at exactly 0",
        (NEURAL_NET, "(hidden > 0)", "(X @ W1.T + b1 >= 0)"),
        (MODEL, "(hidden > 0)", "(X @ W1 + b1 >= 0)"),
    ),
    _alternative(
        "net_log_of_p_plus_eps",
        "a small number inside the logarithm",
        (NEURAL_NET, "log_p[rows, y].mean()", "np.log(np.exp(log_p[rows, y]) + 1e-7).mean()"),
        (MODEL, "log_p[rows, y].mean()", "np.log(np.exp(log_p[rows, y]) + 1e-7).mean()"),
    ),
    _alternative(
        "net_loss_is_an_array",
        "losses as arrays with one entry",
        (NEURAL_NET, "        return loss, grads\n", "        return np.array([loss]), grads\n"),
        (MODEL, "    return loss, grads\n", "    return np.array([loss]), grads\n"),
    ),
    _alternative(
        "softmax_unstable",
        "no shift before exp: a remark",
        (NEURAL_NET, "shifted = scores - scores.max(axis=1, keepdims=True)", "shifted = scores"),
        (NEURAL_NET, NET_LOG, "log_p = np.log(np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True))"),
    ),
    _alternative(
        "loss_returns_a_list",
        "a list where a tuple is usual",
        (NEURAL_NET, "        return loss, grads\n", "        return [loss, grads]\n"),
    ),
    _alternative(
        "net_from_layers",
        "the hidden layer by the functions of layers",
        (
            NEURAL_NET,
            "import numpy as np\n",
            "import numpy as np\n\nfrom .layers import affine_forward, relu_forward\n",
        ),
        (
            NEURAL_NET,
            "hidden = np.maximum(0, X @ W1.T + b1)",
            "hidden = relu_forward(affine_forward(X, W1.T, b1)[0])[0]",
        ),
    ),
    _alternative(
        "train_by_epochs",
        "minibatches without replacement",
        (
            NEURAL_NET,
            NET_SAMPLE,
            "            if it % iterations_per_epoch == 0:\n"
            "                order = np.random.permutation(num_train)\n"
            "            first = it % iterations_per_epoch * batch_size\n"
            "            chosen = order[first : first + batch_size]\n",
        ),
    ),
    _alternative(
        "train_decays_at_the_end",
        "the learning rate falls after the last iteration of an epoch",
        (NEURAL_NET, NET_DECAY, "            if (it + 1) % iterations_per_epoch == 0:\n"),
    ),
    _alternative(
        "train_keeps_arrays",
        "a history of one-entry arrays",
        (NEURAL_NET, "loss_history.append(loss)", "loss_history.append(np.array([loss]))"),
    ),
    _alternative(
        "predict_by_loop",
        "labels as a list of Python integers",
        (NEURAL_NET, "return self.loss(X).argmax(axis=1)", "return [int(np.argmax(row)) for row in self.loss(X)]"),
    ),
    _alternative(
        "model_softmax_unstable",
        "no shift before exp: a remark",
        (MODEL, "shifted = scores - scores.max(axis=1, keepdims=True)", "shifted = scores"),
        (MODEL, NET_LOG, "log_p = np.log(np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True))"),
    ),
    _alternative(
        "model_by_loops",
        "one example at a time",
        (MODEL, "scores = hidden @ W2 + b2", "scores = np.stack([row @ W2 + b2 for row in hidden])"),
        (
            MODEL,
            'grads["W1"] = X.T @ dhidden + reg * W1',
            'grads["W1"] = sum(np.outer(x, d) for x, d in zip(X, dhidden)) + reg * W1',
        ),
    ),
    _alternative(
        "init_by_normal",
        "weights by numpy.random.normal",
        (
            MODEL,
            "1e-5 * np.random.randn(input_size, hidden_size)",
            "np.random.normal(0, 1e-5, (input_size, hidden_size))",
        ),
        (MODEL, "np.zeros(hidden_size)", "np.zeros((1, hidden_size))"),
    ),
    _alternative(
        "rmsprop_eps_outside",
        "the small number outside of the root",
        (TRAINER, TRAINER_RMSPROP, "/ (np.sqrt(memory) + 1e-8)"),
    ),
    _alternative("rmsprop_larger_eps", "another small number", (TRAINER, TRAINER_RMSPROP, "/ np.sqrt(memory + 1e-7)")),
    _alternative(
        "rmsprop_larger_eps_outside",
        "another small number",
        (TRAINER, TRAINER_RMSPROP, "/ (np.sqrt(memory) + 1e-5)"),
    ),
    _alternative(
        "momentum_of_gradients",
        "a velocity of gradients, times the learning rate in the step",
        (TRAINER, TRAINER_MOMENTUM, "memory = momentum * memory + gradient"),
        (TRAINER, TRAINER_VELOCITY, "return -learning_rate * memory, memory"),
    ),
    _alternative(
        "trainer_by_epochs",
        "minibatches without replacement",
        (
            TRAINER,
            TRAINER_SAMPLE,
            "                if it % iterations_per_epoch == 0:\n"
            "                    order = np.random.permutation(num_train)\n"
            "                first = it % iterations_per_epoch * batch_size\n"
            "                chosen = order[first : first + batch_size]\n",
        ),
    ),
    _alternative(
        "trainer_without_replacement",
        "minibatches without replacement",
        (TRAINER, TRAINER_SAMPLE, TRAINER_SAMPLE.replace("batch_size)", "batch_size, replace=False)")),
    ),
    _alternative(
        "trainer_spares_the_first_epoch",
        "no decay after the very first iteration",
        (TRAINER, "            if end_of_epoch:\n", "            if end_of_epoch and it > 0:\n"),
    ),
    _alternative(
        "trainer_starts_at_no_accuracy",
        "a first best accuracy of 0",
        (TRAINER, "best_val_acc = {}, -1.0", "best_val_acc = {}, 0.0"),
    ),
    _alternative(
        "trainer_keeps_the_latest_best",
        "of equally good models, the last",
        (TRAINER, "if val_acc > best_val_acc:", "if val_acc >= best_val_acc:"),
    ),
    _alternative(
        "trainer_keeps_memory_in_itself",
        "velocities are attributes",
        (TRAINER, "        memory = {", "        memory = self.step_cache = {"),
    ),
    _alternative(
        "trainer_keeps_arrays",
        "a history of one-entry arrays",
        (TRAINER, "loss_history.append(loss)", "loss_history.append(np.array([loss]))"),
    ),
    _alternative("first_loss_by_norms", "squared norms", (BABYSITTING, "np.sum(w * w)", "np.linalg.norm(w) ** 2")),
    _alternative(
        "overfit_other_settings",
        "more hidden units, a higher rate, smaller weights, more steps",
        (BABYSITTING, OVERFIT, "    net = TwoLayerNet(X.shape[1], 100, num_classes)\n"),
        (BABYSITTING, "learning_rate=3e-2", "learning_rate=6e-2"),
        (BABYSITTING, "num_iters=100", "num_iters=300"),
    ),
    _alternative(
        "overfit_in_minibatches",
        "minibatches of 5, more of them",
        (BABYSITTING, "num_iters=100, batch_size=len(X)", "num_iters=300, batch_size=5"),
    ),
    _alternative(
        "stop_as_a_number",
        "1 and 0 instead of True and False",
        (BABYSITTING, STOP, "return 1 if not costs[-1] <= 3 * costs[0] else 0"),
    ),
    _alternative(
        "stop_for_any_cost",
        "looks at all costs, not at the latest only",
        (BABYSITTING, STOP, "return not np.max(costs) <= 3 * costs[0]"),
    ),
    _alternative(
        "ratio_by_norms",
        "norms of flattened arrays",
        (
            BABYSITTING,
            "np.sqrt(np.sum(step**2) / np.sum(w**2))",
            "np.linalg.norm(step.ravel()) / np.linalg.norm(w.ravel())",
        ),
    ),
    _alternative(
        "sample_in_powers_of_ten",
        "base 10",
        (BABYSITTING, LOG_UNIFORM, "return 10 ** np.random.uniform(np.log10(low), np.log10(high), size)"),
    ),
    _alternative(
        "sample_as_a_list",
        "a list of numbers, by loops",
        (BABYSITTING, LOG_UNIFORM, "return [low * (high / low) ** np.random.rand() for _ in range(size)]"),
    ),
    _alternative(
        "sample_with_a_generator",
        "a generator of its own",
        (BABYSITTING, LOG_UNIFORM, LOG_UNIFORM.replace("np.random.uniform", "np.random.default_rng().uniform")),
    ),
    _alternative(
        "propose_around_the_single_best",
        "a decade on either side of the best",
        (
            BABYSITTING,
            REFINE,
            "        best = search.ranked(results)[:1]\n"
            "        if best:\n"
            "            at = best[0]\n"
            "            ranges = {n: (max(a, at[n] / 10), min(b, at[n] * 10)) for n, (a, b) in ranges.items()}\n",
        ),
    ),
    _alternative(
        "propose_keeps_one",
        "refines around the best alone",
        (BABYSITTING, REFINE, REFINE.replace("results)", "results, keep=1)")),
    ),
    _alternative(
        "propose_steps_from_the_best",
        "normal steps from the best, cut at the bounds",
        (
            BABYSITTING,
            REFINE,
            "        best = search.ranked(results)[:1]\n"
            "        if best:\n"
            "            near = lambda x: x * 10 ** np.random.normal(0, 0.5)\n"
            "            at, bounds = best[0], ranges.items()\n"
            "            return [{n: min(max(near(at[n]), a), b) for n, (a, b) in bounds} for _ in range(count)]\n",
        ),
    ),
    _alternative(
        "model_in_another_style",
        "the whole function written in another style",
        (MODEL, "two_layer_net()", WRITTEN_ANEW),
    ),
    _alternative(
        "net_in_another_style",
        "the loss and the training written in another style",
        (NEURAL_NET, "TwoLayerNet.loss()", LOSS_ANEW),
        (NEURAL_NET, "TwoLayerNet.train()", TRAIN_ANEW),
    ),
]
