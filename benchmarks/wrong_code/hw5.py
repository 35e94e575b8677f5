"""Wrong functions for hw5, written as students write them: no patches of the solution."""

WRONG = [
    (
        "conv_stride_forgotten",
        "conv_layers.conv_forward_naive",
        ["conv_ignores_stride"],
        """
def conv_forward_naive(x, w, b, conv_param):
    S, P = conv_param['stride'], conv_param['pad']
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    Ho, Wo = 1 + (H + 2 * P - HH) // S, 1 + (W + 2 * P - WW) // S
    xp = np.pad(x, [(0, 0), (0, 0), (P, P), (P, P)], 'constant')
    out = np.zeros((N, F, Ho, Wo))
    for n in range(N):
        for f in range(F):
            for i in range(Ho):
                for j in range(Wo):
                    out[n, f, i, j] = np.sum(xp[n, :, i:i + HH, j:j + WW] * w[f]) + b[f]
    return out, (x, w, b, conv_param)
""",
    ),
    (
        "conv_bias_forgotten",
        "conv_layers.conv_forward_naive",
        ["conv_no_bias"],
        """
def conv_forward_naive(x, w, b, conv_param):
    S, P = conv_param['stride'], conv_param['pad']
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    Ho, Wo = 1 + (H + 2 * P - HH) // S, 1 + (W + 2 * P - WW) // S
    xp = np.pad(x, [(0, 0), (0, 0), (P, P), (P, P)], 'constant')
    out = np.zeros((N, F, Ho, Wo))
    for n in range(N):
        for f in range(F):
            for i in range(Ho):
                for j in range(Wo):
                    out[n, f, i, j] = np.sum(xp[n, :, i * S:i * S + HH, j * S:j * S + WW] * w[f])
    return out, (x, w, b, conv_param)
""",
    ),
    (
        "conv_filters_flipped",
        "conv_layers.conv_forward_naive",
        ["conv_turned"],
        """
def conv_forward_naive(x, w, b, conv_param):
    S, P = conv_param['stride'], conv_param['pad']
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    Ho, Wo = 1 + (H + 2 * P - HH) // S, 1 + (W + 2 * P - WW) // S
    xp = np.pad(x, [(0, 0), (0, 0), (P, P), (P, P)], 'constant')
    out = np.zeros((N, F, Ho, Wo))
    for i in range(Ho):
        for j in range(Wo):
            patch = xp[:, :, i * S:i * S + HH, j * S:j * S + WW]
            out[:, :, i, j] = np.einsum('nchw,fchw->nf', patch, w[:, :, ::-1, ::-1]) + b
    return out, (x, w, b, conv_param)
""",
    ),
    (
        "conv_edge_padding",
        "conv_layers.conv_forward_naive",
        ["conv_pads_with_edges"],
        """
def conv_forward_naive(x, w, b, conv_param):
    S, P = conv_param['stride'], conv_param['pad']
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    Ho, Wo = 1 + (H + 2 * P - HH) // S, 1 + (W + 2 * P - WW) // S
    xp = np.pad(x, [(0, 0), (0, 0), (P, P), (P, P)], mode='edge')
    out = np.zeros((N, F, Ho, Wo))
    for i in range(Ho):
        for j in range(Wo):
            patch = xp[:, :, i * S:i * S + HH, j * S:j * S + WW].reshape(N, -1)
            out[:, :, i, j] = patch.dot(w.reshape(F, -1).T) + b
    return out, (x, w, b, conv_param)
""",
    ),
    (
        "conv_backward_stride_one",
        "conv_layers.conv_backward_naive",
        ["conv_backward_ignores_stride"],
        """
def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    S, P = conv_param['stride'], conv_param['pad']
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    _, _, Ho, Wo = dout.shape
    xp = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)), 'constant')
    dxp, dw, db = np.zeros_like(xp), np.zeros_like(w), np.zeros_like(b)
    for n in range(N):
        for f in range(F):
            db[f] += dout[n, f].sum()
            for i in range(Ho):
                for j in range(Wo):
                    dw[f] += xp[n, :, i:i + HH, j:j + WW] * dout[n, f, i, j]
                    dxp[n, :, i:i + HH, j:j + WW] += w[f] * dout[n, f, i, j]
    return dxp[:, :, P:P + H, P:P + W], dw, db
""",
    ),
    (
        "conv_backward_assigns_dx",
        "conv_layers.conv_backward_naive",
        ["conv_dx_overwritten"],
        """
def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    S, P = conv_param['stride'], conv_param['pad']
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    _, _, Ho, Wo = dout.shape
    xp = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)), 'constant')
    dxp, dw, db = np.zeros_like(xp), np.zeros_like(w), dout.sum((0, 2, 3))
    for i in range(Ho):
        for j in range(Wo):
            a, c = i * S, j * S
            dw += np.einsum('nf,nchw->fchw', dout[:, :, i, j], xp[:, :, a:a + HH, c:c + WW])
            dxp[:, :, a:a + HH, c:c + WW] = np.einsum('nf,fchw->nchw', dout[:, :, i, j], w)
    return dxp[:, :, P:P + H, P:P + W], dw, db
""",
    ),
    (
        "conv_backward_keeps_padding",
        "conv_layers.conv_backward_naive",
        ["conv_dx_padded"],
        """
def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    S, P = conv_param['stride'], conv_param['pad']
    F, C, HH, WW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)), 'constant')
    dx, dw, db = np.zeros_like(xp), np.zeros_like(w), np.sum(dout, axis=(0, 2, 3))
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            for f in range(F):
                d = dout[:, f, i, j][:, None, None, None]
                dw[f] += (d * xp[:, :, i * S:i * S + HH, j * S:j * S + WW]).sum(axis=0)
                dx[:, :, i * S:i * S + HH, j * S:j * S + WW] += d * w[f]
    return dx, dw, db
""",
    ),
    (
        "conv_backward_db_mean",
        "conv_layers.conv_backward_naive",
        ["conv_db_mean"],
        """
def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    S, P = conv_param['stride'], conv_param['pad']
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)), 'constant')
    dx, dw, db = np.zeros_like(xp), np.zeros_like(w), np.mean(dout, axis=(2, 3)).sum(axis=0)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            for f in range(F):
                d = dout[:, f, i, j][:, None, None, None]
                dw[f] += (d * xp[:, :, i * S:i * S + HH, j * S:j * S + WW]).sum(axis=0)
                dx[:, :, i * S:i * S + HH, j * S:j * S + WW] += d * w[f]
    return dx[:, :, P:P + H, P:P + W], dw, db
""",
    ),
    (
        "conv_backward_dw_unpadded",
        "conv_layers.conv_backward_naive",
        ["conv_dw_without_padding"],
        """
def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    S, P = conv_param['stride'], conv_param['pad']
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    dxp, dw, db = np.zeros((N, C, H + 2 * P, W + 2 * P)), np.zeros_like(w), np.sum(dout, axis=(0, 2, 3))
    for n in range(N):
        for f in range(F):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    patch = x[n, :, i * S:i * S + HH, j * S:j * S + WW]
                    dw[f, :, :patch.shape[1], :patch.shape[2]] += patch * dout[n, f, i, j]
                    dxp[n, :, i * S:i * S + HH, j * S:j * S + WW] += w[f] * dout[n, f, i, j]
    return dxp[:, :, P:P + H, P:P + W], dw, db
""",
    ),
    (
        "pool_stride_one",
        "conv_layers.max_pool_forward_naive",
        ["pool_ignores_stride"],
        """
def max_pool_forward_naive(x, pool_param):
    ph, pw, S = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
    N, C, H, W = x.shape
    Ho, Wo = (H - ph) // S + 1, (W - pw) // S + 1
    out = np.zeros((N, C, Ho, Wo))
    for i in range(Ho):
        for j in range(Wo):
            out[:, :, i, j] = np.amax(x[:, :, i:i + ph, j:j + pw], axis=(2, 3))
    return out, (x, pool_param)
""",
    ),
    (
        "pool_average",
        "conv_layers.max_pool_forward_naive",
        ["pool_mean"],
        """
def max_pool_forward_naive(x, pool_param):
    ph, pw, S = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
    N, C, H, W = x.shape
    Ho, Wo = (H - ph) // S + 1, (W - pw) // S + 1
    out = np.zeros((N, C, Ho, Wo))
    for i in range(Ho):
        for j in range(Wo):
            out[:, :, i, j] = x[:, :, i * S:i * S + ph, j * S:j * S + pw].sum(axis=(2, 3)) / (ph * pw)
    return out, (x, pool_param)
""",
    ),
    (
        "pool_backward_to_all",
        "conv_layers.max_pool_backward_naive",
        ["pool_backward_everywhere"],
        """
def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    ph, pw, S = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
    dx = np.zeros_like(x)
    N, C, Ho, Wo = dout.shape
    for n in range(N):
        for c in range(C):
            for i in range(Ho):
                for j in range(Wo):
                    dx[n, c, i * S:i * S + ph, j * S:j * S + pw] += dout[n, c, i, j]
    return dx
""",
    ),
    (
        "pool_backward_loop_names",
        "conv_layers.max_pool_backward_naive",
        ["pool_backward_reused_variables"],
        """
def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    ph, pw, S = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
    dx = np.zeros_like(x)
    N, C, Ho, Wo = dout.shape
    for n in range(N):
        for c in range(C):
            for i in range(Ho):
                for j in range(Wo):
                    win = x[n, c, i * S:i * S + ph, j * S:j * S + pw]
                    i, j = np.unravel_index(win.argmax(), win.shape)
                    dx[n, c, i * S + i, j * S + j] += dout[n, c, i, j]
    return dx
""",
    ),
    (
        "pool_backward_assigns_the_mask",
        "conv_layers.max_pool_backward_naive",
        ["pool_backward_mask"],
        """
def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    ph, pw, S = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
    dx = np.zeros_like(x)
    N, C, Ho, Wo = dout.shape
    for n in range(N):
        for c in range(C):
            for i in range(Ho):
                for j in range(Wo):
                    win = x[n, c, i * S:i * S + ph, j * S:j * S + pw]
                    dx[n, c, i * S:i * S + ph, j * S:j * S + pw] = (win == win.max())
    return dx
""",
    ),
    (
        "spatial_reshape_only",
        "conv_layers.spatial_batchnorm_forward",
        ["spatial_no_transpose"],
        """
def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    N, C, H, W = x.shape
    flat = x.reshape((N * H * W, C))
    out, cache = batchnorm_forward(flat, gamma, beta, bn_param)
    return out.reshape((N, C, H, W)), cache
""",
    ),
    (
        "spatial_backward_reshape_only",
        "conv_layers.spatial_batchnorm_backward",
        [],
        """
def spatial_batchnorm_backward(dout, cache):
    N, C, H, W = dout.shape
    d, dgamma, dbeta = batchnorm_backward(dout.reshape((N * H * W, C)), cache)
    return d.reshape((N, C, H, W)), dgamma, dbeta
""",
    ),
    (
        "spatial_without_averages",
        "conv_layers.spatial_batchnorm_forward",
        ["spatial_copies_bn_param", "spatial_no_averages"],
        """
def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    N, C, H, W = x.shape
    flat = np.swapaxes(x, 1, 3).reshape(-1, C)
    out, cache = batchnorm_forward(flat, gamma, beta, dict(bn_param))
    return np.swapaxes(out.reshape(N, W, H, C), 1, 3), cache
""",
    ),
    (
        "three_reg_not_halved",
        "cnn.ThreeLayerConvNet.loss",
        ["three_no_half"],
        """
def loss(self, X, y=None):
    X = X.astype(self.dtype)
    p = self.params
    conv_param = {'stride': 1, 'pad': (p['W1'].shape[2] - 1) // 2}
    pool_param = {'pool_height': 2, 'pool_width': 2, 'stride': 2}
    a, ca = conv_relu_pool_forward(X, p['W1'], p['b1'], conv_param, pool_param)
    h, ch = affine_relu_forward(a, p['W2'], p['b2'])
    scores, cs = affine_forward(h, p['W3'], p['b3'])
    if y is None:
        return scores
    loss, d = softmax_loss(scores, y)
    g = {}
    d, g['W3'], g['b3'] = affine_backward(d, cs)
    d, g['W2'], g['b2'] = affine_relu_backward(d, ch)
    d, g['W1'], g['b1'] = conv_relu_pool_backward(d, ca)
    for k in ('W1', 'W2', 'W3'):
        loss += self.reg * np.sum(p[k] ** 2)
        g[k] += self.reg * p[k]
    return loss, g
""",
    ),
    (
        "three_no_reg_on_filters",
        "cnn.ThreeLayerConvNet.loss",
        ["three_filters_unregularised"],
        """
def loss(self, X, y=None):
    X = X.astype(self.dtype)
    p = self.params
    conv_param = {'stride': 1, 'pad': (p['W1'].shape[2] - 1) // 2}
    pool_param = {'pool_height': 2, 'pool_width': 2, 'stride': 2}
    a, ca = conv_relu_pool_forward(X, p['W1'], p['b1'], conv_param, pool_param)
    h, ch = affine_relu_forward(a, p['W2'], p['b2'])
    scores, cs = affine_forward(h, p['W3'], p['b3'])
    if y is None:
        return scores
    loss, d = softmax_loss(scores, y)
    loss += 0.5 * self.reg * (np.sum(p['W2'] ** 2) + np.sum(p['W3'] ** 2))
    g = {}
    d, dW3, g['b3'] = affine_backward(d, cs)
    d, dW2, g['b2'] = affine_relu_backward(d, ch)
    d, g['W1'], g['b1'] = conv_relu_pool_backward(d, ca)
    g['W3'], g['W2'] = dW3 + self.reg * p['W3'], dW2 + self.reg * p['W2']
    return loss, g
""",
    ),
    (
        "three_gradients_without_reg",
        "cnn.ThreeLayerConvNet.loss",
        ["three_gradient_ignores_reg"],
        """
def loss(self, X, y=None):
    X = X.astype(self.dtype)
    p = self.params
    conv_param = {'stride': 1, 'pad': (p['W1'].shape[2] - 1) // 2}
    pool_param = {'pool_height': 2, 'pool_width': 2, 'stride': 2}
    a, ca = conv_relu_pool_forward(X, p['W1'], p['b1'], conv_param, pool_param)
    h, ch = affine_relu_forward(a, p['W2'], p['b2'])
    scores, cs = affine_forward(h, p['W3'], p['b3'])
    if y is None:
        return scores
    loss, d = softmax_loss(scores, y)
    loss += self.reg / 2. * sum(np.sum(p[k] ** 2) for k in p if 'W' in k)
    g = {}
    d, g['W3'], g['b3'] = affine_backward(d, cs)
    d, g['W2'], g['b2'] = affine_relu_backward(d, ch)
    _, g['W1'], g['b1'] = conv_relu_pool_backward(d, ca)
    return loss, g
""",
    ),
]
