"""Right variants of the reference solution, unlike it in ways that no check may punish.

Patches as in `mistakes`; ``note`` says what is different. Those of neural_net are in hw2, as are its checks.
"""

LAYERS, FC_NET, OPTIM = "nndl/layers.py", "nndl/fc_net.py", "nndl/optim.py"

AFFINE_CACHE = "    cache = (x, w, b)\n    return out, cache\n"
AFFINE_UNPACK = "    x, w, _ = cache\n"
RELU_DX = "return dout * (x > 0)"
TWO_TERM = "loss += 0.5 * self.reg * (np.sum(W1 * W1) + np.sum(W2 * W2))"

FORWARD_LOOPS = """\
N, M = x.shape[0], w.shape[1]
flat = x.reshape(N, -1)
out = np.zeros((N, M))
for n in range(N):
    for m in range(M):
        s = 0.0
        for d in range(flat.shape[1]):
            s += flat[n, d] * w[d, m]
        out[n, m] = s + b[m]
return out, (x, w, b)
"""

BACKWARD_LOOPS = """\
x, w, b = cache
N, D, M = x.shape[0], w.shape[0], w.shape[1]
flat = x.reshape(N, D)
dx, dw, db = np.zeros((N, D)), np.zeros((D, M)), np.zeros(M)
for n in range(N):
    for m in range(M):
        db[m] += dout[n, m]
        dw[:, m] += flat[n] * dout[n, m]
        dx[n] += w[:, m] * dout[n, m]
return dx.reshape(x.shape), dw, db
"""

SLOTS = """\
class Cache:
    __slots__ = ("back",)
c = Cache()
c.back = lambda d: (np.dot(d, w.T).reshape(x.shape), np.dot(x.reshape(len(x), -1).T, d), np.sum(d, 0).reshape(1, -1))
return np.dot(x.reshape(len(x), -1), w) + b.reshape(1, -1), c
"""

FROM_SLOTS = """\
return cache.back(dout)
"""


def _alternative(name, note, *patches):
    return {"name": name, "note": note, "patches": patches}


ALTERNATIVES = [
    _alternative(
        "db_with_one_row",
        "bias gradients of shape (1, M), and steps in place",
        (LAYERS, "db = dout.sum(axis=0)", "db = dout.sum(axis=0, keepdims=True)"),
        (
            OPTIM,
            'return w - config["learning_rate"] * dw, config',
            'w -= config["learning_rate"] * dw\n    return w, config',
        ),
    ),
    _alternative(
        "cache_is_a_dictionary",
        "a cache of another kind",
        (LAYERS, AFFINE_CACHE, '    cache = {"x": x, "rest": [w, (b,)]}\n    return out, cache\n'),
        (LAYERS, AFFINE_UNPACK, '    x, w = cache["x"], cache["rest"][0]\n'),
    ),
    _alternative(
        "cache_is_an_object",
        "a cache that only its own process understands",
        (LAYERS, AFFINE_CACHE, "    return out, lambda: (x, w, b)\n"),
        (LAYERS, AFFINE_UNPACK, "    x, w, _ = cache()\n"),
    ),
    _alternative(
        "affine_by_loops",
        "one example at a time, with gradients in double precision for all inputs",
        (LAYERS, "    out = rows @ w + b\n", "    out = np.stack([row @ w + b for row in rows])\n"),
        (LAYERS, "dw = rows.T @ dout", "dw = sum(np.outer(row, d) for row, d in zip(rows, dout)).astype(float)"),
    ),
    _alternative(
        "affine_by_tensordot",
        "sums by einsum and tensordot",
        (LAYERS, "    out = rows @ w + b\n", '    out = np.einsum("nd,dm->nm", rows, w) + b.reshape(1, -1)\n'),
        (LAYERS, "dw = rows.T @ dout", "dw = np.tensordot(rows, dout, axes=(0, 0))"),
    ),
    _alternative(
        "relu_passes_at_zero",
        "relu's gradient is 1 at exactly 0",
        (LAYERS, RELU_DX, "return dout * (x >= 0)"),
    ),
    _alternative(
        "relu_backward_in_place",
        "overwrites dout: a remark",
        (LAYERS, RELU_DX, "dout[x <= 0] = 0\n    return dout"),
    ),
    _alternative(
        "relu_forward_in_place",
        "overwrites x: a remark",
        (LAYERS, "out = np.maximum(0, x)", "x[x < 0] = 0\n    out = x"),
    ),
    _alternative(
        "relu_caches_a_mask",
        "keeps where x was positive",
        (LAYERS, "out = np.maximum(0, x)", "out = x * (x > 0)"),
        (LAYERS, "    cache = x\n", "    cache = x > 0\n"),
        (LAYERS, RELU_DX, "return np.where(x, dout, 0)"),
    ),
    _alternative(
        "softmax_loss_in_place",
        "softmax_loss overwrites the scores",
        (
            LAYERS,
            "    shifted = x - x.max(axis=1, keepdims=True)",
            "    x -= x.max(axis=1, keepdims=True)\n    shifted = x",
        ),
    ),
    _alternative(
        "log_of_p_plus_eps",
        "a small number inside the logarithm",
        (LAYERS, "log_p[rows, y].mean()", "np.log(np.exp(log_p[rows, y]) + 1e-8).mean()"),
    ),
    _alternative(
        "loss_is_an_array",
        "losses as arrays with one entry",
        (FC_NET, TWO_TERM, TWO_TERM + "\n        loss = np.asarray(loss)"),
    ),
    _alternative(
        "init_by_normal",
        "weights by numpy.random.normal, biases of shape (1, D)",
        (
            FC_NET,
            "weight_scale * np.random.randn(input_dim, hidden_dims)",
            "np.random.normal(0, weight_scale, (input_dim, hidden_dims))",
        ),
        (FC_NET, 'self.params["b1"] = np.zeros(hidden_dims)', 'self.params["b1"] = np.zeros((1, hidden_dims))'),
        (
            FC_NET,
            "weight_scale * np.random.randn(fan_in, fan_out)",
            "np.random.normal(0, weight_scale, (fan_in, fan_out))",
        ),
    ),
    _alternative(
        "always_double_precision",
        "parameters, scores and gradients in double precision",
        (FC_NET, "X = X.astype(self.dtype)", "X = X.astype(np.float64)"),
        (FC_NET, "value.astype(dtype)", "value.astype(np.float64)"),
    ),
    _alternative(
        "always_single_precision",
        "computes in single precision what it is given in double",
        (
            FC_NET,
            "X = X.astype(self.dtype)",
            "X = X.astype(self.dtype)\n        self.params = {k: v.astype(self.dtype) for k, v in self.params.items()}",
        ),
    ),
    _alternative(
        "norm_for_regularisation",
        "regularises by squared norms",
        (FC_NET, "np.sum(w * w)", "np.linalg.norm(w) ** 2"),
        (FC_NET, TWO_TERM, "loss += self.reg / 2 * (np.linalg.norm(W1) ** 2 + np.linalg.norm(W2) ** 2)"),
    ),
    _alternative(
        "affine_number_by_number",
        "three loops over numbers",
        (LAYERS, "affine_forward()", FORWARD_LOOPS),
        (LAYERS, "affine_backward()", BACKWARD_LOOPS),
    ),
    _alternative(
        "cache_with_slots",
        "a cache with slots, which holds the backward pass as a function",
        (LAYERS, "affine_forward()", SLOTS),
        (LAYERS, "affine_backward()", FROM_SLOTS),
    ),
]
