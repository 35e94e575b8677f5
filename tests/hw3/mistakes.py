"""Wrong variants of the reference solution, each of which the suite must catch, in its own question only.

A variant is a list of patches ``(file, old, new)``: text of a file below solutions/, which occurs there
exactly once, and what stands there instead. ``hint`` says what the student did. Those of neural_net are in hw2, as are
its checks.
"""

# By question, the beginnings of the names of the holes that it is about.
HOLES = {
    "affine": ("nndl.layers.affine",),
    "relu": ("nndl.layers.relu",),
    "neural_net": ("nndl.neural_net",),
    "two_layer": ("nndl.fc_net.TwoLayerNet",),
    "fully_connected": ("nndl.fc_net.FullyConnectedNet",),
}

# Where students read what a question is about: a notebook of theirs, and a heading in it.
READ = {
    "affine": "fc_nets.ipynb, Affine layer: backward",
    "relu": "fc_nets.ipynb, ReLU: forward and backward",
    "neural_net": "two_layer_nn.ipynb, Bring it along",
    "two_layer": "fc_nets.ipynb, A two-layer network from layers",
    "fully_connected": "fc_nets.ipynb, Any number of layers",
}

# Questions that are another assignment's too: their mistakes are listed there.
SHARED = {"neural_net": "hw2"}

# Mistakes that agree with themselves, which no check of their question may let pass.
ONLY_WITH_THEMSELVES = [
    "affine_nothing",
    "affine_doubled",
    "relu_nothing",
    "relu_leaky",
    "relu_identity",
]

LAYERS, FC_NET = "nndl/layers.py", "nndl/fc_net.py"

# Lines of the reference that several variants change.
AFFINE_OUT = "    out = rows @ w + b\n"
AFFINE_DX = "dx = (dout @ w.T).reshape(x.shape)"
AFFINE_DW = "dw = rows.T @ dout"
AFFINE_DB = "db = dout.sum(axis=0)"
RELU_OUT = "out = np.maximum(0, x)"
RELU_DX = "return dout * (x > 0)"
TWO_TERM = "        loss += 0.5 * self.reg * (np.sum(W1 * W1) + np.sum(W2 * W2))\n"
TWO_W1 = 'self.params["W1"] = weight_scale * np.random.randn(input_dim, hidden_dims)'
TWO_W2 = 'self.params["W2"] = weight_scale * np.random.randn(hidden_dims, num_classes)'
TWO_HIDDEN = "hidden, hidden_cache = affine_relu_forward(X, W1, b1)"
TWO_SCORES = "scores, scores_cache = affine_forward(hidden, W2, b2)"
FULL_W = "weight_scale * np.random.randn(fan_in, fan_out)"
FULL_TERM = "            loss += 0.5 * self.reg * np.sum(w * w)\n"
FULL_GRAD = '            grads[f"W{i}"] += self.reg * w\n'
FULL_LAYERS = "for i, (w, _) in enumerate(params, start=1):"
FULL_DIMS = "dims = [input_dim, *hidden_dims, num_classes]"
FULL_SCORES = "scores, scores_cache = affine_forward(out, *params[-1])"
FULL_LAST = 'dout, grads[f"W{last}"], grads[f"b{last}"] = affine_backward(dscores, scores_cache)'


def _mistake(question, name, hint, *patches):
    return {"name": name, "question": question, "hint": hint, "patches": patches}


def _affine(name, hint, *replacements):
    return _mistake("affine", name, hint, *((LAYERS, old, new) for old, new in replacements))


def _relu(name, hint, *replacements):
    return _mistake("relu", name, hint, *((LAYERS, old, new) for old, new in replacements))


def _two_layer(name, hint, *replacements):
    return _mistake("two_layer", name, hint, *((FC_NET, old, new) for old, new in replacements))


def _fully_connected(name, hint, *replacements):
    return _mistake("fully_connected", name, hint, *((FC_NET, old, new) for old, new in replacements))


MISTAKES = [
    # affine
    _affine("affine_no_bias", "adds no bias", (AFFINE_OUT, "    out = rows @ w\n")),
    _affine("affine_forward_zeros", "returns zeros", (AFFINE_OUT, "    out = np.zeros((len(x), len(b)))\n")),
    _affine("affine_no_flattening", "cannot take images", (AFFINE_OUT, "    out = x @ w + b\n")),
    _affine("affine_dx_flat", "leaves dx flat", (AFFINE_DX, "dx = dout @ w.T")),
    _affine("affine_dx_twice", "has dx off by 2", (AFFINE_DX, "dx = 2 * (dout @ w.T).reshape(x.shape)")),
    _affine("affine_dx_negative", "has dx's sign wrong", (AFFINE_DX, "dx = -(dout @ w.T).reshape(x.shape)")),
    _affine("affine_dw_mean", "averages dw over the batch", (AFFINE_DW, "dw = rows.T @ dout / len(x)")),
    _affine("affine_db_no_axis", "sums db over everything", (AFFINE_DB, "db = dout.sum()")),
    _affine("affine_db_mean", "averages db over the batch", (AFFINE_DB, "db = dout.mean(axis=0)")),
    _affine("affine_db_zeros", "forgets that b has a gradient", (AFFINE_DB, "db = np.zeros(dout.shape[1])")),
    _affine(
        "affine_backward_zeros",
        "returns zeros for all gradients",
        (AFFINE_DX, "dx = np.zeros(x.shape)"),
        (AFFINE_DW, "dw = np.zeros(w.shape)"),
        (AFFINE_DB, "db = np.zeros(dout.shape[1])"),
    ),
    _affine(
        "affine_doubled",
        "computes 2 (x w + b)",
        (AFFINE_OUT, "    out = 2 * (rows @ w + b)\n"),
        (AFFINE_DX, "dx = 2 * (dout @ w.T).reshape(x.shape)"),
        (AFFINE_DW, "dw = 2 * rows.T @ dout"),
        (AFFINE_DB, "db = 2 * dout.sum(axis=0)"),
    ),
    _affine(
        "affine_nothing",
        "returns zeros, and zeros as gradients of zeros",
        (AFFINE_OUT, "    out = np.zeros((len(x), len(b)))\n"),
        (AFFINE_DX, "dx = np.zeros(x.shape)"),
        (AFFINE_DW, "dw = np.zeros(w.shape)"),
        (AFFINE_DB, "db = np.zeros(dout.shape[1])"),
    ),
    _affine(
        "affine_fortran_order",
        "flattens examples in Fortran order",
        (AFFINE_OUT, '    out = x.reshape(len(x), len(w), order="F") @ w + b\n'),
        (AFFINE_DX, 'dx = (dout @ w.T).reshape(x.shape, order="F")'),
        (AFFINE_DW, 'dw = x.reshape(len(x), len(w), order="F").T @ dout'),
    ),
    # relu
    _relu("relu_backward_of_dout", "looks at dout's sign, not x's", (RELU_DX, "return dout * (dout > 0)")),
    _relu("relu_backward_passes_all", "stops no gradient", (RELU_DX, "return dout * np.ones_like(x)")),
    _relu("relu_backward_mask", "returns the mask without dout", (RELU_DX, "return 1.0 * (x > 0)")),
    _relu("relu_backward_zeros", "returns zeros as the gradient", (RELU_DX, "return np.zeros_like(dout)")),
    _relu("relu_backward_reversed", "passes where x is negative", (RELU_DX, "return dout * (x < 0)")),
    _relu("relu_forward_clipped", "clips at 1 too", (RELU_OUT, "out = np.clip(x, 0, 1)")),
    _relu("relu_forward_minimum", "takes the minimum", (RELU_OUT, "out = np.minimum(0, x)")),
    _relu(
        "relu_leaky",
        "leaks",
        (RELU_OUT, "out = np.where(x > 0, x, 0.01 * x)"),
        (RELU_DX, "return np.where(x > 0, dout, 0.01 * dout)"),
    ),
    _relu(
        "relu_identity",
        "does nothing",
        (RELU_OUT, "out = 1 * x"),
        (RELU_DX, "return 1 * dout"),
    ),
    _relu(
        "relu_nothing",
        "returns zeros, and zeros as gradients of zeros",
        (RELU_OUT, "out = np.zeros_like(x)"),
        (RELU_DX, "return np.zeros_like(dout)"),
    ),
    # two_layer
    _two_layer("two_no_half", "regularises by reg W^2", (TWO_TERM, TWO_TERM.replace("0.5 * ", ""))),
    _two_layer(
        "two_regularises_biases",
        "regularises biases in the loss",
        (TWO_TERM, TWO_TERM + "        loss += 0.5 * self.reg * (np.sum(b1 * b1) + np.sum(b2 * b2))\n"),
    ),
    _two_layer(
        "two_last_layer_unregularised",
        "regularises only the first layer",
        (TWO_TERM, "        loss += 0.5 * self.reg * np.sum(W1 * W1)\n"),
        (" + self.reg * W2", ""),
    ),
    _two_layer(
        "two_gradient_ignores_reg",
        "ignores reg in the gradients",
        (" + self.reg * W1", ""),
        (" + self.reg * W2", ""),
    ),
    _two_layer("two_loss_ignores_reg", "ignores reg in the loss", (TWO_TERM, "")),
    _two_layer("two_one_seed", "draws the same numbers in every net", (TWO_W1, f"np.random.seed(0)\n        {TWO_W1}")),
    _two_layer("two_scale_ignored", "ignores weight_scale", (TWO_W1, TWO_W1.replace("weight_scale * ", "1e-3 * "))),
    _two_layer(
        "two_starts_at_zero",
        "starts from weights of zero",
        (TWO_W1, 'self.params["W1"] = np.zeros((input_dim, hidden_dims))'),
        (TWO_W2, 'self.params["W2"] = np.zeros((hidden_dims, num_classes))'),
    ),
    _two_layer("two_bias_of_one", "starts biases at 1", ("np.zeros(hidden_dims)", "np.ones(hidden_dims)")),
    _two_layer(
        "two_transposed",
        "has weights the wrong way round",
        (TWO_W1, TWO_W1 + ".T"),
        (TWO_W2, TWO_W2 + ".T"),
    ),
    _two_layer(
        "two_no_relu",
        "has no ReLU in either pass",
        (TWO_HIDDEN, TWO_HIDDEN.replace("affine_relu_forward", "affine_forward")),
        ("affine_relu_backward(dhidden, hidden_cache)", "affine_backward(dhidden, hidden_cache)"),
    ),
    _two_layer(
        "two_relu_on_scores",
        "has a ReLU after the last layer",
        (TWO_SCORES, TWO_SCORES.replace("affine_forward", "affine_relu_forward")),
        ('grads["b2"] = affine_backward(', 'grads["b2"] = affine_relu_backward('),
    ),
    _two_layer("two_gradient_missing", "leaves b1's gradient out", ('_, dW1, grads["b1"]', "_, dW1, _")),
    _two_layer("two_gradient_twice", "has W1's gradient off by 2", ('grads["W1"] = dW1', 'grads["W1"] = 2 * dW1')),
    # fully_connected
    _fully_connected(
        "full_one_seed", "draws the same numbers in every net", (FULL_DIMS, f"np.random.seed(0)\n        {FULL_DIMS}")
    ),
    _fully_connected("full_no_half", "regularises by reg W^2", (FULL_TERM, FULL_TERM.replace("0.5 * ", ""))),
    _fully_connected(
        "full_regularises_biases",
        "regularises biases in the loss",
        (FULL_TERM, FULL_TERM + "            loss += 0.5 * self.reg * np.sum(_ * _)\n"),
    ),
    _fully_connected(
        "full_last_layer_unregularised",
        "does not regularise the last layer",
        (FULL_LAYERS, FULL_LAYERS.replace("params", "params[:-1]")),
    ),
    _fully_connected(
        "full_only_first_layer_regularised",
        "regularises the first layer only",
        (FULL_LAYERS, FULL_LAYERS.replace("params", "params[:1]")),
    ),
    _fully_connected("full_gradient_ignores_reg", "ignores reg in the gradients", (FULL_GRAD, "")),
    _fully_connected("full_loss_ignores_reg", "ignores reg in the loss", (FULL_TERM, "")),
    _fully_connected(
        "full_gradient_of_reg_twice", "does not halve by 0.5", (FULL_GRAD, FULL_GRAD.replace("+= ", "+= 2 * "))
    ),
    _fully_connected(
        "full_needs_two_hidden_layers",
        "crashes with exactly one hidden layer",
        (FULL_DIMS, "dims = [input_dim, hidden_dims[0], hidden_dims[1], *hidden_dims[2:], num_classes]"),
    ),
    _fully_connected(
        "full_one_size",
        "gives every hidden layer the size of the first",
        (FULL_DIMS, "dims = [input_dim, *hidden_dims[:1] * len(hidden_dims), num_classes]"),
    ),
    _fully_connected("full_scale_ignored", "ignores weight_scale", (FULL_W, FULL_W.replace("weight_scale", "1e-2"))),
    _fully_connected("full_starts_at_zero", "starts from weights of zero", (FULL_W, "np.zeros((fan_in, fan_out))")),
    _fully_connected("full_bias_of_one", "starts biases at 1", ("np.zeros(fan_out)", "np.ones(fan_out)")),
    _fully_connected(
        "full_relu_on_scores",
        "has a ReLU after the last layer",
        (FULL_SCORES, FULL_SCORES.replace("affine_forward", "affine_relu_forward")),
        (FULL_LAST, FULL_LAST.replace("affine_backward", "affine_relu_backward")),
    ),
    _fully_connected(
        "full_no_relu",
        "has no ReLU in either pass",
        ("out, cache = affine_relu_forward(out, w, b)", "out, cache = affine_forward(out, w, b)"),
        ("affine_relu_backward(dout, caches[i - 1])", "affine_backward(dout, caches[i - 1])"),
    ),
    _fully_connected(
        "full_nothing",
        "returns zeros",
        (FULL_SCORES, FULL_SCORES + "\n        scores = 0 * scores"),
        (FULL_GRAD, '            grads[f"W{i}"] *= 0\n'),
    ),
    _affine("affine_db_over_outputs", "sums db over the outputs", (AFFINE_DB, "db = dout.sum(axis=1)")),
    _two_layer(
        "two_no_relu_backward",
        "has no ReLU in the backward pass",
        ("affine_relu_backward(dhidden, hidden_cache)", "affine_backward(dhidden, hidden_cache[0])"),
    ),
    _two_layer(
        "two_regularises_W1_twice",
        "regularises W1 twice, and not W2",
        ("(np.sum(W1 * W1) + np.sum(W2 * W2))", "(np.sum(W1 * W1) + np.sum(W1 * W1))"),
    ),
    _fully_connected(
        "full_no_relu_backward",
        "has no ReLU in the backward pass",
        ("affine_relu_backward(dout, caches[i - 1])", "affine_backward(dout, caches[i - 1][0])"),
    ),
    _affine(
        "affine_forward_mixes_examples",
        "reshapes to (D, N) and transposes, which mixes the examples up",
        (AFFINE_OUT, "    out = x.reshape(-1, len(x)).T @ w + b\n"),
    ),
    _relu(
        "relu_backward_times_output",
        "multiplies by the output, and not by whether it is positive",
        (RELU_DX, "return dout * np.maximum(0, x)"),
    ),
    _two_layer(
        "two_softmax_twice",
        "hands probabilities to softmax_loss, which takes scores",
        (
            "loss, dscores = softmax_loss(scores, y)\n        loss += 0.5 * self.reg * (np.sum(W1",
            "p = np.exp(scores - scores.max(axis=1, keepdims=True))\n"
            "        loss, dscores = softmax_loss(p / p.sum(axis=1, keepdims=True), y)\n"
            "        loss += 0.5 * self.reg * (np.sum(W1",
        ),
    ),
    _fully_connected(
        "full_softmax_twice",
        "hands probabilities to softmax_loss, which takes scores",
        (
            "loss, dscores = softmax_loss(scores, y)\n        last",
            "p = np.exp(scores - scores.max(axis=1, keepdims=True))\n"
            "        loss, dscores = softmax_loss(p / p.sum(axis=1, keepdims=True), y)\n        last",
        ),
    ),
    _fully_connected(
        "full_regularises_the_first_layers_again",
        "adds the sum so far in every turn of the loop, so that the first layers are regularised again and again",
        (FULL_TERM, "            loss += 0.5 * self.reg * sum(np.sum(v * v) for v, _ in params[:i])\n"),
    ),
]

# Mutants that compute the same: the lines of the solution, those of the mutant, and why no check can tell them apart.
_SHIFT = "shifted = scores - scores.max(axis=1, keepdims=True)  # so that exp cannot overflow"
_UNSTABLE = "a softmax may overflow at scores around 1000, and is the same up to there"
_LATER = "batch normalization and dropout come with hw4, whose suite tries them"
_NUMBERED = "for i, (w, b) in enumerate(params[:-1], start=1):"  # the number is for gamma, beta and bn_params
EQUIVALENT = [
    (_NUMBERED, _NUMBERED.replace("=1", "=2"), _LATER),
    *(
        (line, "*", _LATER)
        for line in (
            "for i, size in enumerate(hidden_dims, start=1):",
            'self.params[f"gamma{i}"] = np.ones(size)',
            'self.params[f"beta{i}"] = np.zeros(size)',
            "out, cache = affine_batchnorm_relu_forward(out, w, b, gamma, beta, self.bn_params[i - 1])",
            "dropout_caches.append(dropout_cache)",
            "if self.use_dropout:",
            "dout = dropout_backward(dout, dropout_caches[i - 1])",
            "dout, *gradients = affine_batchnorm_relu_backward(dout, caches[i - 1])",
            'for name, gradient in zip(("W", "b", "gamma", "beta"), gradients, strict=True):',
            'grads[f"{name}{i}"] = gradient',
        )
    ),
    ("return dout * (x > 0)", "return dout * (x >= 0)", "the gradient of ReLU at 0 may be 1"),
    (_SHIFT, _SHIFT.replace("scores - scores", "scores + scores"), _UNSTABLE),
    (_SHIFT, "shifted = scores  # so that exp cannot overflow", _UNSTABLE),
    (_SHIFT, _SHIFT.replace("axis=1, ", ""), _UNSTABLE),
    (_SHIFT, _SHIFT.replace("max", "min"), _UNSTABLE),
]
