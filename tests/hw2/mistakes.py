"""Wrong variants of the reference solution, each of which the suite must catch, in its own question only.

Patches as in hw3's `mistakes`. What is here about neural_net is for hw3 too, whose checks of it are the same file.
"""

# By question, the beginnings of the names of the holes that it is about.
HOLES = {
    "neural_net": ("nndl.neural_net",),
    "two_layer_model": ("nndl.two_layer_net",),
    "trainer": ("nndl.classifier_trainer",),
    "babysitting": (
        "nndl.babysitting.expected_first_loss",
        "nndl.babysitting.overfit_small",
        "nndl.babysitting.should_stop",
        "nndl.babysitting.update_ratio",
    ),
    "search": ("nndl.babysitting.log_uniform", "nndl.babysitting.propose"),
}

# Where students read what a question is about: a notebook of theirs, and a heading in it.
READ = {
    "neural_net": "two_layer_net.ipynb, The network",
    "two_layer_model": "update_rules.ipynb, The network as a function",
    "trainer": "update_rules.ipynb, Momentum",
    "babysitting": "babysitting.ipynb, Babysitting a training run",
    "search": "babysitting.ipynb, 7. From coarse to fine",
}

# Mistakes that agree with themselves, which no check of their question may let pass.
ONLY_WITH_THEMSELVES = ["net_nothing", "net_no_relu"]

NEURAL_NET, MODEL = "nndl/neural_net.py", "nndl/two_layer_net.py"
TRAINER, BABYSITTING = "nndl/classifier_trainer.py", "nndl/babysitting.py"

# Lines of the reference that several variants change.
NET_LOSS = "loss = -log_p[rows, y].mean() + 0.5 * reg * (np.sum(W1 * W1) + np.sum(W2 * W2))"
NET_SCORES = "        scores = hidden @ W2.T + b2\n        ### END SOLUTION"
NET_SAMPLE = "            X_batch, y_batch = X[chosen], y[chosen]\n"
NET_STEP = "                self.params[name] -= learning_rate * gradient\n"
NET_PREDICT = "return self.loss(X).argmax(axis=1)"
MODEL_SCORES = "    scores = hidden @ W2 + b2\n"
TRAINER_BATCH = "                X_batch, y_batch = X[chosen], y[chosen]\n"
TRAINER_MOMENTUM = "memory = momentum * memory - learning_rate * gradient"
TRAINER_MEAN = "memory = 0.99 * memory + 0.01 * gradient**2"
TRAINER_RMSPROP = "return -learning_rate * gradient / np.sqrt(memory + 1e-8), memory"
TRAINER_VELOCITY = "return memory, memory"
TRAINER_CALL = "step, memory[name] = update_step(update, gradient, memory[name], learning_rate, momentum)"
TRAINER_STEP = "                model[name] += step\n"
TRAINER_DECAY = "            if end_of_epoch:\n                learning_rate *= learning_rate_decay\n"
TRAINER_BEST = "best_model = {name: w.copy() for name, w in model.items()}"
FIRST_LOSS = "return np.log(num_classes) + 0.5 * reg * sum(np.sum(w * w) for w in weights)"
STOP = "return not np.isfinite(costs[-1]) or costs[-1] > 3 * costs[0]"
RATIO = "return np.sqrt(np.sum(step**2) / np.sum(w**2))"
LOG_UNIFORM = "return np.exp(np.random.uniform(np.log(low), np.log(high), size))"
REFINE = "        ranges = search.refine(ranges, results)\n"


def _mistake(question, name, hint, *patches):
    return {"name": name, "question": question, "hint": hint, "patches": patches}


def _neural_net(name, hint, *replacements):
    return _mistake("neural_net", name, hint, *((NEURAL_NET, old, new) for old, new in replacements))


def _model(name, hint, *replacements):
    return _mistake("two_layer_model", name, hint, *((MODEL, old, new) for old, new in replacements))


def _trainer(name, hint, *replacements):
    return _mistake("trainer", name, hint, *((TRAINER, old, new) for old, new in replacements))


def _babysitting(name, hint, *replacements):
    return _mistake("babysitting", name, hint, *((BABYSITTING, old, new) for old, new in replacements))


def _search(name, hint, *replacements):
    return _mistake("search", name, hint, *((BABYSITTING, old, new) for old, new in replacements))


MISTAKES = [
    # neural_net
    _neural_net("net_no_half", "regularises by reg W^2", (NET_LOSS, NET_LOSS.replace("0.5 * ", ""))),
    _neural_net(
        "net_regularises_biases",
        "regularises biases in the loss",
        (NET_LOSS, NET_LOSS + " + 0.5 * reg * (np.sum(b1 * b1) + np.sum(b2 * b2))"),
    ),
    _neural_net(
        "net_last_layer_unregularised",
        "regularises only the first layer",
        (NET_LOSS, NET_LOSS.replace(" + np.sum(W2 * W2)", "")),
        (" + reg * W2", ""),
    ),
    _neural_net("net_loss_ignores_reg", "ignores reg in the loss", (NET_LOSS, "loss = -log_p[rows, y].mean()")),
    _neural_net("net_gradient_ignores_reg", "ignores reg in the gradients", (" + reg * W1", ""), (" + reg * W2", "")),
    _neural_net("net_gradient_of_reg_twice", "does not halve by 0.5", (" + reg * W1", " + 2 * reg * W1")),
    _neural_net("net_loss_summed", "sums the loss over the batch", ("log_p[rows, y].mean()", "log_p[rows, y].sum()")),
    _neural_net("net_gradient_summed", "does not divide by N", ("        dscores /= len(X)\n", "")),
    _neural_net(
        "net_minus_one_everywhere", "subtracts 1 in whole columns", ("dscores[rows, y] -= 1", "dscores[:, y] -= 1")
    ),
    _neural_net(
        "net_relu_by_the_gradient",
        "asks where the gradient is positive, and not where the hidden unit is, in the backward pass",
        ("dscores @ W2 * (hidden > 0)", "np.maximum(0, dscores @ W2)"),
    ),
    _neural_net(
        "net_no_relu_backward", "has no ReLU in the backward pass", ("dscores @ W2 * (hidden > 0)", "dscores @ W2")
    ),
    _neural_net(
        "net_no_relu",
        "has no ReLU in either pass",
        ("hidden = np.maximum(0, X @ W1.T + b1)", "hidden = X @ W1.T + b1"),
        ("dscores @ W2 * (hidden > 0)", "dscores @ W2"),
    ),
    _neural_net(
        "net_relu_on_scores",
        "has a ReLU after the last layer",
        (NET_SCORES, NET_SCORES.replace("hidden @ W2.T + b2", "np.maximum(0, hidden @ W2.T + b2)")),
    ),
    _neural_net("net_db_no_axis", "sums b1's gradient over everything", ("dhidden.sum(axis=0)", "dhidden.sum()")),
    _neural_net("net_dW1_missing", "leaves W1's gradient out", ('grads["W1"] = dhidden.T @ X + reg * W1', "pass")),
    _neural_net(
        "net_nothing",
        "returns zeros",
        (NET_SCORES, NET_SCORES.replace("hidden @ W2.T + b2", "np.zeros((len(X), len(b2)))")),
        ("        return loss, grads\n", "        return 0.0, {k: 0 * v for k, v in grads.items()}\n"),
    ),
    _neural_net(
        "train_appends_twice",
        "notes each loss twice",
        (NET_SAMPLE, NET_SAMPLE + "            loss_history.append(self.loss(X_batch, y_batch, reg)[0])\n"),
    ),
    _neural_net(
        "train_weights_only",
        "updates no biases",
        (NET_STEP, '                if name.startswith("W"):\n    ' + NET_STEP),
    ),
    _neural_net(
        "train_ascends", "adds the gradient where it has to subtract it", (NET_STEP, NET_STEP.replace("-=", "+="))
    ),
    _neural_net("train_never_steps", "forgets to update", (NET_STEP, "                pass\n")),
    _neural_net("train_full_batch", "trains on all examples", (NET_SAMPLE, "            X_batch, y_batch = X, y\n")),
    _neural_net(
        "train_same_batch",
        "trains on the first examples only",
        (NET_SAMPLE, "            X_batch, y_batch = X[:batch_size], y[:batch_size]\n"),
    ),
    _neural_net(
        "train_mixes_labels",
        "draws labels apart from their examples",
        (NET_SAMPLE, NET_SAMPLE.replace("y[chosen]", "y[np.random.choice(num_train, batch_size)]")),
    ),
    _neural_net(
        "train_no_decay",
        "never lowers the learning rate",
        ("                learning_rate *= learning_rate_decay\n", ""),
    ),
    _neural_net(
        "train_decays_always",
        "lowers the learning rate in every iteration",
        (
            "                learning_rate *= learning_rate_decay\n",
            "            learning_rate *= learning_rate_decay\n",
        ),
    ),
    _neural_net("predict_argmin", "predicts the lowest score", (NET_PREDICT, NET_PREDICT.replace("argmax", "argmin"))),
    _neural_net(
        "predict_axis", "compares examples, not classes", (NET_PREDICT, NET_PREDICT.replace("axis=1", "axis=0"))
    ),
    _neural_net("predict_scores", "returns scores", (NET_PREDICT, "return self.loss(X)")),
    _neural_net("predict_zeros", "predicts class 0", (NET_PREDICT, "return np.zeros(len(X), dtype=int)")),
    # two_layer_model
    _model(
        "init_weights_of_zero",
        "starts from equal units",
        ('"W1": 1e-5 * np.random.randn(', '"W1": np.zeros(('),
        ("input_size, hidden_size),\n", "input_size, hidden_size)),\n"),
    ),
    _model("init_weights_of_one_size", "starts from weights of size 1", ('"W1": 1e-5 * ', '"W1": ')),
    _model(
        "init_transposed",
        "has weights the wrong way round",
        ("np.random.randn(input_size, hidden_size)", "np.random.randn(hidden_size, input_size)"),
    ),
    _model("init_bias_of_one", "starts biases at 1", ("np.zeros(hidden_size)", "np.ones(hidden_size)")),
    _model(
        "init_one_seed",
        "draws the same numbers at every call",
        ('    return {\n        "W1"', '    np.random.seed(0)\n    return {\n        "W1"'),
    ),
    _model("model_no_half", "regularises by reg W^2", (NET_LOSS, NET_LOSS.replace("0.5 * ", ""))),
    _model(
        "model_regularises_biases",
        "regularises biases in the loss",
        (NET_LOSS, NET_LOSS + " + 0.5 * reg * (np.sum(b1 * b1) + np.sum(b2 * b2))"),
    ),
    _model(
        "model_last_layer_unregularised",
        "regularises only the first layer",
        (NET_LOSS, NET_LOSS.replace(" + np.sum(W2 * W2)", "")),
        (" + reg * W2", ""),
    ),
    _model("model_loss_ignores_reg", "ignores reg in the loss", (NET_LOSS, "loss = -log_p[rows, y].mean()")),
    _model("model_gradient_ignores_reg", "ignores reg in the gradients", (" + reg * W1", ""), (" + reg * W2", "")),
    _model("model_gradient_of_reg_twice", "does not halve by 0.5", (" + reg * W1", " + 2 * reg * W1")),
    _model("model_loss_summed", "sums the loss over the batch", ("log_p[rows, y].mean()", "log_p[rows, y].sum()")),
    _model("model_gradient_summed", "does not divide by N", ("    dscores /= len(X)\n", "")),
    _model(
        "model_minus_one_everywhere", "subtracts 1 in whole columns", ("dscores[rows, y] -= 1", "dscores[:, y] -= 1")
    ),
    _model(
        "model_relu_by_the_gradient",
        "asks where the gradient is positive, and not where the hidden unit is, in the backward pass",
        ("dscores @ W2.T * (hidden > 0)", "np.maximum(0, dscores @ W2.T)"),
    ),
    _model(
        "model_no_relu_backward",
        "has no ReLU in the backward pass",
        ("dscores @ W2.T * (hidden > 0)", "dscores @ W2.T"),
    ),
    _model(
        "model_no_relu",
        "has no ReLU in either pass",
        ("hidden = np.maximum(0, X @ W1 + b1)", "hidden = X @ W1 + b1"),
        ("dscores @ W2.T * (hidden > 0)", "dscores @ W2.T"),
    ),
    _model(
        "model_relu_on_scores",
        "has a ReLU after the last layer",
        (MODEL_SCORES, "    scores = np.maximum(0, hidden @ W2 + b2)\n"),
    ),
    _model("model_db_no_axis", "sums b1's gradient over everything", ("dhidden.sum(axis=0)", "dhidden.sum()")),
    _model("model_dW1_missing", "leaves W1's gradient out", ('grads["W1"] = X.T @ dhidden + reg * W1', "pass")),
    _model("model_no_bias", "forgets b2", (MODEL_SCORES, "    scores = hidden @ W2\n")),
    _model(
        "model_changed_by_loss",
        "scales the weights at every call",
        ("    grads = {}\n", "    grads = {}\n    W1 *= 1 - 1e-3 * reg\n"),
    ),
    # trainer
    _trainer(
        "momentum_not_stored", "forgets the velocity", (TRAINER_CALL, TRAINER_CALL.replace("memory[name] =", "_ ="))
    ),
    _trainer(
        "momentum_stores_the_gradient",
        "keeps the gradient, not the velocity",
        (TRAINER_VELOCITY, "return memory, -learning_rate * gradient"),
    ),
    _trainer(
        "momentum_ascends",
        "adds the gradient where it has to subtract it",
        (TRAINER_MOMENTUM, TRAINER_MOMENTUM.replace("- learning", "+ learning")),
    ),
    _trainer(
        "momentum_averaged",
        "weighs the gradient by 1 - momentum",
        (TRAINER_MOMENTUM, TRAINER_MOMENTUM.replace("- learning", "- (1 - momentum) * learning")),
    ),
    _trainer(
        "momentum_always_0_9",
        "ignores the argument",
        (TRAINER_MOMENTUM, TRAINER_MOMENTUM.replace("momentum *", "0.9 *")),
    ),
    _trainer("momentum_ignored", "does what sgd does", (TRAINER_MOMENTUM, "memory = -learning_rate * gradient")),
    _trainer(
        "momentum_of_all_parameters",
        "has one velocity for everything",
        (
            TRAINER_CALL,
            TRAINER_CALL.replace("memory[name]", 'memory["b2"]').replace(
                'gradient, memory["b2"]', 'gradient, np.mean(memory["b2"])'
            ),
        ),
    ),
    _trainer(
        "sgd_with_momentum",
        "uses momentum in sgd too",
        ('    if update == "sgd":\n        return -learning_rate * gradient, memory\n', ""),
        ('if update == "momentum"', 'if update != "rmsprop"'),
    ),
    _trainer(
        "rmsprop_no_root",
        "divides by the mean of squares itself",
        (TRAINER_RMSPROP, "return -learning_rate * gradient / (memory + 1e-8), memory"),
    ),
    _trainer(
        "rmsprop_decay_of_0_9",
        "forgets ten times too fast",
        (TRAINER_MEAN, "memory = 0.9 * memory + 0.1 * gradient**2"),
    ),
    _trainer(
        "rmsprop_decay_of_0_95",
        "forgets five times too fast",
        (TRAINER_MEAN, "memory = 0.95 * memory + 0.05 * gradient**2"),
    ),
    _trainer(
        "rmsprop_decay_of_0_999", "forgets too slowly", (TRAINER_MEAN, "memory = 0.999 * memory + 0.001 * gradient**2")
    ),
    _trainer(
        "rmsprop_weights_swapped",
        "weighs the new square by 0.99",
        (TRAINER_MEAN, "memory = 0.01 * memory + 0.99 * gradient**2"),
    ),
    _trainer(
        "rmsprop_not_stored",
        "forgets the mean of squares",
        (TRAINER_MEAN, "old, memory = memory, 0.99 * memory + 0.01 * gradient**2"),
        (TRAINER_RMSPROP, TRAINER_RMSPROP.replace(", memory", ", old")),
    ),
    _trainer("rmsprop_adds_up", "never forgets, as Adagrad", (TRAINER_MEAN, "memory = memory + gradient**2")),
    _trainer(
        "rmsprop_no_square",
        "averages gradients, not squares",
        (TRAINER_MEAN, "memory = 0.99 * memory + 0.01 * np.abs(gradient)"),
    ),
    _trainer("rmsprop_is_sgd", "does what sgd does", (TRAINER_RMSPROP, "return -learning_rate * gradient, memory")),
    _trainer(
        "trainer_weights_only",
        "updates no biases",
        (TRAINER_STEP, '                if name.startswith("W"):\n    ' + TRAINER_STEP),
    ),
    _trainer("trainer_never_steps", "forgets to update", (TRAINER_STEP, "                pass\n")),
    _trainer(
        "trainer_works_on_a_copy",
        "leaves the model as it was",
        (
            "        num_train = len(X)\n",
            "        num_train, model = len(X), {name: w.copy() for name, w in model.items()}\n",
        ),
    ),
    _trainer(
        "trainer_appends_twice",
        "notes each loss twice",
        (
            "            loss_history.append(loss)\n",
            "            loss_history.append(loss)\n            loss_history.append(loss)\n",
        ),
    ),
    _trainer(
        "trainer_ignores_reg",
        "trains without regularisation",
        ("loss_function(X_batch, model, y_batch, reg)", "loss_function(X_batch, model, y_batch)"),
    ),
    _trainer("trainer_no_decay", "never lowers the learning rate", (TRAINER_DECAY, "            pass\n")),
    _trainer(
        "trainer_decays_always",
        "lowers the learning rate in every iteration",
        (TRAINER_DECAY, "            learning_rate *= learning_rate_decay\n"),
    ),
    _trainer(
        "trainer_full_batch", "trains on all examples", (TRAINER_BATCH, "                X_batch, y_batch = X, y\n")
    ),
    _trainer(
        "trainer_batches_of_one_class",
        "draws minibatches of a single class",
        (
            TRAINER_BATCH,
            "                chosen = np.random.choice(np.flatnonzero(y == np.random.choice(y)), batch_size)\n"
            + TRAINER_BATCH,
        ),
    ),
    _trainer(
        "trainer_same_batch",
        "trains on the first examples only",
        (TRAINER_BATCH, "                X_batch, y_batch = X[:batch_size], y[:batch_size]\n"),
    ),
    _trainer(
        "trainer_mixes_labels",
        "draws labels apart from their examples",
        (TRAINER_BATCH, TRAINER_BATCH.replace("y[chosen]", "y[np.random.choice(num_train, batch_size)]")),
    ),
    _trainer(
        "trainer_always_samples",
        "ignores sample_batches",
        ("            if sample_batches:\n", "            if True:\n"),
    ),
    _trainer(
        "best_model_not_copied",
        "keeps the arrays themselves, which training goes on changing",
        (TRAINER_BEST, "best_model = model"),
    ),
    _trainer(
        "best_model_shallow",
        "keeps the arrays themselves, which training goes on changing",
        (TRAINER_BEST, "best_model = dict(model)"),
    ),
    _trainer("best_model_is_last", "keeps the last model", ("if val_acc > best_val_acc:", "if True:")),
    _trainer(
        "best_model_is_first", "never notes the best accuracy", ("if val_acc > best_val_acc:", "if not best_model:")
    ),
    _trainer(
        "best_model_on_training_set",
        "chooses by the training accuracy",
        ("if val_acc > best_val_acc:", "if train_acc > best_val_acc:"),
        ("best_val_acc = val_acc\n", "best_val_acc = train_acc\n"),
    ),
    _trainer(
        "model_ends_with_the_best",
        "gives the model its best parameters back",
        ("        return best_model, loss", "        model.update(best_model)\n        return best_model, loss"),
    ),
    # babysitting
    _babysitting("first_loss_without_reg", "forgets regularisation", (FIRST_LOSS, "return np.log(num_classes)")),
    _babysitting("first_loss_no_half", "regularises by reg W^2", (FIRST_LOSS, FIRST_LOSS.replace("0.5 * ", ""))),
    _babysitting(
        "first_loss_in_bits", "takes another logarithm", (FIRST_LOSS, FIRST_LOSS.replace("np.log", "np.log2"))
    ),
    _babysitting("first_loss_of_ten", "knows only ten classes", (FIRST_LOSS, FIRST_LOSS.replace("num_classes", "10"))),
    _babysitting("first_loss_not_squared", "sums the weights", (FIRST_LOSS, FIRST_LOSS.replace("w * w", "w"))),
    _babysitting("overfit_too_slow", "uses a rate that is too low", ("learning_rate=3e-2", "learning_rate=1e-6")),
    _babysitting("overfit_diverges", "uses a rate that is too high", ("learning_rate=3e-2", "learning_rate=10.0")),
    _babysitting("overfit_not_trained", "returns a new network", ("num_iters=100", "num_iters=0")),
    _babysitting("overfit_too_short", "takes two steps", ("num_iters=100", "num_iters=2")),
    _babysitting("stop_never", "never stops", (STOP, "return False")),
    _babysitting("stop_always", "always stops", (STOP, "return True")),
    _babysitting("stop_misses_nan", "goes on at NaN", (STOP, "return costs[-1] > 3 * costs[0]")),
    _babysitting(
        "stop_compares_with_the_last",
        "compares with the cost before",
        (STOP, "return len(costs) > 1 and not costs[-1] <= 3 * costs[-2]"),
    ),
    _babysitting("stop_at_any_rise", "stops when the cost rises", (STOP, "return not costs[-1] <= costs[0]")),
    _babysitting("stop_at_a_number", "compares with a fixed number", (STOP, "return not costs[-1] <= 6.9")),
    _babysitting(
        "stop_compares_with_the_lowest",
        "compares with the lowest cost",
        (STOP, "return not costs[-1] <= 3 * min(costs)"),
    ),
    _babysitting(
        "ratio_upside_down", "divides weights by steps", (RATIO, "return np.sqrt(np.sum(w**2) / np.sum(step**2))")
    ),
    _babysitting("ratio_squared", "has no root", (RATIO, "return np.sum(step**2) / np.sum(w**2)")),
    _babysitting("ratio_of_sums", "sums without squares", (RATIO, "return np.sum(step) / np.sum(w)")),
    _babysitting(
        "ratio_of_largest", "takes the largest entries", (RATIO, "return np.abs(step).max() / np.abs(w).max()")
    ),
    _babysitting(
        "ratio_of_matrix_norms",
        "takes the spectral norm of matrices",
        (
            RATIO,
            "return np.linalg.norm(step, 2 if w.ndim == 2 else None) / np.linalg.norm(w, 2 if w.ndim == 2 else None)",
        ),
    ),
    # search
    _search(
        "sample_linear",
        "draws evenly in the numbers themselves",
        (LOG_UNIFORM, "return np.random.uniform(low, high, size)"),
    ),
    _search(
        "sample_logs",
        "forgets the exponential",
        (LOG_UNIFORM, "return np.random.uniform(np.log(low), np.log(high), size)"),
    ),
    _search(
        "sample_mixed_bases",
        "takes one base there and another back",
        (LOG_UNIFORM, "return 10 ** np.random.uniform(np.log(low), np.log(high), size)"),
    ),
    _search(
        "sample_powers_of_the_bounds",
        "takes the bounds for exponents",
        (LOG_UNIFORM, "return 10 ** np.random.uniform(low, high, size)"),
    ),
    _search(
        "sample_whole_powers",
        "draws powers of ten only",
        (LOG_UNIFORM, "return 10.0 ** np.random.randint(np.floor(np.log10(low)), np.ceil(np.log10(high)) + 1, size)"),
    ),
    _search("sample_grid", "does not draw at random", (LOG_UNIFORM, "return np.geomspace(low, high, size)")),
    _search(
        "sample_seeded", "gives the same numbers at every call", (LOG_UNIFORM, "np.random.seed(0)\n    " + LOG_UNIFORM)
    ),
    _search("sample_one_number", "ignores size", (LOG_UNIFORM, LOG_UNIFORM.replace(", size)", ")"))),
    _search("propose_never_narrows", "draws from everything in every round", (REFINE, "        pass\n")),
    _search(
        "propose_repeats_the_best",
        "tries the best settings again and again",
        (
            REFINE,
            "        best = search.ranked(results)\n"
            "        if best:\n"
            "            return [{name: best[0][name] for name in ranges}] * count\n",
        ),
    ),
    _search(
        "propose_around_the_worst",
        "looks where scores are low",
        (REFINE, "        ranges = search.refine(ranges, search.ranked(results)[-3:])\n"),
    ),
    _search(
        "propose_around_the_first",
        "looks around the first results, whatever their scores",
        (REFINE, "        ranges = search.refine(ranges, results[:3])\n"),
    ),
    _search(
        "propose_trusts_nan",
        "takes the maximum although there are NaN",
        (
            REFINE,
            '        best = max(results, key=lambda result: result["score"])\n'
            '        ranges = search.refine(ranges, [{**best, "score": 1.0}])\n',
        ),
    ),
    _search(
        "propose_leaves_the_ranges",
        "looks beyond the bounds",
        (REFINE, REFINE + "        ranges = {name: (low / 100, high * 100) for name, (low, high) in ranges.items()}\n"),
    ),
    _search(
        "propose_one_setting", "forgets count", ("log_uniform(low, high, count) for", "log_uniform(low, high, 1) for")
    ),
    _search(
        "propose_shares_draws",
        "draws one number for all settings",
        (
            "    columns = [log_uniform(low, high, count) for low, high in ranges.values()]\n",
            "    shares = np.log(log_uniform(1.0, np.e, count))\n"
            "    columns = [low * (high / low) ** shares for low, high in ranges.values()]\n",
        ),
    ),
    _neural_net(
        "net_draws_from_the_first",
        "draws from the first batch_size examples only",
        ("np.random.choice(num_train, batch_size)", "np.random.choice(min(batch_size, num_train), batch_size)"),
    ),
    _neural_net(
        "net_ignores_batch_size",
        "draws one example, whatever batch_size is",
        ("np.random.choice(num_train, batch_size)", "np.random.choice(num_train, 1)"),
    ),
    _trainer(
        "trainer_draws_from_the_first",
        "draws from the first batch_size examples only",
        ("np.random.choice(num_train, batch_size)", "np.random.choice(min(batch_size, num_train), batch_size)"),
    ),
    _neural_net(
        "net_softmax_over_the_batch",
        "normalises over the batch",
        (
            "log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))",
            "log_p = scores - np.log(np.exp(scores).sum(axis=0))",
        ),
    ),
    _model(
        "model_softmax_over_the_batch",
        "normalises over the batch",
        (
            "log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))",
            "log_p = scores - np.log(np.exp(scores).sum(axis=0))",
        ),
    ),
    _neural_net(
        "net_bias_gradients_averaged_again",
        "averages the gradients of the biases, which are divided by the number of examples already",
        ('grads["b2"] = dscores.sum(axis=0)', 'grads["b2"] = dscores.mean(axis=0)'),
        ('grads["b1"] = dhidden.sum(axis=0)', 'grads["b1"] = dhidden.mean(axis=0)'),
    ),
    _model(
        "model_bias_gradients_averaged_again",
        "averages the gradients of the biases, which are divided by the number of examples already",
        ('grads["b2"] = dscores.sum(axis=0)', 'grads["b2"] = dscores.mean(axis=0)'),
        ('grads["b1"] = dhidden.sum(axis=0)', 'grads["b1"] = dhidden.mean(axis=0)'),
    ),
    _trainer(
        "rmsprop_adds_all_squares_up",
        "adds all squares up and forgets none, as AdaGrad does",
        (TRAINER_MEAN, "memory = memory + gradient**2"),
    ),
    _babysitting(
        "first_loss_of_norms",
        "takes the norms of the weights, and not their squares",
        (FIRST_LOSS, FIRST_LOSS.replace("np.sum(w * w)", "np.sqrt(np.sum(w * w))")),
    ),
    _babysitting(
        "ratio_of_each_entry",
        "averages the ratios of the entries",
        (RATIO, "return np.mean(np.abs(step) / (np.abs(w) + 1e-8))"),
    ),
    _search(
        "sample_exp_of_log10",
        "draws logarithms to base 10, and takes the exponential to base e",
        (LOG_UNIFORM, "return np.exp(np.random.uniform(np.log10(low), np.log10(high), size))"),
    ),
    _search(
        "propose_draws_evenly",
        "draws evenly in the numbers themselves, and not by log_uniform",
        ("log_uniform(low, high, count) for", "np.random.uniform(low, high, count) for"),
    ),
]

# Mutants that compute the same: lines of the solution, those of the mutant (*: any), why no check can tell them apart.
_SHIFT = "shifted = scores - scores.max(axis=1, keepdims=True)  # so that exp cannot overflow"
_UNSTABLE = "a softmax may overflow at scores around 1000, and is the same up to there"
_BEST = "if val_acc > best_val_acc:"
_RMSPROP = "return -learning_rate * gradient / np.sqrt(memory + 1e-8), memory"
_FREE = "settings are free, as long as the network learns its examples"
_SMALL = "any small spread is accepted"
_SIZES = {"W1": "input_size, hidden_size", "W2": "hidden_size, output_size"}
EQUIVALENT = [
    (_SHIFT, _SHIFT.replace("scores - scores", "scores + scores"), _UNSTABLE),
    (_SHIFT, "shifted = scores  # so that exp cannot overflow", _UNSTABLE),
    (_SHIFT, _SHIFT.replace("axis=1, ", ""), _UNSTABLE),
    (_SHIFT, _SHIFT.replace("max", "min"), _UNSTABLE),
    (_BEST, _BEST.replace(">", ">="), "of equally good parameters any may be kept"),
    (
        _RMSPROP,
        _RMSPROP.replace("np.sqrt(memory + 1e-8)", "(np.sqrt(memory) + 1e-08)"),
        "eps may be outside of the root",
    ),
    (_RMSPROP, _RMSPROP.replace("1e-8", "2e-08"), "any small eps is accepted"),
    *((f'"{name}": 1e-5 * np.random.randn({sizes}),', "*", _SMALL) for name, sizes in _SIZES.items()),
    ("net = TwoLayerNet(X.shape[1], 40, num_classes, std=1e-2)", "*", _FREE),
    (
        "net.train(X, y, X, y, learning_rate=3e-2, learning_rate_decay=1.0, reg=0.0, num_iters=100, batch_size=len(X))",
        "*",
        _FREE,
    ),
]
