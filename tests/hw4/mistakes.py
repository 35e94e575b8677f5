"""Wrong variants of the reference solution, each of which the suite must catch, in its own question only.

A variant is a list of patches ``(file, old, new)``: text of a file below solutions/, which occurs there
exactly once, and what stands there instead. ``hint`` says what the student did.
"""

# By question, the beginnings of the names of the holes that it is about.
HOLES = {
    "momentum": ("nndl.optim.sgd_momentum",),
    "nesterov": ("nndl.optim.sgd_nesterov_momentum",),
    "rmsprop": ("nndl.optim.rmsprop",),
    "adam": ("nndl.optim.adam",),
    "batchnorm": ("nndl.layers.batchnorm",),
    "dropout": ("nndl.layers.dropout",),
    "fully_connected": ("nndl.fc_net.FullyConnectedNet",),
}

# Where students read what a question is about: a notebook of theirs, and a heading in it.
READ = {
    "momentum": "optimization.ipynb, Momentum",
    "nesterov": "optimization.ipynb, Nesterov momentum",
    "rmsprop": "optimization.ipynb, RMSProp",
    "adam": "optimization.ipynb, Adam",
    "batchnorm": "batch_normalization.ipynb, Batch normalization",
    "dropout": "dropout.ipynb, Forward",
    "fully_connected": "batch_normalization.ipynb, In a network",
}

# Mistakes that agree with themselves, which no check of their question may let pass.
ONLY_WITH_THEMSELVES = [
    "momentum_nothing",
    "nesterov_nothing",
    "batchnorm_nothing",
    "full_nothing",
]

OPTIM, LAYERS, FC_NET = "nndl/optim.py", "nndl/layers.py", "nndl/fc_net.py"

EPSILON = 'config["epsilon"]'

# Lines of the reference that several variants change.
MOMENTUM_VELOCITY = 'config["velocity"] = config["momentum"] * config["velocity"] - config["learning_rate"] * dw'
MOMENTUM_STEP = '    next_w = w + config["velocity"]\n'
NESTEROV_NEW = 'new = config["momentum"] * old - config["learning_rate"] * dw'
NESTEROV_STEP = 'next_w = w + new + config["momentum"] * (new - old)'
NESTEROV_KEEP = '    config["velocity"] = new\n'
RMSPROP_A = 'config["a"] = config["decay_rate"] * config["a"] + (1 - config["decay_rate"]) * dw**2'
RMSPROP_STEP = 'next_w = w - config["learning_rate"] * dw / (np.sqrt(config["a"]) + config["epsilon"])'
ADAM_T = '    config["t"] += 1\n'
ADAM_V = 'config["v"] = config["beta1"] * config["v"] + (1 - config["beta1"]) * dw'
ADAM_A = 'config["a"] = config["beta2"] * config["a"] + (1 - config["beta2"]) * dw**2'
ADAM_V_HAT = 'v_hat = config["v"] / (1 - config["beta1"] ** config["t"])'
ADAM_A_HAT = 'a_hat = config["a"] / (1 - config["beta2"] ** config["t"])'
ADAM_STEP = 'next_w = w - config["learning_rate"] * v_hat / (np.sqrt(a_hat) + config["epsilon"])\n'
BN_STATISTICS = "mean, var = x.mean(axis=0), x.var(axis=0)"
BN_STD = "std = np.sqrt(var + eps)"
BN_X_HAT = "x_hat = (x - mean) / std"
BN_OUT = "out = gamma * x_hat + beta"
BN_MEAN = "running_mean = momentum * running_mean + (1 - momentum) * mean"
BN_VAR = "running_var = momentum * running_var + (1 - momentum) * var"
BN_TEST = "out = gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta"
BN_DBETA = "dbeta = dout.sum(axis=0)"
BN_DGAMMA = "dgamma = (dout * x_hat).sum(axis=0)"
BN_DX = "dx = gamma / std * (dout - dbeta / len(dout) - x_hat * dgamma / len(dout))"
BN_MODE = '    if mode == "train":\n        # The output, new'
MASK = "mask = (np.random.rand(*x.shape) >= p) / (1 - p)"
DROPPED = "        out = x * mask\n"
UNDROPPED = "        out = x\n"
DROPOUT_DX = "        dx = dout * mask\n"
DROPOUT_TEST_DX = "        dx = dout\n"
DROPOUT_SEED = '        np.random.seed(dropout_param["seed"])\n'
DROPOUT_MODE = '    if mode == "train":\n        # A mask'
FULL_HIDDEN = "for i, size in enumerate(hidden_dims, start=1):"
FULL_BN = "out, cache = affine_batchnorm_relu_forward(out, w, b, gamma, beta, self.bn_params[i - 1])"
FULL_PLAIN = "out, cache = affine_relu_forward(out, w, b)"
FULL_DROP = (
    "            if self.use_dropout:\n"
    "                out, dropout_cache = dropout_forward(out, self.dropout_param)\n"
    "                dropout_caches.append(dropout_cache)\n"
)
FULL_DROP_ONCE = """\
            if self.use_dropout:
                dropped, dropout_cache = dropout_forward(out, self.dropout_param)
                first = dropout_caches[0] if dropout_caches else dropout_cache
                if y is not None and first[1].shape == out.shape:
                    dropped, dropout_cache = out * first[1], first
                out = dropped
                dropout_caches.append(dropout_cache)
"""
FULL_SCORES = "        scores, scores_cache = affine_forward(out, *params[-1])\n"
FULL_TERM = "            loss += 0.5 * self.reg * np.sum(w * w)\n"
FULL_GRAD = '            grads[f"W{i}"] += self.reg * w\n'
FULL_LAYERS = "for i, (w, _) in enumerate(params, start=1):"
FULL_UNDROP = "            if self.use_dropout:\n                dout = dropout_backward(dout, dropout_caches[i - 1])\n"
FULL_KEEP = '                    grads[f"{name}{i}"] = gradient\n'
FULL_BACK = "                dout, *gradients = affine_batchnorm_relu_backward(dout, caches[i - 1])\n"
FULL_BN_PARAMS = '[{"mode": "train"} for _ in hidden_dims]'
FULL_IMPORT = "from .layers import affine_backward, affine_forward, dropout_backward, dropout_forward, softmax_loss\n"
FULL_CACHES = "        out, caches, dropout_caches = X, [], []\n"
FULL_MODE = 'self._set_mode("test" if y is None else "train")'


def _mistake(question, file, name, hint, *replacements):
    patches = tuple((file, old, new) for old, new in replacements)
    return {"name": name, "question": question, "hint": hint, "patches": patches}


def _momentum(name, hint, *replacements):
    return _mistake("momentum", OPTIM, name, hint, *replacements)


def _nesterov(name, hint, *replacements):
    return _mistake("nesterov", OPTIM, name, hint, *replacements)


def _rmsprop(name, hint, *replacements):
    return _mistake("rmsprop", OPTIM, name, hint, *replacements)


def _adam(name, hint, *replacements):
    return _mistake("adam", OPTIM, name, hint, *replacements)


def _batchnorm(name, hint, *replacements):
    return _mistake("batchnorm", LAYERS, name, hint, *replacements)


def _dropout(name, hint, *replacements):
    return _mistake("dropout", LAYERS, name, hint, *replacements)


def _fully_connected(name, hint, *replacements):
    return _mistake("fully_connected", FC_NET, name, hint, *replacements)


MISTAKES = [
    # momentum
    _momentum(
        "momentum_not_stored",
        "does not store the velocity",
        (MOMENTUM_VELOCITY, MOMENTUM_VELOCITY.replace('config["velocity"] =', "velocity =", 1)),
        (MOMENTUM_STEP, "    next_w = w + velocity\n"),
    ),
    _momentum("momentum_plus", "adds the gradient", (MOMENTUM_VELOCITY, MOMENTUM_VELOCITY.replace(" - ", " + "))),
    _momentum(
        "momentum_rate_outside",
        "multiplies the whole velocity by the learning rate",
        (
            MOMENTUM_VELOCITY,
            'config["velocity"] = config["momentum"] * config["velocity"] - dw',
        ),
        (MOMENTUM_STEP, '    next_w = w + config["learning_rate"] * config["velocity"]\n'),
    ),
    _momentum(
        "momentum_other_sign",
        "keeps the velocity with the other sign",
        (MOMENTUM_VELOCITY, MOMENTUM_VELOCITY.replace(" - ", " + ")),
        (MOMENTUM_STEP, '    next_w = w - config["velocity"]\n'),
    ),
    _momentum(
        "momentum_old_velocity",
        "steps by the old velocity",
        (MOMENTUM_VELOCITY, f'old = config["velocity"]\n    {MOMENTUM_VELOCITY}'),
        (MOMENTUM_STEP, "    next_w = w + old\n"),
    ),
    _momentum(
        "momentum_averages",
        "weighs the gradient by 1 - momentum too",
        (MOMENTUM_VELOCITY, f'{MOMENTUM_VELOCITY} * (1 - config["momentum"])'),
    ),
    _momentum(
        "momentum_fixed",
        "always takes a momentum of 0.9",
        (MOMENTUM_VELOCITY, MOMENTUM_VELOCITY.replace('config["momentum"]', "0.9")),
    ),
    _momentum(
        "momentum_nothing",
        "leaves the parameter alone",
        (MOMENTUM_VELOCITY, 'config["velocity"] = 0 * dw'),
        (MOMENTUM_STEP, "    next_w = 1 * w\n"),
    ),
    # nesterov
    _nesterov("nesterov_not_stored", "does not store the velocity", (NESTEROV_KEEP, "")),
    _nesterov("nesterov_plain", "is plain momentum", (NESTEROV_STEP, "next_w = w + new")),
    _nesterov(
        "nesterov_no_old_velocity",
        "forgets to subtract the old velocity",
        (NESTEROV_STEP, 'next_w = w + new + config["momentum"] * new'),
    ),
    _nesterov(
        "nesterov_swapped",
        "swaps the velocities",
        (NESTEROV_STEP, 'next_w = w + new + config["momentum"] * (old - new)'),
    ),
    _nesterov(
        "nesterov_keeps_the_old_velocity", "keeps the old velocity", (NESTEROV_KEEP, '    config["velocity"] = old\n')
    ),
    _nesterov(
        "nesterov_overwrites_the_old_velocity",
        "changes the velocity in place, so that old and new are the same",
        (NESTEROV_NEW, 'new = old\n    new *= config["momentum"]\n    new -= config["learning_rate"] * dw'),
    ),
    _nesterov("nesterov_plus", "adds the gradient", (NESTEROV_NEW, NESTEROV_NEW.replace(" - ", " + "))),
    _nesterov(
        "nesterov_nothing",
        "leaves the parameter alone",
        (NESTEROV_NEW, "new = 0 * dw"),
        (NESTEROV_STEP, "next_w = 1 * w"),
    ),
    # rmsprop
    _rmsprop("rmsprop_no_root", "takes no square root", (RMSPROP_STEP, RMSPROP_STEP.replace("np.sqrt", ""))),
    _rmsprop(
        "rmsprop_decay_swapped",
        "weighs the new square by decay_rate",
        (RMSPROP_A, 'config["a"] = (1 - config["decay_rate"]) * config["a"] + config["decay_rate"] * dw**2'),
    ),
    _rmsprop(
        "rmsprop_is_adagrad",
        "sums squares without decay",
        (RMSPROP_A, 'config["a"] = config["a"] + dw**2'),
    ),
    _rmsprop(
        "rmsprop_no_square",
        "averages gradients, not squares",
        (RMSPROP_A, RMSPROP_A.replace("dw**2", "np.abs(dw)")),
    ),
    _rmsprop(
        "rmsprop_not_stored",
        "does not store the average",
        (RMSPROP_A, RMSPROP_A.replace('config["a"] =', "a =", 1)),
        (RMSPROP_STEP, RMSPROP_STEP.replace('config["a"]', "a")),
    ),
    _rmsprop(
        "rmsprop_old_average",
        "divides by the average before this step",
        (RMSPROP_A, f'old = config["a"]\n    {RMSPROP_A}'),
        (RMSPROP_STEP, RMSPROP_STEP.replace('config["a"]', "old")),
    ),
    _rmsprop("rmsprop_no_epsilon", "divides by zero", (RMSPROP_STEP, RMSPROP_STEP.replace(' + config["epsilon"]', ""))),
    _rmsprop(
        "rmsprop_no_decay_of_the_old",
        "does not weigh the new square",
        (RMSPROP_A, 'config["a"] = config["decay_rate"] * config["a"] + dw**2'),
    ),
    _rmsprop(
        "rmsprop_ascends",
        "adds the gradient where it has to subtract it",
        (RMSPROP_STEP, RMSPROP_STEP.replace("w - config", "w + config")),
    ),
    # adam
    _adam(
        "adam_no_correction",
        "does not correct the moments",
        (ADAM_V_HAT, 'v_hat = config["v"]'),
        (ADAM_A_HAT, 'a_hat = config["a"]'),
    ),
    _adam("adam_first_moment_uncorrected", "corrects the second moment only", (ADAM_V_HAT, 'v_hat = config["v"]')),
    _adam("adam_second_moment_uncorrected", "corrects the first moment only", (ADAM_A_HAT, 'a_hat = config["a"]')),
    _adam(
        "adam_t_never_grows",
        "corrects the moments with a t that has not grown by 1 yet, or never does",
        (ADAM_T, '    t = config["t"] if config["t"] else 1\n'),
        (ADAM_V_HAT, ADAM_V_HAT.replace('config["t"]', "t")),
        (ADAM_A_HAT, ADAM_A_HAT.replace('config["t"]', "t")),
    ),
    _adam(
        "adam_t_not_stored",
        "counts t in a variable that is lost",
        (ADAM_T, '    t = config["t"] + 1\n'),
        (ADAM_V_HAT, ADAM_V_HAT.replace('config["t"]', "t")),
        (ADAM_A_HAT, ADAM_A_HAT.replace('config["t"]', "t")),
    ),
    _adam("adam_t_grows_twice", "counts every step twice", (ADAM_STEP, ADAM_STEP + ADAM_T)),
    _adam(
        "adam_keeps_corrected_moments",
        "keeps the moments with their correction",
        (ADAM_STEP, ADAM_STEP + '    config["v"], config["a"] = v_hat, a_hat\n'),
    ),
    _adam(
        "adam_moments_not_stored",
        "does not store the moments",
        (ADAM_V, ADAM_V.replace('config["v"] =', "v =", 1)),
        (ADAM_A, ADAM_A.replace('config["a"] =', "a =", 1)),
        (ADAM_V_HAT, ADAM_V_HAT.replace('config["v"]', "v")),
        (ADAM_A_HAT, ADAM_A_HAT.replace('config["a"]', "a")),
    ),
    _adam("adam_betas_swapped_in_v", "uses beta2 for the first moment", (ADAM_V, ADAM_V.replace("beta1", "beta2"))),
    _adam("adam_no_square", "does not square the gradient", (ADAM_A, ADAM_A.replace("dw**2", "np.abs(dw)"))),
    _adam("adam_no_root", "takes no square root", (ADAM_STEP, ADAM_STEP.replace("np.sqrt", ""))),
    _adam("adam_no_epsilon", "divides by zero", (ADAM_STEP, ADAM_STEP.replace(' + config["epsilon"]', ""))),
    _adam(
        "adam_correction_multiplied",
        "corrects by 1 - beta * t",
        (ADAM_V_HAT, ADAM_V_HAT.replace("**", "*")),
    ),
    _adam("adam_gradient_for_v", "steps by the gradient", (ADAM_STEP, ADAM_STEP.replace("v_hat", "dw"))),
    # batchnorm
    _batchnorm(
        "batchnorm_over_features",
        "normalizes examples, not features",
        (BN_STATISTICS, "mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)"),
    ),
    _batchnorm(
        "batchnorm_over_everything",
        "takes one mean and variance for all features",
        (BN_STATISTICS, "mean, var = np.full(features, x.mean()), np.full(features, x.var())"),
    ),
    _batchnorm(
        "batchnorm_unbiased",
        "divides the batch's variance by N - 1",
        (BN_STATISTICS, "mean, var = x.mean(axis=0), x.var(axis=0, ddof=1)"),
    ),
    _batchnorm("batchnorm_by_variance", "divides by the variance", (BN_X_HAT, "x_hat = (x - mean) / (var + eps)")),
    _batchnorm("batchnorm_no_eps", "divides by zero", (BN_STD, "std = np.sqrt(var)")),
    _batchnorm("batchnorm_no_gamma", "forgets gamma", (BN_OUT, "out = x_hat + beta")),
    _batchnorm("batchnorm_no_beta", "forgets beta", (BN_OUT, "out = gamma * x_hat")),
    _batchnorm("batchnorm_swaps_gamma_and_beta", "swaps gamma and beta", (BN_OUT, "out = beta * x_hat + gamma")),
    _batchnorm("batchnorm_not_centred", "does not subtract the mean", (BN_X_HAT, "x_hat = x / std")),
    _batchnorm(
        "batchnorm_running_last_batch",
        "replaces the averages by those of the last batch",
        (BN_MEAN, "running_mean = mean"),
        (BN_VAR, "running_var = var"),
    ),
    _batchnorm(
        "batchnorm_momentum_of_the_new",
        "weighs the new value by momentum",
        (BN_MEAN, "running_mean = (1 - momentum) * running_mean + momentum * mean"),
        (BN_VAR, "running_var = (1 - momentum) * running_var + momentum * var"),
    ),
    _batchnorm(
        "batchnorm_momentum_fixed",
        "always takes a momentum of 0.9",
        (BN_MEAN, "running_mean = 0.9 * running_mean + 0.1 * mean"),
        (BN_VAR, "running_var = 0.9 * running_var + 0.1 * var"),
    ),
    _batchnorm(
        "batchnorm_running_std", "averages standard deviations", (BN_VAR, BN_VAR.replace("* var", "* np.sqrt(var)"))
    ),
    _batchnorm(
        "batchnorm_running_var_plus_eps", "averages var + eps", (BN_VAR, BN_VAR.replace("* var", "* (var + eps)"))
    ),
    _batchnorm("batchnorm_no_running_var", "never updates running_var", (BN_VAR, "pass")),
    _batchnorm("batchnorm_no_running_averages", "never updates running averages", (BN_MEAN, "pass"), (BN_VAR, "pass")),
    _batchnorm(
        "batchnorm_test_forgets_gamma_and_beta",
        "forgets gamma and beta in test mode",
        (BN_TEST, "out = (x - running_mean) / np.sqrt(running_var + eps)"),
    ),
    _batchnorm(
        "batchnorm_test_of_the_batch",
        "uses the batch's statistics in test mode",
        (BN_TEST, "out = gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps) + beta"),
    ),
    _batchnorm(
        "batchnorm_test_never_reached",
        "always takes the branch of training",
        (BN_MODE, BN_MODE.replace('if mode == "train"', "if mode")),
    ),
    _batchnorm("batchnorm_test_no_root", "forgets the root in test mode", (BN_TEST, BN_TEST.replace("np.sqrt", ""))),
    _batchnorm("batchnorm_test_passes_x", "does nothing in test mode", (BN_TEST, "out = x")),
    _batchnorm(
        "batchnorm_test_changes_averages",
        "goes on averaging in test mode",
        (BN_TEST, f"{BN_TEST}\n        running_mean = momentum * running_mean + (1 - momentum) * x.mean(axis=0)"),
    ),
    _batchnorm(
        "batchnorm_dx_direct_only",
        "takes mean and variance for constants",
        (BN_DX, "dx = gamma / std * dout"),
    ),
    _batchnorm(
        "batchnorm_dx_no_mean",
        "forgets the way through the mean",
        (BN_DX, "dx = gamma / std * (dout - x_hat * dgamma / len(dout))"),
    ),
    _batchnorm(
        "batchnorm_dx_no_variance",
        "forgets the way through the variance",
        (BN_DX, "dx = gamma / std * (dout - dbeta / len(dout))"),
    ),
    _batchnorm("batchnorm_dx_no_gamma", "forgets gamma in dx", (BN_DX, BN_DX.replace("gamma / std", "1 / std"))),
    _batchnorm("batchnorm_dx_by_features", "divides by D", (BN_DX, BN_DX.replace("len(dout)", "dout.shape[1]"))),
    _batchnorm("batchnorm_dx_twice", "has dx off by 2", (BN_DX, f"{BN_DX} * 2")),
    _batchnorm("batchnorm_dgamma_of_x", "sums dout alone", (BN_DGAMMA, "dgamma = dout.sum(axis=0)")),
    _batchnorm("batchnorm_dbeta_mean", "averages dbeta over the batch", (BN_DBETA, "dbeta = dout.mean(axis=0)")),
    _batchnorm("batchnorm_dbeta_everything", "sums dbeta over all features", (BN_DBETA, "dbeta = dout.sum()")),
    _batchnorm("batchnorm_dgamma_not_summed", "leaves dgamma for every example", (BN_DGAMMA, "dgamma = dout * x_hat")),
    _batchnorm(
        "batchnorm_order_of_gradients",
        "returns dbeta and dgamma in the wrong order",
        ("    return dx, dgamma, dbeta\n", "    return dx, dbeta, dgamma\n"),
    ),
    _batchnorm(
        "batchnorm_nothing",
        "returns zeros, and zeros as gradients of zeros",
        (BN_OUT, "out = 0 * x"),
        (BN_MEAN, "running_mean = 0 * mean"),
        (BN_VAR, "running_var = 0 * var"),
        (BN_TEST, "out = 0 * x"),
        (BN_DBETA, "dbeta = np.zeros(dout.shape[1])"),
        (BN_DGAMMA, "dgamma = np.zeros(dout.shape[1])"),
        (BN_DX, "dx = 0 * dout"),
    ),
    # dropout
    _dropout("dropout_scale_of_the_other", "drops p but scales by 1/p", (MASK, MASK.replace("/ (1 - p)", "/ p"))),
    _dropout("dropout_drops_nothing", "compares with p / p", (MASK, "mask = (np.random.rand(*x.shape) < p / p) / p")),
    _dropout("dropout_not_scaled", "does not scale", (MASK, MASK.replace(" / (1 - p)", ""))),
    _dropout(
        "dropout_scaled_at_test_time",
        "scales at test time, not in training",
        (MASK, MASK.replace(" / (1 - p)", "")),
        (UNDROPPED, "        out = x * (1 - p)\n"),
    ),
    _dropout("dropout_scales_twice", "scales by the square", (MASK, MASK.replace("(1 - p)", "(1 - p) ** 2"))),
    _dropout(
        "dropout_multiplies_by_p", "multiplies by the probability", (MASK, MASK.replace("/ (1 - p)", "* (1 - p)"))
    ),
    _dropout("dropout_of_columns", "drops whole columns", (MASK, MASK.replace("*x.shape", "1, *x.shape[1:]"))),
    _dropout(
        "dropout_of_rows",
        "drops whole examples",
        (MASK, "mask = (np.random.rand(len(x), *[1] * (x.ndim - 1)) >= p) / (1 - p)"),
    ),
    _dropout(
        "dropout_of_normal_numbers",
        "draws from a normal distribution",
        (MASK, "mask = (np.random.randn(*x.shape) >= p) / (1 - p)"),
    ),
    _dropout("dropout_half", "always drops half", (MASK, "mask = (np.random.rand(*x.shape) >= 0.5) / 0.5")),
    _dropout(
        "dropout_own_seed",
        "draws the same mask every time",
        (MASK, f"np.random.seed(0)\n        {MASK}"),
    ),
    _dropout("dropout_ignores_the_seed", "ignores the seed", (DROPOUT_SEED, "        pass\n")),
    _dropout("dropout_replaces_x", "returns the mask", (DROPPED, "        out = mask\n")),
    _dropout(
        "dropout_test_never_reached",
        "drops at test time too",
        (DROPOUT_MODE, DROPOUT_MODE.replace('if mode == "train"', "if mode")),
    ),
    _dropout("dropout_test_zeros", "returns zeros at test time", (UNDROPPED, "        out = 0 * x\n")),
    _dropout("dropout_scales_at_test_time_too", "scales at test time too", (UNDROPPED, "        out = x / (1 - p)\n")),
    _dropout("dropout_dx_passes_all", "ignores the mask backwards", (DROPOUT_DX, "        dx = dout\n")),
    _dropout(
        "dropout_dx_new_mask",
        "draws a new mask backwards",
        (
            DROPOUT_DX,
            '        p = dropout_param["p"]\n        dx = dout * (np.random.rand(*dout.shape) >= p) / (1 - p)\n',
        ),
    ),
    _dropout("dropout_dx_not_scaled", "does not scale backwards", (DROPOUT_DX, "        dx = dout * (mask > 0)\n")),
    _dropout("dropout_dx_scales_twice", "squares the scale backwards", (DROPOUT_DX, "        dx = dout * mask**2\n")),
    _dropout("dropout_dx_zeros", "returns zeros", (DROPOUT_DX, "        dx = 0 * dout\n")),
    _dropout(
        "dropout_dx_at_test_time_zeros", "returns zeros at test time", (DROPOUT_TEST_DX, "        dx = 0 * dout\n")
    ),
    # fully_connected
    _fully_connected("full_scales_of_zero", "starts gamma at 0", ("= np.ones(size)", "= np.zeros(size)")),
    _fully_connected("full_shifts_of_one", "starts beta at 1", ("= np.zeros(size)", "= np.ones(size)")),
    _fully_connected(
        "full_one_scale_too_few",
        "forgets the last hidden layer's gamma",
        (FULL_HIDDEN, FULL_HIDDEN.replace("hidden_dims", "hidden_dims[:-1]")),
    ),
    _fully_connected(
        "full_scales_of_inputs",
        "gives gamma the size of the layer's input",
        (FULL_HIDDEN, FULL_HIDDEN.replace("hidden_dims", "[input_dim, *hidden_dims[:-1]]")),
    ),
    _fully_connected("full_no_scales", "forgets gamma and beta", (FULL_HIDDEN, "for i, size in ():")),
    _fully_connected(
        "full_batchnorm_ignored",
        "ignores use_batchnorm",
        ("self.use_batchnorm = use_batchnorm", "self.use_batchnorm = False"),
    ),
    _fully_connected(
        "full_batchnorm_after_relu",
        "normalizes after the ReLU",
        (FULL_IMPORT, FULL_IMPORT + "from .layers import batchnorm_backward, batchnorm_forward\n"),
        (
            FULL_BN,
            "out, cache = affine_relu_forward(out, w, b)\n"
            "                out, other = batchnorm_forward(out, gamma, beta, self.bn_params[i - 1])\n"
            "                cache = (cache, other)",
        ),
        (
            FULL_BACK,
            "                cache, other = caches[i - 1]\n"
            "                dout, *last = batchnorm_backward(dout, other)\n"
            "                dout, *gradients = affine_relu_backward(dout, cache)\n"
            "                gradients += last\n",
        ),
    ),
    _fully_connected(
        "full_one_bn_param_for_all",
        "shares one bn_param between the layers",
        (FULL_BN_PARAMS, '[{"mode": "train"}] * len(hidden_dims)'),
    ),
    _fully_connected(
        "full_first_bn_param",
        "uses the first bn_param everywhere",
        (FULL_BN, FULL_BN.replace("[i - 1]", "[0]")),
    ),
    _fully_connected(
        "full_new_bn_param",
        "makes a new bn_param at every call",
        (FULL_BN, FULL_BN.replace("self.bn_params[i - 1]", '{"mode": "train" if y is not None else "test"}')),
    ),
    _fully_connected(
        "full_scale_without_gradient",
        "leaves gamma's gradient out",
        (FULL_KEEP, f'                    if name != "gamma":\n    {FULL_KEEP}'),
    ),
    _fully_connected(
        "full_shift_without_gradient",
        "leaves beta's gradient out",
        (FULL_KEEP, f'                    if name != "beta":\n    {FULL_KEEP}'),
    ),
    _fully_connected(
        "full_swaps_gamma_and_beta",
        "swaps the gradients of gamma and beta",
        ('("W", "b", "gamma", "beta")', '("W", "b", "beta", "gamma")'),
    ),
    _fully_connected(
        "full_first_gamma_everywhere",
        "uses the first layer's gamma everywhere",
        ('self.params[f"gamma{i}"], self.params[f"beta{i}"]', 'self.params["gamma1"], self.params[f"beta{i}"]'),
    ),
    _fully_connected("full_never_in_test_mode", "trains at test time", (FULL_MODE, 'self._set_mode("train")')),
    _fully_connected("full_always_in_test_mode", "tests in training", (FULL_MODE, 'self._set_mode("test")')),
    _fully_connected(
        "full_modes_swapped", "swaps the modes", (FULL_MODE, 'self._set_mode("train" if y is None else "test")')
    ),
    _fully_connected(
        "full_dropout_ignored", "ignores dropout", ("self.use_dropout = dropout > 0", "self.use_dropout = False")
    ),
    _fully_connected("full_dropout_half", "always drops half", ('"p": dropout}', '"p": 0.5}')),
    _fully_connected(
        "full_dropout_without_seed",
        "does not hand the seed on",
        ('            self.dropout_param["seed"] = seed\n', "            pass\n"),
    ),
    _fully_connected(
        "full_one_mask_for_all_layers",
        "draws one mask for layers of one size",
        (FULL_DROP, FULL_DROP_ONCE),
    ),
    _fully_connected("full_no_dropout_backward", "forgets dropout in the backward pass", (FULL_UNDROP, "")),
    _fully_connected(
        "full_dropout_backward_last",
        "undoes dropout after the affine layer",
        (FULL_UNDROP, ""),
        (
            "        for i, (w, _) in enumerate(params, start=1):\n",
            "            if self.use_dropout and i > 1:\n"
            "                dout = dropout_backward(dout, dropout_caches[i - 2])\n"
            "        for i, (w, _) in enumerate(params, start=1):\n",
        ),
    ),
    _fully_connected(
        "full_dropout_in_the_first_layer_only",
        "drops in the first hidden layer only",
        (FULL_DROP, FULL_DROP.replace("if self.use_dropout", "if self.use_dropout and i == 1")),
        (FULL_UNDROP, FULL_UNDROP.replace("if self.use_dropout", "if self.use_dropout and i == 1")),
    ),
    _fully_connected(
        "full_dropout_of_the_scores",
        "drops scores too",
        (
            FULL_SCORES,
            f"{FULL_SCORES}        if self.use_dropout:\n"
            "            scores, last_dropout = dropout_forward(scores, self.dropout_param)\n",
        ),
        (
            "        last = self.num_layers\n",
            "        last = self.num_layers\n"
            "        dscores = dropout_backward(dscores, last_dropout) if self.use_dropout else dscores\n",
        ),
    ),
    _fully_connected(
        "full_dropout_of_the_input",
        "drops inputs too",
        (
            FULL_CACHES,
            f"{FULL_CACHES}        if self.use_dropout:\n"
            "            out, _ = dropout_forward(out, self.dropout_param)\n",
        ),
    ),
    _fully_connected("full_no_half", "regularises by reg W^2", (FULL_TERM, FULL_TERM.replace("0.5 * ", ""))),
    _fully_connected(
        "full_regularises_everything",
        "regularises b, gamma and beta in the loss",
        (
            FULL_TERM,
            "            own = [value for name, value in self.params.items() if name[-1] == str(i)]\n"
            "            loss += 0.5 * self.reg * sum(np.sum(value**2) for value in own)\n",
        ),
    ),
    _fully_connected(
        "full_regularises_scales",
        "regularises gamma and beta in the loss",
        (
            FULL_TERM,
            f"{FULL_TERM}            if self.use_batchnorm and i < last:\n"
            '                loss += 0.5 * self.reg * np.sum(self.params[f"gamma{i}"] ** 2)\n'
            '                loss += 0.5 * self.reg * np.sum(self.params[f"beta{i}"] ** 2)\n',
        ),
    ),
    _fully_connected(
        "full_last_layer_unregularised",
        "does not regularise the last layer",
        (FULL_LAYERS, FULL_LAYERS.replace("params", "params[:-1]")),
    ),
    _fully_connected("full_gradient_ignores_reg", "ignores reg in the gradients", (FULL_GRAD, "")),
    _fully_connected("full_loss_ignores_reg", "ignores reg in the loss", (FULL_TERM, "")),
    _fully_connected(
        "full_gradient_of_reg_twice", "does not halve by 0.5", (FULL_GRAD, FULL_GRAD.replace("+= ", "+= 2 * "))
    ),
    _fully_connected(
        "full_needs_two_hidden_layers",
        "crashes with exactly one hidden layer",
        (FULL_HIDDEN, "for i, size in enumerate([hidden_dims[0], hidden_dims[1], *hidden_dims[2:]], start=1):"),
    ),
    _fully_connected(
        "full_nothing",
        "returns zeros",
        (FULL_SCORES, f"{FULL_SCORES}        scores = 0 * scores\n"),
        (FULL_GRAD, '            grads[f"W{i}"] *= 0\n'),
        ("= np.ones(size)", "= np.zeros(size)"),
        ("        return loss, grads\n\n    def _set_mode", "        return 0 * loss, grads\n\n    def _set_mode"),
    ),
    _rmsprop(
        "rmsprop_fixed_epsilon", "ignores config['epsilon']", (RMSPROP_STEP, RMSPROP_STEP.replace(EPSILON, "1e-8"))
    ),
    _adam("adam_fixed_epsilon", "ignores config['epsilon']", (ADAM_STEP, ADAM_STEP.replace(EPSILON, "1e-8"))),
    _batchnorm("batchnorm_test_without_eps", "adds no eps in test mode", (BN_TEST, BN_TEST.replace(" + eps", ""))),
    _fully_connected(
        "full_spread_by_size",
        "draws weights with a spread that depends on the layer's size, not on weight_scale",
        ("weight_scale * np.random.randn(fan_in, fan_out)", "np.random.randn(fan_in, fan_out) / np.sqrt(fan_in)"),
    ),
    _batchnorm(
        "batchnorm_var_momentum_of_the_new",
        "weighs the new variance by momentum, though not the new mean",
        (BN_VAR, "running_var = (1 - momentum) * running_var + momentum * var"),
    ),
    _batchnorm(
        "batchnorm_dx_wrong_power",
        "takes the standard deviation to the power of -1.5 where the variance belongs",
        (BN_DX, BN_DX.replace("dgamma / len(dout)", "dgamma / len(dout) * std**1.5")),
    ),
    _batchnorm(
        "batchnorm_gamma_in_dgamma_and_dbeta",
        "multiplies dgamma and dbeta by gamma",
        ("    return dx, dgamma, dbeta\n", "    return dx, gamma * dgamma, gamma * dbeta\n"),
    ),
    _dropout(
        "dropout_keeps_with_p_for_the_other_scale",
        "keeps with probability p but divides by 1 - p",
        (MASK, MASK.replace(">=", "<")),
    ),
    _adam("adam_beta1_in_both", "corrects both moments with beta1", (ADAM_A_HAT, ADAM_A_HAT.replace("beta2", "beta1"))),
    _nesterov(
        "nesterov_without_the_gradient",
        "goes on by the new velocity times the momentum, without the step along the gradient",
        (NESTEROV_STEP, 'next_w = w + config["momentum"] * new'),
    ),
]

# Mutants that compute the same: the lines of the solution, those of the mutant, and why no check can tell them apart.
_EPS = "eps may be outside the root"
_EPSILON = "epsilon may be inside the root"
_A_INSIDE, _A_HAT_INSIDE = "(np.sqrt(config['a'] + config['epsilon']))", "(np.sqrt(a_hat + config['epsilon']))"
EQUIVALENT = [
    (MASK, MASK.replace(">=", ">"), "a random number is p itself once in 2^53 times"),
    (BN_STD, "std = (np.sqrt(var) + eps)", _EPS),
    (BN_TEST, BN_TEST.replace("np.sqrt(running_var + eps)", "(np.sqrt(running_var) + eps)"), _EPS),
    (
        FULL_BN,
        FULL_BN.replace("[i - 1]", "[i - 2]"),
        "every layer has a dictionary of its own all the same, only in another order",
    ),
    (RMSPROP_STEP, RMSPROP_STEP.rpartition("(np.sqrt")[0] + _A_INSIDE, _EPSILON),
    (ADAM_STEP.strip(), ADAM_STEP.rpartition("(np.sqrt")[0] + _A_HAT_INSIDE, _EPSILON),
]
