"""Right variants of the reference solution, unlike it in ways that no check may punish.

Patches as in `mistakes`; ``note`` says what is different.
"""

OPTIM, LAYERS, FC_NET = "nndl/optim.py", "nndl/layers.py", "nndl/fc_net.py"

MOMENTUM = (
    'config["velocity"] = config["momentum"] * config["velocity"] - config["learning_rate"] * dw\n'
    '    next_w = w + config["velocity"]\n'
)
NESTEROV_STEP = 'next_w = w + new + config["momentum"] * (new - old)'
RMSPROP_STEP = 'next_w = w - config["learning_rate"] * dw / (np.sqrt(config["a"]) + config["epsilon"])'
ADAM_STEP = 'next_w = w - config["learning_rate"] * v_hat / (np.sqrt(a_hat) + config["epsilon"])'
ADAM_T = '    config["t"] += 1\n'
BN_STATISTICS = "mean, var = x.mean(axis=0), x.var(axis=0)"
BN_CACHE = "        cache = (x_hat, gamma, std)\n"
BN_UNPACK = "    x_hat, gamma, std = cache\n"
BN_STD = "std = np.sqrt(var + eps)"
BN_VAR = "(1 - momentum) * var"
BN_TEST = "out = gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta"
BN_DX = "dx = gamma / std * (dout - dbeta / len(dout) - x_hat * dgamma / len(dout))"
MASK = "mask = (np.random.rand(*x.shape) >= p) / (1 - p)"
DROPPED = "        out = x * mask\n"
DROPOUT_DX = "        dx = dout * mask\n"
MODES = '            layer_param["mode"] = mode\n'

BY_ENTRY = """\
if config is None:
    config = {}
config.setdefault("learning_rate", 1e-2)
config.setdefault("momentum", 0.9)
v = config.get("velocity", np.zeros_like(w))
v = v.copy()
next_w = w.copy()
for i in np.ndindex(w.shape):
    v[i] = config["momentum"]*v[i] - config["learning_rate"]*dw[i]
    next_w[i] = w[i] + v[i]
config["velocity"] = v
return next_w, config
"""

NET_ANEW = """\
from .layers import relu_forward, relu_backward, batchnorm_forward, batchnorm_backward
X = X.astype(self.dtype)
mode = "test" if y is None else "train"
if self.use_dropout:
    self.dropout_param["mode"] = mode
for bn_param in self.bn_params:
    bn_param["mode"] = mode
caches = {}
h = X
L = self.num_layers
for l in range(1, L):
    h, caches["a", l] = affine_forward(h, self.params["W" + str(l)], self.params["b" + str(l)])
    if self.use_batchnorm:
        gamma, beta = self.params["gamma" + str(l)], self.params["beta" + str(l)]
        h, caches["n", l] = batchnorm_forward(h, gamma, beta, self.bn_params[l - 1])
    h, caches["r", l] = relu_forward(h)
    if self.use_dropout:
        h, caches["d", l] = dropout_forward(h, self.dropout_param)
scores, caches["a", L] = affine_forward(h, self.params["W" + str(L)], self.params["b" + str(L)])
if mode == "test":
    return scores
grads = {}
loss, dh = softmax_loss(scores, y)
dh, grads["W" + str(L)], grads["b" + str(L)] = affine_backward(dh, caches["a", L])
for l in range(L - 1, 0, -1):
    if self.use_dropout:
        dh = dropout_backward(dh, caches["d", l])
    dh = relu_backward(dh, caches["r", l])
    if self.use_batchnorm:
        dh, grads["gamma" + str(l)], grads["beta" + str(l)] = batchnorm_backward(dh, caches["n", l])
    dh, grads["W" + str(l)], grads["b" + str(l)] = affine_backward(dh, caches["a", l])
for l in range(1, L + 1):
    loss += 0.5 * self.reg * np.sum(self.params["W" + str(l)] ** 2)
    grads["W" + str(l)] = grads["W" + str(l)] + self.reg * self.params["W" + str(l)]
return loss, grads
"""


def _alternative(name, note, *patches):
    return {"name": name, "note": note, "patches": patches}


ALTERNATIVES = [
    _alternative(
        "epsilon_inside_the_root",
        "rmsprop and adam with epsilon inside the square root",
        (OPTIM, RMSPROP_STEP, RMSPROP_STEP.replace('(np.sqrt(config["a"]) + ', 'np.sqrt(config["a"] + ')),
        (OPTIM, ADAM_STEP, ADAM_STEP.replace("(np.sqrt(a_hat) + ", "np.sqrt(a_hat + ")),
    ),
    _alternative(
        "adam_correction_of_the_rate",
        "adam with both corrections in the learning rate",
        (
            OPTIM,
            ADAM_STEP,
            'rate = config["learning_rate"] * np.sqrt(1 - config["beta2"] ** config["t"])\n'
            '    rate /= 1 - config["beta1"] ** config["t"]\n'
            '    next_w = w - rate * config["v"] / (np.sqrt(config["a"]) + config["epsilon"])',
        ),
    ),
    _alternative(
        "rules_change_in_place",
        "momentum and adam overwrite the parameter and the state that they were given: a remark",
        (
            OPTIM,
            MOMENTUM,
            'v = config["velocity"]\n    v *= config["momentum"]\n    v -= config["learning_rate"] * dw\n'
            "    w += v\n    next_w = w\n",
        ),
        (
            OPTIM,
            ADAM_STEP,
            ADAM_STEP.replace("next_w = w - ", "w -= ") + "\n    next_w = w",
        ),
    ),
    _alternative(
        "rules_return_a_new_config",
        "the config given stays as it was, and a new one is returned",
        (
            OPTIM,
            MOMENTUM,
            'velocity = config["momentum"] * config["velocity"] - config["learning_rate"] * dw\n'
            "    next_w = w + velocity\n"
            '    config = {**config, "velocity": velocity}\n',
        ),
        (OPTIM, ADAM_T, '    config = dict(config, t=config["t"] + 1)\n'),
    ),
    _alternative(
        "nesterov_in_another_form",
        "Nesterov's step as -mu v + (1 + mu) v'",
        (OPTIM, NESTEROV_STEP, 'next_w = w - config["momentum"] * old + (1 + config["momentum"]) * new'),
    ),
    _alternative(
        "rules_of_numpy_scalars",
        "t is an array with one entry",
        (OPTIM, ADAM_T, '    config["t"] = np.asarray(config["t"]) + np.ones(1, int)\n'),
    ),
    _alternative(
        "running_variance_unbiased",
        "the running variance is of variances with 1/(N - 1)",
        (LAYERS, BN_VAR, "(1 - momentum) * x.var(axis=0, ddof=1)"),
    ),
    _alternative(
        "batchnorm_eps_outside_the_root",
        "eps is added to the standard deviation",
        (LAYERS, BN_STD, "std = np.sqrt(var) + eps"),
        (LAYERS, BN_TEST, BN_TEST.replace("np.sqrt(running_var + eps)", "(np.sqrt(running_var) + eps)")),
    ),
    _alternative(
        "batchnorm_gradients_with_one_row",
        "dgamma and dbeta, and statistics, of shape (1, D)",
        (LAYERS, BN_STATISTICS, BN_STATISTICS.replace("axis=0", "axis=0, keepdims=True")),
        (LAYERS, "dbeta = dout.sum(axis=0)", "dbeta = dout.sum(axis=0, keepdims=True)"),
        (LAYERS, "dgamma = (dout * x_hat).sum(axis=0)", "dgamma = (dout * x_hat).sum(axis=0, keepdims=True)"),
    ),
    _alternative(
        "batchnorm_step_by_step",
        "the backward pass through the graph of the computation, with a cache of another kind",
        (
            LAYERS,
            BN_CACHE,
            '        cache = {"x": x, "mean": mean, "std": std, "rest": [gamma, (bn_param,)]}\n',
        ),
        (
            LAYERS,
            BN_UNPACK,
            '    centred, std, gamma = cache["x"] - cache["mean"], cache["std"], cache["rest"][0]\n'
            "    x_hat = centred / std\n",
        ),
        (
            LAYERS,
            BN_DX,
            "dx_hat = dout * gamma\n"
            "    dvar = np.sum(dx_hat * centred, axis=0) * -0.5 / std**3\n"
            "    dmean = -np.sum(dx_hat / std, axis=0) - 2 * dvar * centred.mean(axis=0)\n"
            "    dx = dx_hat / std + dvar * 2 * centred / len(dout) + dmean / len(dout)",
        ),
    ),
    _alternative(
        "batchnorm_averages_in_place",
        "bn_param's own arrays change",
        (
            LAYERS,
            "        running_mean = momentum * running_mean + (1 - momentum) * mean\n",
            "        running_mean *= momentum\n        running_mean += (1 - momentum) * mean\n",
        ),
    ),
    _alternative(
        "batchnorm_cache_is_an_object",
        "a cache that only its own process understands",
        (LAYERS, BN_CACHE, "        cache = lambda: (x_hat, gamma, std)  # noqa: E731\n"),
        (LAYERS, BN_UNPACK, "    x_hat, gamma, std = cache()\n"),
    ),
    _alternative(
        "dropout_keeps_with_p",
        "p is the probability of keeping an entry",
        (LAYERS, MASK, "mask = (np.random.rand(*x.shape) < p) / p"),
    ),
    _alternative(
        "dropout_by_binomial",
        "a mask of ones and zeros from the binomial distribution, scaled apart from it",
        (LAYERS, MASK, "mask = np.random.binomial(1, 1 - p, size=x.shape)"),
        (LAYERS, DROPPED, "        out = x * mask / (1 - p)\n"),
        (LAYERS, DROPOUT_DX, '        dx = dout * mask / (1 - dropout_param["p"])\n'),
    ),
    _alternative(
        "dropout_in_place",
        "overwrites x and dout: a remark",
        (LAYERS, DROPPED, "        x *= mask\n        out = x\n"),
        (LAYERS, DROPOUT_DX, "        dout *= mask\n        dx = dout\n"),
    ),
    _alternative(
        "mode_of_the_starter",
        "bn_param[mode] = mode, as in the starter code of several years: a remark",
        (
            FC_NET,
            MODES,
            '            layer_param["mode" if layer_param is self.dropout_param else mode] = mode\n',
        ),
    ),
    _alternative(
        "scales_with_one_row",
        "biases, scales and shifts of shape (1, D)",
        (FC_NET, "= np.zeros(fan_out)", "= np.zeros((1, fan_out))"),
        (FC_NET, "= np.ones(size)", "= np.ones((1, size))"),
        (FC_NET, "= np.zeros(size)", "= np.zeros((1, size))"),
    ),
    _alternative(
        "always_double_precision",
        "parameters, scores and gradients in double precision",
        (FC_NET, "X = X.astype(self.dtype)", "X = X.astype(np.float64)"),
        (FC_NET, "value.astype(dtype)", "value.astype(np.float64)"),
        (LAYERS, "    return out.astype(x.dtype, copy=False), cache\n", "    return out, cache\n"),
    ),
    _alternative(
        "network_without_sandwiches",
        "batch normalization and ReLU called one by one",
        (
            FC_NET,
            "    affine_batchnorm_relu_backward,\n    affine_batchnorm_relu_forward,\n",
            "",
        ),
        (
            FC_NET,
            "class TwoLayerNet:",
            "from . import layers\n\n\n"
            "def affine_batchnorm_relu_forward(x, w, b, gamma, beta, bn_param):\n"
            "    out, one = affine_forward(x, w, b)\n"
            "    out, two = layers.batchnorm_forward(out, gamma, beta, bn_param)\n"
            "    out, three = layers.relu_forward(out)\n"
            "    return out, {1: one, 2: two, 3: three}\n\n\n"
            "def affine_batchnorm_relu_backward(dout, cache):\n"
            "    dout = layers.relu_backward(dout, cache[3])\n"
            "    dout, dgamma, dbeta = layers.batchnorm_backward(dout, cache[2])\n"
            "    dx, dw, db = affine_backward(dout, cache[1])\n"
            "    return dx, dw, db, dgamma, dbeta\n\n\n"
            "class TwoLayerNet:",
        ),
    ),
    _alternative(
        "dropout_before_relu",
        "dropout between ReLU and normalization, which comes to the same",
        (
            FC_NET,
            "                dout = dropout_backward(dout, dropout_caches[i - 1])\n",
            "                dout = 1 * dropout_backward(1 * dout, dropout_caches[i - 1])\n",
        ),
    ),
    _alternative(
        "log_of_p_plus_eps",
        "a small number inside the logarithm",
        (LAYERS, "log_p[rows, y].mean()", "np.log(np.exp(log_p[rows, y]) + 1e-8).mean()"),
    ),
    _alternative(
        "loss_is_an_array",
        "a loss as an array with one entry",
        (
            FC_NET,
            "        return loss, grads\n\n    def _set_mode",
            "        return np.array([loss]), grads\n\n    def _set_mode",
        ),
    ),
    _alternative(
        "momentum_by_loops",
        "entry by entry",
        (OPTIM, "sgd_momentum()", BY_ENTRY),
    ),
    _alternative(
        "network_in_another_style",
        "caches in a dictionary, layers one by one, gradients with their term added at the end",
        (FC_NET, "FullyConnectedNet.loss()", NET_ANEW),
    ),
]
