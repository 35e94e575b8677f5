"""Right variants of the reference solution, unlike it in ways that no check may punish.

Patches as in `mistakes`; ``note`` says what is different.
"""

CONV, CNN, CONVNET, LAYERS = "nndl/conv_layers.py", "nndl/cnn.py", "nndl/convnet.py", "nndl/layers.py"

CONV_PAD = "    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))\n"
CONV_OUT = "out[:, :, i, j] = np.tensordot(window, w, axes=((1, 2, 3), (1, 2, 3))) + b"
CONV_BACKWARD_LOOP = """            d = dout[:, :, i, j]
            dx_pad[:, :, rows, columns] += np.tensordot(d, w, axes=1)
            dw += np.tensordot(d.T, x_pad[:, :, rows, columns], axes=1)
"""
CONV_CROP = "dx = dx_pad[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]]"
CONV_DB = "db = dout.sum(axis=(0, 2, 3))"
CONV_CACHE = "    cache = (x, w, b, conv_param)\n    return out, cache\n"
CONV_UNPACK = "    x, w, _, conv_param = cache\n"
POOL_OUT = "            out[:, :, i, j] = window.max(axis=(2, 3))\n"
POOL_DX = "            dx[:, :, rows, columns] += largest * dout[:, :, i : i + 1, j : j + 1]\n"
POOL_ONE = """            for n in range(x.shape[0]):
                for c in range(x.shape[1]):
                    k, m = np.unravel_index(window[n, c].argmax(), window[n, c].shape)
                    dx[n, c, i * stride + k, j * stride + m] {} dout[n, c, i, j]
"""
SPATIAL_CALL = "out, cache = batchnorm_forward(pixels, gamma, beta, bn_param)"
SPATIAL_BACK = "dpixels, dgamma, dbeta = batchnorm_backward(dout.transpose(0, 2, 3, 1).reshape(-1, c), cache)"
THREE_TERM = "loss += 0.5 * self.reg * (np.sum(W1 * W1) + np.sum(W2 * W2) + np.sum(W3 * W3))"
THREE_W = "weight_scale * np.random.randn(*shape)"
RUNNING_VAR = "running_var = momentum * running_var + (1 - momentum) * var"

WINDOWS = """\
s, p = conv_param["stride"], int(conv_param["pad"])
xp = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
win = np.lib.stride_tricks.sliding_window_view(xp, w.shape[2:], axis=(2, 3))[:, :, ::s, ::s]
out = np.einsum("ncijkl,fckl->nfij", win, w) + b[None, :, None, None]
return out, {"win": win, "x": x, "w": w, "s": s, "p": p}
"""

OF_WINDOWS = """\
x, w, s, p = cache["x"], cache["w"], cache["s"], cache["p"]
dw = np.einsum("ncijkl,nfij->fckl", cache["win"], dout)
db = np.einsum("nfij->f", dout)
dxp = np.zeros((*x.shape[:2], x.shape[2] + 2 * p, x.shape[3] + 2 * p))
for k in range(w.shape[2]):
    for l in range(w.shape[3]):
        part = np.einsum("nfij,fc->ncij", dout, w[:, :, k, l])
        dxp[:, :, k:k + s * dout.shape[2]:s, l:l + s * dout.shape[3]:s] += part
return dxp[:, :, p:p + x.shape[2], p:p + x.shape[3]], dw, db.reshape(1, -1)
"""

SWAPPED = """\
N, Ch, H, W = x.shape
xt = np.swapaxes(x, 1, 3).reshape(N * H * W, Ch)
out, cache = batchnorm_forward(xt, gamma, beta, bn_param)
out = np.swapaxes(out.reshape(N, W, H, Ch), 1, 3)
return out, cache
"""

SWAPPED_BACK = """\
N, Ch, H, W = dout.shape
dt = np.swapaxes(dout, 1, 3).reshape(N * H * W, Ch)
dx, dgamma, dbeta = batchnorm_backward(dt, cache)
dx = np.swapaxes(dx.reshape(N, W, H, Ch), 1, 3)
return dx, dgamma, dbeta
"""


def _alternative(name, note, *patches):
    return {"name": name, "note": note, "patches": patches}


ALTERNATIVES = [
    _alternative(
        "conv_by_six_loops",
        "one product after the other",
        (
            CONV,
            CONV_OUT,
            """for n in range(len(x)):
                for f in range(len(w)):
                    total = 0.0
                    for c in range(w.shape[1]):
                        for k in range(w.shape[2]):
                            for m in range(w.shape[3]):
                                total += window[n, c, k, m] * w[f, c, k, m]
                    out[n, f, i, j] = total + b[f]""",
        ),
    ),
    _alternative(
        "conv_by_four_loops",
        "one window after the other, backwards too",
        (
            CONV,
            CONV_OUT,
            """for n in range(len(x)):
                for f in range(len(w)):
                    out[n, f, i, j] = np.sum(window[n] * w[f]) + b[f]""",
        ),
        (
            CONV,
            CONV_BACKWARD_LOOP,
            """            for n in range(len(x)):
                for f in range(len(w)):
                    dx_pad[n, :, rows, columns] += w[f] * dout[n, f, i, j]
                    dw[f] += x_pad[n, :, rows, columns] * dout[n, f, i, j]
""",
        ),
        (CONV, CONV_DB, "db = np.array([dout[:, f].sum() for f in range(len(w))])"),
    ),
    _alternative(
        "conv_cuts_by_negative_indices",
        "cannot do without padding in the backward pass: a remark",
        (CONV, CONV_CROP, "dx = dx_pad[:, :, pad:-pad, pad:-pad]"),
    ),
    _alternative(
        "conv_needs_padding",
        "cannot do without padding at all: a remark",
        (
            CONV,
            f"{CONV_PAD}    height",
            "    x_pad = np.zeros((*x.shape[:2], x.shape[2] + 2 * pad, x.shape[3] + 2 * pad))\n"
            "    x_pad[:, :, pad:-pad, pad:-pad] = x\n    height",
        ),
    ),
    _alternative(
        "conv_caches_the_padded_image",
        "a cache of another kind",
        (CONV, CONV_CACHE, '    return out, {"padded": x_pad, "rest": [x.shape, w, (conv_param,)]}\n'),
        (CONV, CONV_UNPACK, '    shape, w, (conv_param,) = cache["rest"]\n    x = np.zeros(shape)\n'),
        (
            CONV,
            f"{CONV_PAD}    dx_pad",
            '    x_pad = cache["padded"]\n    dx_pad',
        ),
    ),
    _alternative(
        "conv_cache_is_an_object",
        "a cache that only its own process understands",
        (CONV, CONV_CACHE, "    return out, lambda: (x, w, b, conv_param)\n"),
        (CONV, CONV_UNPACK, "    x, w, _, conv_param = cache()\n"),
    ),
    _alternative(
        "conv_by_fast_layers",
        "calls the fast layers",
        (CONV, "import numpy as np\n", "import numpy as np\nfrom utils import fast_layers\n"),
        (CONV, CONV_CACHE, "    return fast_layers.conv_forward_fast(x, w, b, conv_param)\n"),
        (
            CONV,
            CONV_UNPACK,
            "    return fast_layers.conv_backward_fast(dout, cache)\n    x, w, _, conv_param = cache\n",
        ),
    ),
    _alternative(
        "conv_db_with_one_row",
        "the biases' gradient of shape (1, F)",
        (CONV, CONV_DB, "db = dout.sum(axis=(0, 2, 3)).reshape(1, -1)"),
    ),
    _alternative(
        "conv_changes_dout",
        "overwrites dout: a remark",
        (CONV, "    dx_pad, dw =", "    dout *= 1.0\n    dout += 0.0\n    dx_pad, dw ="),
        (CONV, CONV_DB, "db = dout.sum(axis=(0, 2, 3))\n    dout[:] = 0"),
    ),
    _alternative(
        "conv_returns_lists",
        "lists where tuples are usual",
        (CONV, "    return dx, dw, db\n", "    return [dx, dw, db]\n"),
    ),
    _alternative(
        "conv_in_single_precision",
        "computes in the type of its inputs",
        (
            CONV,
            "out = np.zeros((len(x), len(w), height, width))",
            "out = np.zeros((len(x), len(w), height, width), np.result_type(x, w, b))",
        ),
    ),
    _alternative(
        "gradients_like_their_arrays",
        "gradients of the type of what they belong to",
        (CONV, "np.zeros(x_pad.shape), np.zeros(w.shape)", "np.zeros_like(x_pad), np.zeros_like(w)"),
        (CONV, "    dx = np.zeros(x.shape)\n", "    dx = np.zeros_like(x)\n"),
    ),
    _alternative(
        "pool_gives_one_the_gradient",
        "the first of several largest pixels gets the gradient",
        (CONV, POOL_DX, POOL_ONE.format("+=")),
    ),
    _alternative(
        "pool_assigns_the_gradient",
        "windows may not overlap: a remark",
        (CONV, POOL_DX, POOL_ONE.format("=")),
    ),
    _alternative(
        "pool_shares_the_gradient",
        "several largest pixels get equal parts",
        (CONV, POOL_DX, POOL_DX.replace("largest *", "largest / largest.sum(axis=(2, 3), keepdims=True) *")),
    ),
    _alternative(
        "pool_by_reshape",
        "windows that do not overlap and are square only: a remark",
        (
            CONV,
            "    out = np.zeros((*x.shape[:2], height, width))\n",
            "    out = x.reshape(*x.shape[:2], height, pool_height, width, pool_width).max(axis=(3, 5))\n",
        ),
        (CONV, POOL_OUT, "            pass\n"),
    ),
    _alternative(
        "pool_confuses_height_and_width",
        "right for square windows only: a remark",
        (CONV, "j * stride : j * stride + pool_width]", "j * stride : j * stride + pool_height]"),
        (
            CONV,
            "columns = slice(j * stride, j * stride + pool_width)",
            "columns = slice(j * stride, j * stride + pool_height)",
        ),
    ),
    _alternative(
        "pool_caches_the_places",
        "remembers in the forward pass where the maxima are",
        (CONV, "    cache = (x, pool_param)\n", '    cache = {"x": x.copy(), "pool": [pool_param]}\n'),
        (CONV, "    x, pool_param = cache\n", '    x, (pool_param,) = cache["x"], cache["pool"]\n'),
    ),
    _alternative(
        "running_variance_unbiased",
        "a running variance with 1/(N-1)",
        (LAYERS, RUNNING_VAR, RUNNING_VAR.replace("* var", "* x.var(axis=0, ddof=1)")),
    ),
    _alternative(
        "batchnorm_eps_outside_the_root",
        "eps is added to the standard deviation",
        (LAYERS, "std = np.sqrt(var + eps)", "std = np.sqrt(var) + eps"),
        (LAYERS, "/ np.sqrt(running_var + eps) + beta", "/ (np.sqrt(running_var) + eps) + beta"),
    ),
    _alternative(
        "spatial_by_its_own_means",
        "means over the axes 0, 2 and 3, and averages of shape (1, C, 1, 1)",
        (
            CONV,
            SPATIAL_CALL,
            """axes, eps, momentum = (0, 2, 3), bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    scale, shift = gamma.reshape(1, -1, 1, 1), beta.reshape(1, -1, 1, 1)
    if bn_param["mode"] == "train":
        mean, var = x.mean(axis=axes, keepdims=True), x.var(axis=axes, keepdims=True)
        bn_param["running_mean"] = momentum * bn_param.get("running_mean", 0) + (1 - momentum) * mean
        bn_param["running_var"] = momentum * bn_param.get("running_var", 0) + (1 - momentum) * var
    else:
        mean, var = bn_param["running_mean"], bn_param["running_var"]
    x_hat = (x - mean) / np.sqrt(var + eps)
    cache = (x_hat, scale, np.sqrt(var + eps))
    out = (scale * x_hat + shift).transpose(0, 2, 3, 1)""",
        ),
        (
            CONV,
            SPATIAL_BACK,
            """x_hat, scale, std = cache
    dgamma, dbeta = (dout * x_hat).sum(axis=(0, 2, 3)), dout.sum(axis=(0, 2, 3))
    inner = dout - (dbeta.reshape(1, -1, 1, 1) + x_hat * dgamma.reshape(1, -1, 1, 1)) / (n * h * w)
    dpixels = (scale / std * inner).transpose(0, 2, 3, 1)""",
        ),
    ),
    _alternative(
        "spatial_by_channels_first",
        "swaps axes instead of transposing",
        (CONV, "pixels = x.transpose(0, 2, 3, 1).reshape(-1, c)", "pixels = np.swapaxes(x, 0, 1).reshape(c, -1).T"),
        (
            CONV,
            "out = out.reshape(n, h, w, c).transpose(0, 3, 1, 2)",
            "out = np.swapaxes(out.T.reshape(c, n, h, w), 0, 1)",
        ),
        (
            CONV,
            SPATIAL_BACK,
            SPATIAL_BACK.replace(
                "dout.transpose(0, 2, 3, 1).reshape(-1, c)", "np.moveaxis(dout, 1, -1).reshape(-1, c)"
            ),
        ),
    ),
    _alternative(
        "spatial_gradients_with_one_row",
        "dgamma and dbeta of shape (1, C)",
        (CONV, SPATIAL_BACK, SPATIAL_BACK + "\n    dgamma, dbeta = dgamma.reshape(1, -1), dbeta.reshape(1, -1)"),
    ),
    _alternative(
        "three_by_naive_layers",
        "a network of the naive layers",
        (CNN, "import numpy as np\n", "import numpy as np\n\nfrom . import conv_layers as naive\n"),
        (CNN, "import affine_backward,", "import relu_backward, relu_forward, affine_backward,"),
        (
            CNN,
            "            pooled, conv_cache = conv_relu_pool_forward(X, W1, b1, conv_param, pool_param)\n",
            """            conv_param["pad"] = int(conv_param["pad"])
            a, cache_a = naive.conv_forward_naive(X, W1, b1, conv_param)
            r, cache_r = relu_forward(a)
            pooled, cache_p = naive.max_pool_forward_naive(r, pool_param)
""",
        ),
        (
            CNN,
            '            _, dW1, grads["b1"] = conv_relu_pool_backward(dpooled, conv_cache)\n',
            """            dr = relu_backward(naive.max_pool_backward_naive(dpooled, cache_p), cache_r)
            _, dW1, grads["b1"] = naive.conv_backward_naive(dr, cache_a)
""",
        ),
    ),
    _alternative(
        "three_always_double_precision",
        "parameters, scores and gradients in double precision",
        (CNN, "X = X.astype(self.dtype)", "X = X.astype(np.float64)"),
        (CNN, "value.astype(dtype)", "value.astype(np.float64)"),
    ),
    _alternative(
        "three_by_norms",
        "regularises by squared norms",
        (CNN, THREE_TERM, "loss += self.reg / 2 * sum(np.linalg.norm(W) ** 2 for W in (W1, W2, W3))"),
    ),
    _alternative(
        "three_by_normal",
        "weights by numpy.random.normal, biases of shape (1, D)",
        (CNN, THREE_W, "np.random.normal(0, weight_scale, shape)"),
        (CNN, 'self.params[f"b{i}"] = np.zeros(outputs)', 'self.params[f"b{i}"] = np.zeros((1, outputs))'),
    ),
    _alternative(
        "three_without_batchnorm",
        "takes use_batchnorm and does nothing with it",
        (CNN, "self.use_batchnorm = use_batchnorm\n", "self.use_batchnorm = False\n"),
    ),
    _alternative(
        "three_loss_is_an_array",
        "losses as arrays with one entry",
        (CNN, THREE_TERM, THREE_TERM + "\n        loss = np.array([loss])"),
        (
            CONVNET,
            "loss += 0.5 * reg * (np.sum(W1 * W1) + np.sum(W2 * W2))",
            "loss = np.asarray(loss + reg / 2 * sum(np.sum(W**2) for W in (W1, W2)))",
        ),
    ),
    _alternative(
        "log_of_p_plus_eps",
        "a small number inside the logarithm",
        (LAYERS, "log_p[rows, y].mean()", "np.log(np.exp(log_p[rows, y]) + 1e-8).mean()"),
    ),
    _alternative(
        "relu_passes_at_zero",
        "relu's gradient is 1 at exactly 0",
        (LAYERS, "return dout * (x > 0)", "return dout * (x >= 0)"),
    ),
    _alternative(
        "relu_backward_in_place",
        "overwrites dout: a remark",
        (LAYERS, "return dout * (x > 0)", "dout[x <= 0] = 0\n    return dout"),
    ),
    _alternative(
        "convnet_adds_to_gradients",
        "adds the penalty's gradient in place",
        (CONVNET, 'grads["W2"] = dW2 + reg * W2', 'dW2 += reg * W2\n    grads["W2"] = dW2'),
        (CONVNET, "(height // 2) * (width // 2), num_classes", "height * width // 4, num_classes"),
    ),
    _alternative(
        "conv_by_windows",
        "a view of all windows and einsum, with a dictionary for a cache and db of shape (1, F)",
        (CONV, "conv_forward_naive()", WINDOWS),
        (CONV, "conv_backward_naive()", OF_WINDOWS),
    ),
    _alternative(
        "spatial_by_swapped_axes",
        "swaps channels with columns, which changes the order of pixels",
        (CONV, "spatial_batchnorm_forward()", SWAPPED),
        (CONV, "spatial_batchnorm_backward()", SWAPPED_BACK),
    ),
]
