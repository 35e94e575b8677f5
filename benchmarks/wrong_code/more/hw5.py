"""Wrong functions for hw5, after questions that students ask: no patches of the solution."""

WRONG = [
    (
        "conv_stride_of_rows_only",
        "conv_layers.conv_forward_naive",
        ["conv_stride_down_only"],
        """
def conv_forward_naive(x, w, b, conv_param):
    s, p = conv_param['stride'], conv_param['pad']
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    Ho, Wo = 1 + (H + 2 * p - HH) // s, 1 + (W + 2 * p - WW) // s
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), mode='constant')
    out = np.zeros((N, F, Ho, Wo))
    for n in range(N):
        for f in range(F):
            for i in range(Ho):
                for j in range(Wo):
                    out[n, f, i, j] = np.sum(xp[n, :, i * s:i * s + HH, j:j + WW] * w[f]) + b[f]
    return out, (x, w, b, conv_param)
""",
    ),
    (
        "conv_im2col_in_the_wrong_order",
        "conv_layers.conv_forward_naive",
        [],
        """
def conv_forward_naive(x, w, b, conv_param):
    s, p = conv_param['stride'], conv_param['pad']
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    Ho, Wo = 1 + (H + 2 * p - HH) // s, 1 + (W + 2 * p - WW) // s
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), mode='constant')
    cols = [xp[n, :, i * s:i * s + HH, j * s:j * s + WW].ravel() for i in range(Ho) for j in range(Wo) for n in range(N)]
    res = w.reshape(F, -1).dot(np.array(cols).T) + b.reshape(-1, 1)
    return res.reshape(N, F, Ho, Wo), (x, w, b, conv_param)
""",
    ),
    (
        "conv_bias_once_per_channel",
        "conv_layers.conv_forward_naive",
        ["conv_bias_for_every_channel"],
        """
def conv_forward_naive(x, w, b, conv_param):
    s, p = conv_param['stride'], conv_param['pad']
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    Ho, Wo = 1 + (H + 2 * p - HH) // s, 1 + (W + 2 * p - WW) // s
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), mode='constant')
    out = np.zeros((N, F, Ho, Wo))
    for n in range(N):
        for f in range(F):
            for c in range(C):
                for i in range(Ho):
                    for j in range(Wo):
                        out[n, f, i, j] += np.sum(xp[n, c, i * s:i * s + HH, j * s:j * s + WW] * w[f, c]) + b[f]
    return out, (x, w, b, conv_param)
""",
    ),
    (
        "conv_backward_dw_of_the_last_window",
        "conv_layers.conv_backward_naive",
        ["conv_dw_overwritten"],
        """
def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    s, p = conv_param['stride'], conv_param['pad']
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), mode='constant')
    dxp, dw, db = np.zeros_like(xp), np.zeros_like(w), np.sum(dout, axis=(0, 2, 3))
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            win = xp[:, :, i * s:i * s + HH, j * s:j * s + WW]
            for f in range(F):
                dw[f] = np.sum(win * dout[:, f, i, j][:, None, None, None], axis=0)
            for n in range(N):
                dxp[n, :, i * s:i * s + HH, j * s:j * s + WW] += np.sum(w * dout[n, :, i, j][:, None, None, None], axis=0)
    return dxp[:, :, p:p + H, p:p + W], dw, db
""",
    ),
    (
        "conv_backward_db_over_images_and_rows",
        "conv_layers.conv_backward_naive",
        [],
        """
def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    s, p = conv_param['stride'], conv_param['pad']
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), mode='constant')
    dxp, dw, db = np.zeros_like(xp), np.zeros_like(w), np.sum(np.sum(dout, axis=0), axis=1)
    for n in range(N):
        for f in range(F):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    dw[f] += xp[n, :, i * s:i * s + HH, j * s:j * s + WW] * dout[n, f, i, j]
                    dxp[n, :, i * s:i * s + HH, j * s:j * s + WW] += w[f] * dout[n, f, i, j]
    return dxp[:, :, p:p + H, p:p + W], dw, db
""",
    ),
    (
        "pool_backward_maximum_of_the_image",
        "conv_layers.max_pool_backward_naive",
        ["pool_backward_largest_of_the_image"],
        """
def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    h, w, s = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
    N, C, H, W = x.shape
    dx = np.zeros_like(x)
    for n in range(N):
        for c in range(C):
            m = np.max(x[n, c])
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    win = x[n, c, i * s:i * s + h, j * s:j * s + w]
                    dx[n, c, i * s:i * s + h, j * s:j * s + w] += (win == m) * dout[n, c, i, j]
    return dx
""",
    ),
    (
        "pool_backward_position_in_the_window",
        "conv_layers.max_pool_backward_naive",
        ["pool_backward_first_window"],
        """
def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    h, w, s = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
    N, C, H, W = x.shape
    dx = np.zeros_like(x)
    for n in range(N):
        for c in range(C):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    win = x[n, c, i * s:i * s + h, j * s:j * s + w]
                    a, b = np.unravel_index(np.argmax(win), win.shape)
                    dx[n, c, a, b] += dout[n, c, i, j]
    return dx
""",
    ),
    (
        "spatial_channel_by_channel",
        "conv_layers.spatial_batchnorm_forward",
        ["spatial_loops_over_channels"],
        """
def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    N, C, H, W = x.shape
    out, cache = np.zeros_like(x), []
    for c in range(C):
        o, ca = batchnorm_forward(x[:, c].reshape(-1, 1), gamma[c:c + 1], beta[c:c + 1], bn_param)
        out[:, c] = o.reshape(N, H, W)
        cache.append(ca)
    return out, cache
""",
    ),
    (
        "spatial_of_flat_images",
        "conv_layers.spatial_batchnorm_forward",
        ["spatial_per_pixel"],
        """
def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    N, C, H, W = x.shape
    g, b = np.repeat(gamma, H * W), np.repeat(beta, H * W)
    out, cache = batchnorm_forward(x.reshape(N, C * H * W), g, b, bn_param)
    return out.reshape(N, C, H, W), cache
""",
    ),
    (
        "three_last_weights_not_regularised",
        "cnn.ThreeLayerConvNet.loss",
        ["three_last_layer_unregularised"],
        """
def loss(self, X, y=None):
    X = X.astype(self.dtype)
    W1, b1, W2, b2, W3, b3 = [self.params[k] for k in ('W1', 'b1', 'W2', 'b2', 'W3', 'b3')]
    conv_param = {'stride': 1, 'pad': (W1.shape[2] - 1) // 2}
    pool_param = {'pool_height': 2, 'pool_width': 2, 'stride': 2}
    a1, c1 = conv_relu_pool_forward(X, W1, b1, conv_param, pool_param)
    a2, c2 = affine_relu_forward(a1, W2, b2)
    scores, c3 = affine_forward(a2, W3, b3)
    if y is None:
        return scores
    loss, ds = softmax_loss(scores, y)
    reg = self.reg
    loss += 0.5 * reg * np.sum(W1 ** 2) + 0.5 * reg * np.sum(W2 ** 2)
    da2, dW3, db3 = affine_backward(ds, c3)
    da1, dW2, db2 = affine_relu_backward(da2, c2)
    dx, dW1, db1 = conv_relu_pool_backward(da1, c1)
    return loss, {'W1': dW1 + reg * W1, 'b1': db1, 'W2': dW2 + reg * W2, 'b2': db2, 'W3': dW3, 'b3': db3}
""",
    ),
    (
        "three_size_before_the_pool",
        "cnn.ThreeLayerConvNet.__init__",
        ["three_unpooled_size"],
        """
def __init__(self, input_dim=(3, 32, 32), num_filters=32, filter_size=7, hidden_dim=100, num_classes=10, weight_scale=1e-3, reg=0.0, dtype=np.float32, use_batchnorm=False):
    self.use_batchnorm, self.params, self.reg, self.dtype, self.bn_params = use_batchnorm, {}, reg, dtype, []
    C, H, W = input_dim
    self.params['W1'] = np.random.normal(0, weight_scale, (num_filters, C, filter_size, filter_size))
    self.params['b1'] = np.zeros(num_filters)
    self.params['W2'] = np.random.normal(0, weight_scale, (num_filters * H * W, hidden_dim))
    self.params['b2'] = np.zeros(hidden_dim)
    self.params['W3'] = np.random.normal(0, weight_scale, (hidden_dim, num_classes))
    self.params['b3'] = np.zeros(num_classes)
    for k, v in self.params.items():
        self.params[k] = v.astype(dtype)
""",
    ),
]
