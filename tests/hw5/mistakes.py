"""Wrong variants of the reference solution, each of which the suite must catch, in its own question only.

A variant is a list of patches ``(file, old, new)``: text of a file below solutions/, which occurs there
exactly once, and what stands there instead. ``hint`` says what the student did.
"""

# By question, the beginnings of the names of the holes that it is about.
HOLES = {
    "conv": ("nndl.conv_layers.conv",),
    "max_pool": ("nndl.conv_layers.max_pool",),
    "spatial_batchnorm": ("nndl.conv_layers.spatial", "nndl.layers.batchnorm"),
    "three_layer": ("nndl.cnn", "nndl.layers.affine", "nndl.layers.relu"),
    "two_layer_convnet": ("nndl.convnet",),
}

# Where students read what a question is about: a notebook of theirs, and a heading in it.
READ = {
    "conv": "conv_layers.ipynb, Convolution: forward",
    "max_pool": "conv_layers.ipynb, Max pooling: forward",
    "spatial_batchnorm": "spatial_batchnorm.ipynb, Spatial batch normalization",
    "three_layer": "cnn.ipynb, Three layers, as a class",
    "two_layer_convnet": "cnn.ipynb, Two layers, as functions",
}

# Mistakes that agree with themselves, which no check of their question may let pass.
ONLY_WITH_THEMSELVES = ["conv_nothing", "conv_doubled", "pool_nothing", "pool_minimum"]

CONV, CNN, CONVNET, LAYERS = "nndl/conv_layers.py", "nndl/cnn.py", "nndl/convnet.py", "nndl/layers.py"

# Lines of the reference that several variants change.
CONV_PAD = "x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))\n    height"
CONV_WINDOW = "x_pad[:, :, i * stride : i * stride + w.shape[2], j * stride : j * stride + w.shape[3]]"
CONV_OUT = "out[:, :, i, j] = np.tensordot(window, w, axes=((1, 2, 3), (1, 2, 3))) + b"
CONV_ROWS = "rows = slice(i * stride, i * stride + w.shape[2])"
CONV_COLUMNS = "columns = slice(j * stride, j * stride + w.shape[3])"
CONV_DX = "dx_pad[:, :, rows, columns] += np.tensordot(d, w, axes=1)"
CONV_DW = "dw += np.tensordot(d.T, x_pad[:, :, rows, columns], axes=1)"
CONV_DB = "db = dout.sum(axis=(0, 2, 3))"
CONV_CROP = "dx = dx_pad[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]]"
CONV_HEIGHT = "height = 1 + (x_pad.shape[2] - w.shape[2]) // stride"
CONV_WIDTH = "width = 1 + (x_pad.shape[3] - w.shape[3]) // stride"
POOL_WINDOW = "window = x[:, :, i * stride : i * stride + pool_height, j * stride : j * stride + pool_width]"
POOL_OUT = "out[:, :, i, j] = window.max(axis=(2, 3))"
POOL_ROWS = "rows = slice(i * stride, i * stride + pool_height)"
POOL_COLUMNS = "columns = slice(j * stride, j * stride + pool_width)"
POOL_LARGEST = "largest = window == window.max(axis=(2, 3), keepdims=True)"
POOL_DX = "dx[:, :, rows, columns] += largest * dout[:, :, i : i + 1, j : j + 1]"
POOL_BACK = f"""            {POOL_ROWS}
            {POOL_COLUMNS}
            window = x[:, :, rows, columns]
            {POOL_LARGEST}
            {POOL_DX}
"""
SPATIAL_IN = "pixels = x.transpose(0, 2, 3, 1).reshape(-1, c)"
SPATIAL_CALL = "out, cache = batchnorm_forward(pixels, gamma, beta, bn_param)"
SPATIAL_TRAINS = '\n    if bn_param["mode"] == "train":\n        '
SPATIAL_OUT = "out = out.reshape(n, h, w, c).transpose(0, 3, 1, 2)"
SPATIAL_BACK = "dpixels, dgamma, dbeta = batchnorm_backward(dout.transpose(0, 2, 3, 1).reshape(-1, c), cache)"
SPATIAL_DX = "dx = dpixels.reshape(n, h, w, c).transpose(0, 3, 1, 2)"
THREE_TERM = "        loss += 0.5 * self.reg * (np.sum(W1 * W1) + np.sum(W2 * W2) + np.sum(W3 * W3))\n"
THREE_SCORES = "scores, scores_cache = affine_forward(hidden, W3, b3)"
THREE_SIZE = "(num_filters * (height // 2) * (width // 2), hidden_dim)"
THREE_FILTERS = "(num_filters, channels, filter_size, filter_size)"
THREE_W = "weight_scale * np.random.randn(*shape)"
THREE_POOLED = "            pooled, conv_cache = conv_relu_pool_forward(X, W1, b1, conv_param, pool_param)\n"
THREE_DPOOLED = 'dpooled, dW2, grads["b2"] = affine_relu_backward(dhidden, hidden_cache)'
THREE_DW1 = '_, dW1, grads["b1"] = conv_relu_pool_backward(dpooled, conv_cache)'
TWO_TERM = "    loss += 0.5 * reg * (np.sum(W1 * W1) + np.sum(W2 * W2))\n"
TWO_SCORES = "scores, scores_cache = affine_forward(pooled, W2, b2)"
TWO_W2 = 'model["W2"] = weight_scale * np.random.randn(num_filters * (height // 2) * (width // 2), num_classes)'


def _mistake(question, file, name, hint, *replacements):
    patches = [(file, old, new) for old, new in replacements]
    return {"name": name, "question": question, "hint": hint, "patches": patches}


def _conv(name, hint, *replacements):
    return _mistake("conv", CONV, f"conv_{name}", hint, *replacements)


def _pool(name, hint, *replacements):
    return _mistake("max_pool", CONV, f"pool_{name}", hint, *replacements)


def _spatial(name, hint, *replacements):
    return _mistake("spatial_batchnorm", CONV, f"spatial_{name}", hint, *replacements)


def _three(name, hint, *replacements):
    return _mistake("three_layer", CNN, f"three_{name}", hint, *replacements)


def _convnet(name, hint, *replacements):
    return _mistake("two_layer_convnet", CONVNET, f"convnet_{name}", hint, *replacements)


MISTAKES = [
    # conv forward
    _conv("no_bias", "adds no bias", (CONV_OUT, CONV_OUT.replace(" + b", ""))),
    _conv("forward_zeros", "returns zeros", (CONV_OUT, "pass")),
    _conv(
        "ignores_stride",
        "moves the windows by 1 whatever the stride is",
        (CONV_WINDOW, "x_pad[:, :, i : i + w.shape[2], j : j + w.shape[3]]"),
    ),
    _conv(
        "stride_across_only",
        "forgets the stride going down",
        (CONV_WINDOW, CONV_WINDOW.replace("i * stride", "i")),
    ),
    _conv(
        "stride_in_pads",
        "begins the windows at i * (stride - pad)",
        (CONV_WINDOW, CONV_WINDOW.replace("i * stride", "i * max(1, stride - pad)")),
    ),
    _conv(
        "square_filters",
        "takes the filter's height for its width",
        (CONV_WINDOW, CONV_WINDOW.replace("w.shape[3]", "w.shape[2]")),
        (CONV_WIDTH, CONV_WIDTH.replace("w.shape[3]", "w.shape[2]")),
    ),
    _conv(
        "square_images",
        "takes the image's height for its width",
        (CONV_WIDTH, CONV_WIDTH.replace("x_pad.shape[3]", "x_pad.shape[2]")),
    ),
    _conv(
        "pads_one_side",
        "pads at the top and on the left only",
        (
            CONV_PAD,
            "x_pad = np.pad(x, ((0, 0), (0, 0), (2 * pad, 0), (2 * pad, 0)))\n    height",
        ),
    ),
    _conv(
        "pads_with_edges",
        "pads with the pixels at the edge",
        (
            CONV_PAD,
            'x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), "edge")\n    height',
        ),
    ),
    _conv(
        "pads_by_one",
        "pads by 1 whatever pad is",
        (
            CONV_PAD,
            "x_pad = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))\n    height",
        ),
    ),
    _conv(
        "turned",
        "turns the filters round",
        (CONV_OUT, CONV_OUT.replace("(window, w,", "(window, w[:, :, ::-1, ::-1],")),
    ),
    _conv(
        "first_channel",
        "looks at the first channel only",
        (CONV_OUT, "out[:, :, i, j] = np.tensordot(window[:, 0], w[:, 0], axes=((1, 2), (1, 2))) + b"),
    ),
    _conv(
        "transposed_output",
        "mixes up i and j",
        (
            CONV_OUT,
            CONV_OUT.replace("i, j]", "min(j, height - 1), min(i, width - 1)]"),
        ),
    ),
    _conv(
        "first_image",
        "convolves the first image only",
        (CONV_OUT, "out[0, :, i, j] = np.tensordot(window[:1], w, axes=((1, 2, 3), (1, 2, 3)))[0] + b"),
    ),
    _conv("bias_of_first", "adds the first bias everywhere", (CONV_OUT, CONV_OUT.replace("+ b", "+ b[0]"))),
    _conv(
        "half_precision",
        "keeps too few digits",
        (
            "out = np.zeros((len(x), len(w), height, width))",
            "out = np.zeros((len(x), len(w), height, width), np.float16)",
        ),
    ),
    # conv backward
    _conv(
        "backward_ignores_stride",
        "moves the windows by 1 in the backward pass",
        (CONV_ROWS, "rows = slice(i, i + w.shape[2])"),
        (CONV_COLUMNS, "columns = slice(j, j + w.shape[3])"),
    ),
    _conv(
        "backward_fixed_stride",
        "moves the windows by 2 in the backward pass only when asked for at least 2",
        (CONV_ROWS, "rows = slice(i * min(stride, 2), i * min(stride, 2) + w.shape[2])"),
    ),
    _conv("dx_overwritten", "has = for += in dx", (CONV_DX, CONV_DX.replace("+=", "="))),
    _conv("dw_overwritten", "has = for += in dw", (CONV_DW, CONV_DW.replace("+=", "="))),
    _conv("dx_padded", "leaves the padding at dx", (CONV_CROP, "dx = dx_pad")),
    _conv("dx_cut_wrongly", "cuts dx at the wrong end", (CONV_CROP, "dx = dx_pad[:, :, : x.shape[2], : x.shape[3]]")),
    _conv(
        "dx_turned", "turns the filters round in dx", (CONV_DX, CONV_DX.replace("(d, w,", "(d, w[:, :, ::-1, ::-1],"))
    ),
    _conv(
        "dw_without_padding",
        "shifts the image by the padding in dw",
        (CONV_DW, "dw += np.tensordot(d.T, np.roll(x_pad, -pad, axis=(2, 3))[:, :, rows, columns], axes=1)"),
    ),
    _conv("dw_mean", "averages dw over the batch", (CONV_DW, CONV_DW.replace("d.T", "d.T / len(x)"))),
    _conv("dx_twice", "has dx off by 2", (CONV_DX, CONV_DX.replace("(d,", "(2 * d,"))),
    _conv("dw_negative", "has dw's sign wrong", (CONV_DW, CONV_DW.replace("+=", "-="))),
    _conv("db_per_image", "sums db over pixels but not images", (CONV_DB, "db = dout[0].sum(axis=(1, 2))")),
    _conv("db_everything", "sums db over the filters too", (CONV_DB, "db = np.full(len(w), dout.sum())")),
    _conv("db_mean", "averages db over the pixels", (CONV_DB, "db = dout.mean(axis=(2, 3)).sum(axis=0)")),
    _conv("db_scalar", "sums db to a single number", (CONV_DB, "db = dout.sum()")),
    _conv(
        "backward_square",
        "stops in the backward pass where a square output would",
        (
            "for j in range(dout.shape[3]):\n            rows = slice(i * stride, i * stride + w.shape[2])",
            "for j in range(min(dout.shape[2:])):\n            rows = slice(i * stride, i * stride + w.shape[2])",
        ),
    ),
    _conv(
        "backward_zeros",
        "returns zeros for all gradients",
        (CONV_DX, "pass"),
        (CONV_DW, "pass"),
        (CONV_DB, "db = np.zeros(len(w))"),
    ),
    _conv(
        "doubled",
        "computes 2 (x * w + b)",
        (CONV_OUT, "out[:, :, i, j] = 2 * (np.tensordot(window, w, axes=((1, 2, 3), (1, 2, 3))) + b)"),
        (CONV_DX, CONV_DX.replace("(d,", "(2 * d,")),
        (CONV_DW, CONV_DW.replace("(d.T,", "(2 * d.T,")),
        (CONV_DB, "db = 2 * dout.sum(axis=(0, 2, 3))"),
    ),
    _conv(
        "nothing",
        "returns zeros, and zeros as gradients of zeros",
        (CONV_OUT, "pass"),
        (CONV_DX, "pass"),
        (CONV_DW, "pass"),
        (CONV_DB, "db = np.zeros(len(w))"),
    ),
    # max_pool
    _pool("mean", "averages", (POOL_OUT, "out[:, :, i, j] = window.mean(axis=(2, 3))")),
    _pool(
        "from_zero", "begins every maximum at 0", (POOL_OUT, "out[:, :, i, j] = np.maximum(window.max(axis=(2, 3)), 0)")
    ),
    _pool("of_sizes", "takes the absolutely largest", (POOL_OUT, "out[:, :, i, j] = np.abs(window).max(axis=(2, 3))")),
    _pool(
        "ignores_stride",
        "moves the windows by 1",
        (POOL_WINDOW, "window = x[:, :, i : i + pool_height, j : j + pool_width]"),
    ),
    _pool(
        "always_two",
        "has windows of 2x2 whatever the parameters are",
        (POOL_WINDOW, "window = x[:, :, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2]"),
    ),
    _pool(
        "square_images",
        "takes the image's height for its width",
        ("width = 1 + (x.shape[3] - pool_width) // stride", "width = 1 + (x.shape[2] - pool_width) // stride"),
    ),
    _pool(
        "across_channels",
        "takes the maximum over the channels too",
        (POOL_OUT, "out[:, :, i, j] = window.max(axis=(1, 2, 3), keepdims=True)[:, :, 0, 0]"),
    ),
    _pool("forward_zeros", "returns zeros", (POOL_OUT, "pass")),
    _pool(
        "backward_reused_variables",
        "uses i and j for the place in the window too",
        (
            POOL_BACK,
            """            for n in range(x.shape[0]):
                for c in range(x.shape[1]):
                    window = x[n, c, i * stride : i * stride + pool_height, j * stride : j * stride + pool_width]
                    i, j = np.unravel_index(window.argmax(), window.shape)
                    dx[n, c, i, j] += dout[n, c, min(i, dout.shape[2] - 1), min(j, dout.shape[3] - 1)]
""",
        ),
    ),
    _pool(
        "backward_reused_channel",
        "finds the maximum with the loop variables of images and channels",
        (
            POOL_BACK,
            """            for n in range(x.shape[0]):
                for c in range(x.shape[1]):
                    window = x[n, c, i * stride : i * stride + pool_height, j * stride : j * stride + pool_width]
                    n, c = np.unravel_index(window.argmax(), window.shape)
                    n, c = min(n, len(x) - 1), min(c, x.shape[1] - 1)
                    dx[n, c, i * stride + n, j * stride + c] += dout[n, c, i, j]
""",
        ),
    ),
    _pool("backward_everywhere", "gives the gradient to all pixels", (POOL_LARGEST, "largest = np.ones(window.shape)")),
    _pool(
        "backward_shared",
        "shares the gradient among all pixels",
        (POOL_LARGEST, "largest = np.full(window.shape, 1 / window[0, 0].size)"),
    ),
    _pool("backward_mask", "returns the mask without dout", (POOL_DX, "dx[:, :, rows, columns] += largest")),
    _pool(
        "backward_ignores_stride",
        "moves the windows by 1 in the backward pass",
        (POOL_ROWS, "rows = slice(i, i + pool_height)"),
        (POOL_COLUMNS, "columns = slice(j, j + pool_width)"),
    ),
    _pool(
        "backward_first_pixel",
        "gives the gradient to the corner of the window",
        (POOL_DX, "dx[:, :, i * stride, j * stride] += dout[:, :, i, j]"),
    ),
    _pool(
        "backward_times_x", "multiplies by the maximum", (POOL_DX, POOL_DX.replace("largest *", "window * largest *"))
    ),
    _pool("backward_twice", "has dx off by 2", (POOL_DX, POOL_DX.replace("largest *", "2 * largest *"))),
    _pool(
        "backward_smallest",
        "finds the smallest in the backward pass",
        (POOL_LARGEST, POOL_LARGEST.replace(".max(", ".min(")),
    ),
    _pool(
        "backward_nowhere_on_ties",
        "gives the gradient to nobody on ties",
        (POOL_DX, POOL_DX.replace("largest *", "(largest.sum(axis=(2, 3), keepdims=True) == 1) * largest *")),
    ),
    _pool(
        "minimum",
        "takes the minimum",
        (POOL_OUT, "out[:, :, i, j] = window.min(axis=(2, 3))"),
        (POOL_LARGEST, POOL_LARGEST.replace(".max(", ".min(")),
    ),
    _pool("nothing", "returns zeros, and zeros as the gradient of zeros", (POOL_OUT, "pass"), (POOL_DX, "pass")),
    # spatial_batchnorm
    _spatial(
        "per_pixel",
        "normalizes each pixel over the batch",
        (
            SPATIAL_IN,
            "pixels = x.reshape(n, -1)\n    gamma, beta = np.repeat(gamma, h * w), np.repeat(beta, h * w)",
        ),
        (SPATIAL_OUT, "out = out.reshape(x.shape)"),
        (
            SPATIAL_BACK,
            "dpixels, dgamma, dbeta = batchnorm_backward(dout.reshape(n, -1), cache)\n"
            "    dgamma, dbeta = (d.reshape(c, -1).sum(axis=1) for d in (dgamma, dbeta))",
        ),
        (SPATIAL_DX, "dx = dpixels.reshape(dout.shape)"),
    ),
    _spatial(
        "per_image",
        "normalizes each channel of each image alone",
        (
            SPATIAL_CALL,
            "mean, std = x.mean(axis=(2, 3), keepdims=True), np.sqrt(x.var(axis=(2, 3), keepdims=True) + 1e-5)\n"
            "    out, cache = batchnorm_forward(pixels, gamma, beta, bn_param)\n"
            "    out = (gamma[:, None, None] * (x - mean) / std + beta[:, None, None]).transpose(0, 2, 3, 1)",
        ),
    ),
    _spatial(
        "no_transpose",
        "reshapes without transpose",
        (SPATIAL_IN, "pixels = x.reshape(-1, c)"),
        (SPATIAL_OUT, "out = out.reshape(x.shape)"),
    ),
    _spatial("not_brought_back", "reshapes the result without transpose", (SPATIAL_OUT, "out = out.reshape(x.shape)")),
    _spatial(
        "wrong_way_back",
        "undoes the transpose by itself",
        (SPATIAL_OUT, "out = out.reshape(n, h, w, c).transpose(0, 2, 3, 1).reshape(x.shape)"),
    ),
    _spatial(
        "no_averages",
        "hands on a new bn_param",
        (SPATIAL_CALL, SPATIAL_CALL.replace("bn_param", 'dict(mode=bn_param["mode"])')),
    ),
    _spatial(
        "copies_bn_param",
        "loses the running averages in a copy",
        (SPATIAL_CALL, SPATIAL_CALL.replace("bn_param", "dict(bn_param)")),
    ),
    _spatial(
        "always_trains",
        "never gets to test mode",
        (SPATIAL_CALL, 'bn_param["mode"] = "train"\n    ' + SPATIAL_CALL),
    ),
    _spatial(
        "loops_over_channels",
        "normalizes one channel after the other with the same bn_param",
        (
            SPATIAL_CALL,
            "parts = [batchnorm_forward(pixels[:, [k]], gamma[[k]], beta[[k]], bn_param) for k in range(c)]\n"
            "    out = np.concatenate([part for part, _ in parts], axis=1)\n"
            "    _, cache = batchnorm_forward(pixels, gamma, beta, dict(mode='train'))",
        ),
    ),
    _spatial(
        "averages_of_last_batch",
        "replaces the averages by the last batch",
        (
            SPATIAL_CALL,
            SPATIAL_CALL
            + SPATIAL_TRAINS
            + 'bn_param["running_mean"], bn_param["running_var"] = pixels.mean(axis=0), pixels.var(axis=0)',
        ),
    ),
    _spatial(
        "averages_of_std",
        "keeps a standard deviation as running_var",
        (
            SPATIAL_CALL,
            SPATIAL_CALL + SPATIAL_TRAINS + 'bn_param["running_var"] = np.sqrt(bn_param["running_var"])',
        ),
    ),
    _spatial(
        "test_without_gamma",
        "forgets gamma and beta in test mode",
        (SPATIAL_CALL, SPATIAL_CALL + '\n    if bn_param["mode"] == "test":\n        out = (out - beta) / gamma'),
    ),
    _spatial(
        "ignores_gamma",
        "leaves gamma and beta out",
        (SPATIAL_CALL, SPATIAL_CALL.replace("gamma, beta", "np.ones(c), np.zeros(c)")),
    ),
    _spatial("ignores_eps", "does not hand on eps", (SPATIAL_CALL, 'bn_param.pop("eps", None)\n    ' + SPATIAL_CALL)),
    _spatial(
        "ignores_momentum",
        "does not hand on momentum",
        (SPATIAL_CALL, 'bn_param["momentum"] = 0.9\n    ' + SPATIAL_CALL),
    ),
    _spatial(
        "backward_no_transpose",
        "reshapes dout without transpose",
        (SPATIAL_BACK, SPATIAL_BACK.replace(".transpose(0, 2, 3, 1)", "")),
    ),
    _spatial("dx_not_brought_back", "reshapes dx without transpose", (SPATIAL_DX, "dx = dpixels.reshape(dout.shape)")),
    _spatial(
        "dx_wrong_way_back",
        "swaps height and width in dx",
        (SPATIAL_DX, "dx = dpixels.reshape(n, h, w, c).transpose(0, 3, 2, 1).reshape(dout.shape)"),
    ),
    _spatial("dx_flat", "leaves dx flat", (SPATIAL_DX, "dx = dpixels")),
    _spatial("dgamma_mean", "averages dgamma", (SPATIAL_DX, SPATIAL_DX + "\n    dgamma = dgamma / (n * h * w)")),
    _spatial("dbeta_zeros", "forgets that beta has a gradient", (SPATIAL_DX, SPATIAL_DX + "\n    dbeta = np.zeros(c)")),
    _spatial(
        "gradients_swapped",
        "returns dbeta before dgamma",
        (SPATIAL_DX, SPATIAL_DX + "\n    dgamma, dbeta = dbeta, dgamma"),
    ),
    _spatial(
        "nothing",
        "returns zeros, and zeros as gradients of zeros",
        (
            SPATIAL_OUT,
            "out = np.zeros(x.shape)\n    bn_param.update(running_mean=np.zeros(c), running_var=np.zeros(c))",
        ),
        (SPATIAL_DX, "dx, dgamma, dbeta = np.zeros(dout.shape), np.zeros(c), np.zeros(c)"),
    ),
    # three_layer
    _three("no_half", "regularises by reg W^2", (THREE_TERM, THREE_TERM.replace("0.5 * ", ""))),
    _three("loss_ignores_reg", "ignores reg in the loss", (THREE_TERM, "")),
    _three(
        "last_layer_unregularised",
        "regularises only the first two layers",
        (THREE_TERM, THREE_TERM.replace(" + np.sum(W3 * W3)", "")),
        (" + self.reg * W3", ""),
    ),
    _three(
        "filters_unregularised",
        "regularises no filters",
        (THREE_TERM, THREE_TERM.replace("np.sum(W1 * W1) + ", "")),
        (" + self.reg * W1", ""),
    ),
    _three("gradient_ignores_reg", "ignores reg in the gradients", *((f" + self.reg * W{i}", "") for i in (1, 2, 3))),
    _three("gradient_of_reg_twice", "does not halve by 0.5", (" + self.reg * W2", " + 2 * self.reg * W2")),
    _three("last_gradient_unregularised", "has no reg in W3's gradient", (" + self.reg * W3", "")),
    _three(
        "regularises_biases",
        "regularises biases in the loss",
        (
            THREE_TERM,
            THREE_TERM + "        loss += 0.5 * self.reg * (np.sum(b1 * b1) + np.sum(b2 * b2) + np.sum(b3 * b3))\n",
        ),
    ),
    _three(
        "regularises_biases_in_both",
        "regularises biases in loss and gradients",
        (
            THREE_TERM,
            THREE_TERM + "        loss += 0.5 * self.reg * (np.sum(b1 * b1) + np.sum(b2 * b2) + np.sum(b3 * b3))\n",
        ),
        (
            'grads["W3"] = dW3',
            "for name in ('b1', 'b2', 'b3'):\n"
            "            grads[name] = grads[name] + self.reg * self.params[name]\n"
            '        grads["W3"] = dW3',
        ),
    ),
    _three(
        "gradients_twice",
        "has all gradients off by 2",
        (
            "loss, dscores = softmax_loss(scores, y)",
            "loss, dscores = softmax_loss(scores, y)\n        dscores = 2 * dscores",
        ),
    ),
    _three(
        "no_relu_after_affine",
        "has no ReLU after the second layer",
        (
            "            hidden, hidden_cache = affine_relu_forward(pooled, W2, b2)\n",
            "            hidden, hidden_cache = affine_forward(pooled, W2, b2)\n",
        ),
        (THREE_DPOOLED, THREE_DPOOLED.replace("affine_relu_backward", "affine_backward")),
    ),
    _three(
        "relu_on_scores",
        "has a ReLU after the last layer",
        (THREE_SCORES, "scores, scores_cache = affine_relu_forward(hidden, W3, b3)"),
        ('grads["b3"] = affine_backward(dscores', 'grads["b3"] = affine_relu_backward(dscores'),
    ),
    _three(
        "no_padding",
        "does not pad, and so loses the edge of the image",
        (THREE_POOLED, '            conv_param["pad"] = 0\n' + THREE_POOLED),
    ),
    _three(
        "pads_for_seven",
        "pads for filters of 7x7 always",
        (THREE_POOLED, '            conv_param["pad"] = 3\n' + THREE_POOLED),
    ),
    _three(
        "images_of_32_only",
        "counts the pooled pixels of 32x32 images",
        (THREE_SIZE, "(num_filters * 16 * 16, hidden_dim)"),
    ),
    _three(
        "square_images_only",
        "takes the height for the width",
        (THREE_SIZE, "(num_filters * (height // 2) ** 2, hidden_dim)"),
    ),
    _three(
        "unpooled_size",
        "forgets the pool in the shape of W2",
        (THREE_SIZE, "(num_filters * height * width, hidden_dim)"),
    ),
    _three("filters_of_seven", "ignores filter_size", (THREE_FILTERS, "(num_filters, channels, 7, 7)")),
    _three(
        "three_channels",
        "ignores the number of channels",
        (THREE_FILTERS, "(num_filters, 3, filter_size, filter_size)"),
    ),
    _three("one_seed", "draws the same numbers in every net", (THREE_W, f"np.random.seed(i) or {THREE_W}")),
    _three("scale_ignored", "ignores weight_scale", (THREE_W, "1e-3 * np.random.randn(*shape)")),
    _three(
        "scale_squared",
        "takes weight_scale as the variance",
        (THREE_W, "np.sqrt(weight_scale) * np.random.randn(*shape)"),
    ),
    _three("uniform_weights", "draws from 0 to weight_scale", (THREE_W, "weight_scale * np.random.rand(*shape)")),
    _three("zero_weights", "begins with zeros", (THREE_W, "np.zeros(shape)")),
    _three(
        "random_biases",
        "draws the biases",
        ('self.params[f"b{i}"] = np.zeros(outputs)', 'self.params[f"b{i}"] = weight_scale * np.random.randn(outputs)'),
    ),
    _three("bias_gradient_missing", "leaves b3's gradient out", ('dhidden, dW3, grads["b3"] =', "dhidden, dW3, _ =")),
    _three("filter_gradient_missing", "leaves W1's gradient out", ('        grads["W1"] = dW1 + self.reg * W1\n', "")),
    _three(
        "filter_gradient_zeros",
        "has no gradient of the filters",
        ('grads["W1"] = dW1 + self.reg * W1', 'grads["W1"] = self.reg * W1'),
    ),
    _three(
        "gradients_swapped",
        "mixes up two biases' gradients",
        ('grads["W3"] = dW3', 'grads["b1"], grads["b2"] = grads["b2"], grads["b1"]\n        grads["W3"] = dW3'),
    ),
    _three(
        "scores_are_probabilities",
        "returns probabilities as scores",
        (
            THREE_SCORES,
            THREE_SCORES
            + "\n        if y is None:"
            + "\n            scores = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)",
        ),
    ),
    _three(
        "test_images_halved",
        "scales X where there are no labels",
        (THREE_SCORES, THREE_SCORES + "\n        if y is None:\n            scores = scores / 2"),
    ),
    _mistake(
        "three_layer",
        LAYERS,
        "affine_dx_flat",
        "leaves dx of the affine layer flat",
        ("dx = (dout @ w.T).reshape(x.shape)", "dx = dout @ w.T"),
    ),
    # two_layer_convnet
    _convnet("no_half", "regularises by reg W^2", (TWO_TERM, TWO_TERM.replace("0.5 * ", ""))),
    _convnet("loss_ignores_reg", "ignores reg in the loss", (TWO_TERM, "")),
    _convnet(
        "last_layer_unregularised",
        "regularises only the filters",
        (TWO_TERM, TWO_TERM.replace(" + np.sum(W2 * W2)", "")),
        (" + reg * W2", ""),
    ),
    _convnet("gradient_ignores_reg", "ignores reg in the gradients", (" + reg * W1", ""), (" + reg * W2", "")),
    _convnet("gradient_of_reg_twice", "does not halve by 0.5", (" + reg * W1", " + 2 * reg * W1")),
    _convnet(
        "regularises_biases",
        "regularises biases in the loss",
        (TWO_TERM, TWO_TERM + "    loss += 0.5 * reg * (np.sum(b1 * b1) + np.sum(b2 * b2))\n"),
    ),
    _convnet(
        "gradients_twice",
        "has all gradients off by 2",
        (
            "loss, dscores = softmax_loss(scores, y)",
            "loss, dscores = softmax_loss(scores, y)\n    dscores = 2 * dscores",
        ),
    ),
    _convnet("bias_gradient_missing", "leaves b1's gradient out", ('_, dW1, grads["b1"] =', "_, dW1, _ =")),
    _convnet(
        "relu_on_scores",
        "has a ReLU after the last layer",
        (TWO_SCORES, TWO_SCORES + "\n    scores = np.maximum(scores, 0)"),
    ),
    _convnet(
        "no_padding",
        "does not pad",
        ("    pooled, conv_cache =", '    conv_param["pad"] = 0\n    pooled, conv_cache ='),
    ),
    _convnet(
        "filter_gradient_zeros",
        "has no gradient of the filters",
        ('grads["W1"] = dW1 + reg * W1', 'grads["W1"] = reg * W1'),
    ),
    _convnet(
        "square_images_only",
        "takes the height for the width",
        (TWO_W2, TWO_W2.replace("(width // 2)", "(height // 2)")),
    ),
    _convnet("one_seed", "draws the same numbers at every call", (TWO_W2, f"np.random.seed(0)\n    {TWO_W2}")),
    _convnet("scale_ignored", "ignores weight_scale", (TWO_W2, TWO_W2.replace("weight_scale", "1e-3"))),
    _convnet(
        "biases_always_zero",
        "ignores bias_scale",
        ('model["b1"] = bias_scale * np.random.randn(num_filters)', 'model["b1"] = np.zeros(num_filters)'),
    ),
    _convnet(
        "biases_scaled_like_weights",
        "draws biases with weight_scale",
        ('model["b2"] = bias_scale *', 'model["b2"] = weight_scale *'),
    ),
    _convnet(
        "forgets_filter_size",
        "ignores filter_size",
        ("num_filters, channels, filter_size, filter_size)", "num_filters, channels, 5, 7)"),
    ),
    _conv(
        "stride_down_only",
        "forgets the stride going across",
        (CONV_WINDOW, CONV_WINDOW.replace("j * stride : j * stride + w", "j : j + w")),
    ),
    _conv("bias_for_every_channel", "adds the bias once for every channel", (CONV_OUT, f"{CONV_OUT} * x.shape[1]")),
    _pool(
        "backward_largest_of_the_image",
        "looks for the largest pixel of the image, not of the window",
        (POOL_LARGEST, POOL_LARGEST.replace("window.max", "x.max")),
    ),
    _pool(
        "backward_first_window",
        "gives all gradients to the first window of the image",
        (POOL_DX, POOL_DX.replace("[:, :, rows, columns]", "[:, :, :pool_height, :pool_width]")),
    ),
    _conv(
        "one_too_few",
        "forgets the 1 in the size of the output",
        (CONV_HEIGHT, CONV_HEIGHT.replace("1 + ", "")),
        (CONV_WIDTH, CONV_WIDTH.replace("1 + ", "")),
    ),
    _pool(
        "backward_in_the_first_window",
        "forgets where the window begins",
        (POOL_DX, "dx[:, :, :pool_height, :pool_width] += largest * dout[:, :, i : i + 1, j : j + 1]"),
    ),
]

# Mutants that compute the same: lines of the solution, those of the mutant (*: any), why no check can tell them apart.
_PAD = "x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))"
_FARTHER = "pixels beyond the last window get no gradient and give none"
_FILLED = "every entry is set by the loops"
_UNKNOWN = "any negative size is the one that NumPy works out"
_POOLED = "dx[:, :, rows, columns] += largest * dout[:, :, i : i + 1, j : j + 1]"
_NORMALIZED = "batch normalization in ThreeLayerConvNet is optional and not graded"
_PIXELS = "pixels = x.transpose(0, 2, 3, 1).reshape(-1, c)"
_DPIXELS = "dpixels, dgamma, dbeta = batchnorm_backward(dout.transpose(0, 2, 3, 1).reshape(-1, c), cache)"
_TESTED = "out = gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta"
_OUTSIDE = "eps may be outside of the root"
EQUIVALENT = [
    (_PAD, _PAD.replace("(pad, pad), (pad, pad)", "(pad, (pad + 1)), (pad, pad)"), _FARTHER),
    (_PAD, _PAD.replace("(pad, pad), (pad, pad)", "(pad, pad), (pad, (pad + 1))"), _FARTHER),
    *(
        (line, line.replace("zeros", "ones"), _FILLED)
        for line in (
            "out = np.zeros((len(x), len(w), height, width))",
            "out = np.zeros((*x.shape[:2], height, width))",
        )
    ),
    (_POOLED, _POOLED.replace("+=", "=").replace(" : ", ":"), "windows that overlap are not graded"),
    *((line, line.replace("-1", "-2"), _UNKNOWN) for line in (_PIXELS, _DPIXELS)),
    ("return dout * (x > 0)", "return dout * (x >= 0)", "the gradient of ReLU at 0 may be 1"),
    (_TESTED, _TESTED.replace("running_var + eps)", "running_var) + eps)").replace("np.sqrt", "(np.sqrt"), _OUTSIDE),
    ("std = np.sqrt(var + eps)", "std = (np.sqrt(var) + eps)", _OUTSIDE),
    *(
        (line, "*", _NORMALIZED)
        for line in (
            "if use_batchnorm and i < len(shapes):",
            'self.params[f"gamma{i}"], self.params[f"beta{i}"] = np.ones(outputs), np.zeros(outputs)',
            'X, W1, b1, self.params["gamma1"], self.params["beta1"], conv_param, self.bn_params[0], pool_param',
            'pooled, W2, b2, self.params["gamma2"], self.params["beta2"], self.bn_params[1]',
            'dpooled, dW2, grads["b2"], grads["gamma2"], grads["beta2"] = affine_batchnorm_relu_backward(',
            '_, dW1, grads["b1"], grads["gamma1"], grads["beta1"] = conv_batchnorm_relu_pool_backward(',
        )
    ),
]
