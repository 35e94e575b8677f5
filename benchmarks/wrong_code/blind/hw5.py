"""Wrong functions for hw5, as students hand them in: no patches of the solution."""

WRONG = [
    # The bias is added inside the loop over channels: C times.
    (
        "conv_forward_bias_per_channel",
        "conv_layers.conv_forward_naive",
        ["conv_bias_for_every_channel"],
        """
def conv_forward_naive(x, w, b, conv_param):
    pad = conv_param['pad']
    stride = conv_param['stride']
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    xpad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode='constant')
    Hout = 1 + (H + 2 * pad - HH) // stride
    Wout = 1 + (W + 2 * pad - WW) // stride
    out = np.zeros((N, F, Hout, Wout))
    for n in range(N):
        for f in range(F):
            for i in range(Hout):
                for j in range(Wout):
                    for c in range(C):
                        patch = xpad[n, c, i * stride:i * stride + HH, j * stride:j * stride + WW]
                        out[n, f, i, j] += np.sum(patch * w[f, c]) + b[f]
    cache = (x, w, b, conv_param)
    return out, cache
""",
    ),
    # The output size lacks the + 1: the last row and column are missing.
    (
        "conv_forward_size_without_plus_one",
        "conv_layers.conv_forward_naive",
        ["conv_one_too_few"],
        """
def conv_forward_naive(x, w, b, conv_param):
    s, p = conv_param['stride'], conv_param['pad']
    N, C, H, W = x.shape
    F, _, hh, ww = w.shape
    xp = np.zeros((N, C, H + 2 * p, W + 2 * p))
    xp[:, :, p:p + H, p:p + W] = x

    out_h = (H - hh + 2 * p) // s
    out_w = (W - ww + 2 * p) // s
    out = np.zeros((N, F, out_h, out_w))
    for r in range(out_h):
        for c in range(out_w):
            region = xp[:, :, r * s:r * s + hh, c * s:c * s + ww]
            for k in range(F):
                out[:, k, r, c] = np.sum(region * w[k], axis=(1, 2, 3)) + b[k]
    return out, (x, w, b, conv_param)
""",
    ),
    # A true convolution: the filters are turned by 180 degrees.
    (
        "conv_forward_filter_flipped",
        "conv_layers.conv_forward_naive",
        ["conv_turned"],
        """
def conv_forward_naive(x, w, b, conv_param):
    pad = conv_param['pad']
    stride = conv_param['stride']
    num_img, _, height, width = x.shape
    num_filt, _, fh, fw = w.shape
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), 'constant', constant_values=0)
    oh = int(1 + (height + 2 * pad - fh) / stride)
    ow = int(1 + (width + 2 * pad - fw) / stride)
    out = np.zeros((num_img, num_filt, oh, ow))

    # convolution: flip the kernel first
    kernel = w[:, :, ::-1, ::-1]
    for img in range(num_img):
        for k in range(num_filt):
            for row in range(oh):
                for col in range(ow):
                    top, left = row * stride, col * stride
                    block = padded[img, :, top:top + fh, left:left + fw]
                    out[img, k, row, col] = np.sum(block * kernel[k]) + b[k]
    cache = (x, w, b, conv_param)
    return out, cache
""",
    ),
    # dx is assigned (=), not accumulated: windows that overlap overwrite each other.
    (
        "conv_backward_dx_overwritten",
        "conv_layers.conv_backward_naive",
        ["conv_dx_overwritten"],
        """
def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    pad, stride = conv_param['pad'], conv_param['stride']
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    _, _, Ho, Wo = dout.shape
    xpad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), 'constant')
    dxpad = np.zeros_like(xpad)
    dw = np.zeros_like(w)
    db = np.zeros_like(b)

    for f in range(F):
        db[f] = np.sum(dout[:, f])

    for n in range(N):
        for i in range(Ho):
            for j in range(Wo):
                h0, w0 = i * stride, j * stride
                window = xpad[n, :, h0:h0 + HH, w0:w0 + WW]
                g = np.zeros((C, HH, WW))
                for f in range(F):
                    dw[f] += window * dout[n, f, i, j]
                    g += w[f] * dout[n, f, i, j]
                dxpad[n, :, h0:h0 + HH, w0:w0 + WW] = g
    dx = dxpad[:, :, pad:pad + H, pad:pad + W]
    return dx, dw, db
""",
    ),
    # Two mistakes: db is summed over the pixels but not over the images; dx still has the padding.
    (
        "conv_backward_db_per_image_dx_padded",
        "conv_layers.conv_backward_naive",
        ["conv_dx_padded"],
        """
def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    p = conv_param['pad']
    s = conv_param['stride']
    HH, WW = w.shape[2:]
    x = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), mode='constant')
    dx = np.zeros(x.shape)
    dw = np.zeros(w.shape)
    db = np.sum(dout, axis=(2, 3))
    N, F, Ho, Wo = dout.shape
    for n in range(N):
        for f in range(F):
            for i in range(Ho):
                for j in range(Wo):
                    dw[f] += dout[n, f, i, j] * x[n, :, i*s:i*s+HH, j*s:j*s+WW]
                    dx[n, :, i*s:i*s+HH, j*s:j*s+WW] += dout[n, f, i, j] * w[f]
    return dx, dw, db
""",
    ),
    # The filters are turned round in dx, as in "full convolution with the rotated filter", although it already scatters.
    (
        "conv_backward_dx_rotated_filter",
        "conv_layers.conv_backward_naive",
        ["conv_dx_turned"],
        """
def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    stride = conv_param['stride']
    pad = conv_param['pad']
    N, F, Hp, Wp = dout.shape
    _, C, HH, WW = w.shape

    x_pad = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)], 'constant')
    dx_pad = np.zeros_like(x_pad)
    dw = np.zeros_like(w)
    db = np.einsum('nfij->f', dout)
    # backprop of a conv is a conv with the filter rotated by 180 degrees
    w_rot = np.rot90(w, 2, axes=(2, 3))
    for i in range(Hp):
        for j in range(Wp):
            hs = slice(i * stride, i * stride + HH)
            ws = slice(j * stride, j * stride + WW)
            dw += np.einsum('nf,nchw->fchw', dout[:, :, i, j], x_pad[:, :, hs, ws])
            dx_pad[:, :, hs, ws] += np.einsum('nf,fchw->nchw', dout[:, :, i, j], w_rot)
    dx = dx_pad[:, :, pad:x_pad.shape[2] - pad, pad:x_pad.shape[3] - pad]
    return dx, dw, db
""",
    ),
    # The maximum is taken over all channels too.
    (
        "pool_forward_max_over_channels",
        "conv_layers.max_pool_forward_naive",
        ["pool_across_channels"],
        """
def max_pool_forward_naive(x, pool_param):
    ph, pw, stride = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
    N, C, H, W = x.shape
    Hn = (H - ph) // stride + 1
    Wn = (W - pw) // stride + 1
    out = np.zeros((N, C, Hn, Wn))
    for n in range(N):
        for i in range(Hn):
            for j in range(Wn):
                out[n, :, i, j] = np.max(x[n, :, i * stride:i * stride + ph, j * stride:j * stride + pw])
    cache = (x, pool_param)
    return out, cache
""",
    ),
    # The search for the maximum begins at 0, so windows of negative numbers give 0.
    (
        "pool_forward_max_from_zero",
        "conv_layers.max_pool_forward_naive",
        ["pool_from_zero"],
        """
def max_pool_forward_naive(x, pool_param):
    N, C, H, W = x.shape
    ph = pool_param['pool_height']
    pw = pool_param['pool_width']
    st = pool_param['stride']
    H_out = 1 + (H - ph) // st
    W_out = 1 + (W - pw) // st
    out = np.zeros((N, C, H_out, W_out))
    for n in range(N):
        for c in range(C):
            for i in range(H_out):
                for j in range(W_out):
                    biggest = 0
                    for k in range(ph):
                        for l in range(pw):
                            value = x[n, c, i * st + k, j * st + l]
                            if value > biggest:
                                biggest = value
                    out[n, c, i, j] = biggest
    cache = (x, pool_param)
    return out, cache
""",
    ),
    # The position of the maximum within its window is used as the position in the image (no offset of the window).
    (
        "pool_backward_no_window_offset",
        "conv_layers.max_pool_backward_naive",
        [],
        """
def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    ph, pw, stride = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
    N, C, Ho, Wo = dout.shape
    dx = np.zeros_like(x)
    for n in range(N):
        for c in range(C):
            for i in range(Ho):
                for j in range(Wo):
                    win = x[n, c, i * stride:i * stride + ph, j * stride:j * stride + pw]
                    r, s = np.unravel_index(np.argmax(win), win.shape)
                    dx[n, c, r, s] += dout[n, c, i, j]
    return dx
""",
    ),
    # The gradient is multiplied by the maximum itself.
    (
        "pool_backward_times_maximum",
        "conv_layers.max_pool_backward_naive",
        ["pool_backward_times_x"],
        """
def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    pool_h = pool_param['pool_height']
    pool_w = pool_param['pool_width']
    stride = pool_param['stride']
    dx = np.zeros(x.shape)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            w = x[:, :, i*stride:i*stride+pool_h, j*stride:j*stride+pool_w]
            m = np.max(w, axis=(2, 3))[:, :, None, None]
            only_max = np.where(w == m, w, 0)
            dx[:, :, i*stride:i*stride+pool_h, j*stride:j*stride+pool_w] += only_max * dout[:, :, i, j][:, :, None, None]
    return dx
""",
    ),
    # Reshapes to (N*H*W, C) without moving the channels to the end: columns are not channels.
    (
        "spatial_bn_forward_reshape_only",
        "conv_layers.spatial_batchnorm_forward",
        ["spatial_no_transpose"],
        """
def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    N, C, H, W = x.shape
    x_flat = x.reshape(N * H * W, C)
    out_flat, cache = batchnorm_forward(x_flat, gamma, beta, bn_param)
    out = out_flat.reshape(N, C, H, W)
    return out, cache
""",
    ),
    # The way back exchanges height and width: the images come out transposed.
    (
        "spatial_bn_forward_h_w_swapped",
        "conv_layers.spatial_batchnorm_forward",
        [],
        """
def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    N, C, H, W = x.shape
    xt = np.transpose(x, (0, 2, 3, 1))
    xt = np.reshape(xt, (N * H * W, C))
    y, cache = batchnorm_forward(xt, gamma, beta, bn_param)
    y = np.reshape(y, (N, H, W, C))
    out = y.T.transpose(3, 0, 1, 2)
    return out, cache
""",
    ),
    # dx is reshaped to (N, C, H, W) directly, the channels are not moved back.
    (
        "spatial_bn_backward_no_transpose_back",
        "conv_layers.spatial_batchnorm_backward",
        ["spatial_dx_not_brought_back"],
        """
def spatial_batchnorm_backward(dout, cache):
    N, C, H, W = dout.shape
    d = dout.transpose(0, 2, 3, 1).reshape((-1, C))
    dx, dgamma, dbeta = batchnorm_backward(d, cache)
    dx = dx.reshape(dout.shape)
    return dx, dgamma, dbeta
""",
    ),
    # W2 is made for the unpooled image (F * H * W); the loss then raises.
    (
        "cnn_init_w2_without_pooling",
        "cnn.ThreeLayerConvNet.__init__",
        ["three_unpooled_size"],
        """
def __init__(self, input_dim=(3, 32, 32), num_filters=32, filter_size=7, hidden_dim=100, num_classes=10,
             weight_scale=1e-3, reg=0.0, dtype=np.float32, use_batchnorm=False):
    self.use_batchnorm = use_batchnorm
    self.params = {}
    self.reg = reg
    self.dtype = dtype
    self.bn_params = []
    if use_batchnorm:
        self.bn_params = [{'mode': 'train'}, {'mode': 'train'}]

    C, H, W = input_dim
    # stride 1 and pad (f-1)/2 keep the size
    H_out = 1 + (H + 2 * ((filter_size - 1) // 2) - filter_size)
    W_out = 1 + (W + 2 * ((filter_size - 1) // 2) - filter_size)
    self.params['W1'] = np.random.normal(0, weight_scale, (num_filters, C, filter_size, filter_size))
    self.params['b1'] = np.zeros(num_filters)
    self.params['W2'] = np.random.normal(0, weight_scale, (num_filters * H_out * W_out, hidden_dim))
    self.params['b2'] = np.zeros(hidden_dim)
    self.params['W3'] = np.random.normal(0, weight_scale, (hidden_dim, num_classes))
    self.params['b3'] = np.zeros(num_classes)
    if use_batchnorm:
        self.params['gamma1'], self.params['beta1'] = np.ones(num_filters), np.zeros(num_filters)
        self.params['gamma2'], self.params['beta2'] = np.ones(hidden_dim), np.zeros(hidden_dim)

    for k, v in self.params.items():
        self.params[k] = v.astype(dtype)
""",
    ),
    # The hidden layer has no ReLU (affine - affine), forward and backward alike.
    (
        "cnn_loss_hidden_without_relu",
        "cnn.ThreeLayerConvNet.loss",
        ["three_no_relu_after_affine"],
        """
def loss(self, X, y=None):
    X = X.astype(self.dtype)
    W1, b1 = self.params['W1'], self.params['b1']
    W2, b2 = self.params['W2'], self.params['b2']
    W3, b3 = self.params['W3'], self.params['b3']
    filter_size = W1.shape[2]
    conv_param = {'stride': 1, 'pad': (filter_size - 1) / 2}
    pool_param = {'pool_height': 2, 'pool_width': 2, 'stride': 2}

    out1, cache1 = conv_relu_pool_forward(X, W1, b1, conv_param, pool_param)
    out2, cache2 = affine_forward(out1, W2, b2)
    scores, cache3 = affine_forward(out2, W3, b3)
    if y is None:
        return scores

    loss, dscores = softmax_loss(scores, y)
    loss += 0.5 * self.reg * (np.sum(W1 ** 2) + np.sum(W2 ** 2) + np.sum(W3 ** 2))
    grads = {}
    dout2, grads['W3'], grads['b3'] = affine_backward(dscores, cache3)
    dout1, grads['W2'], grads['b2'] = affine_backward(dout2, cache2)
    dx, grads['W1'], grads['b1'] = conv_relu_pool_backward(dout1, cache1)
    grads['W1'] += self.reg * W1
    grads['W2'] += self.reg * W2
    grads['W3'] += self.reg * W3
    return loss, grads
""",
    ),
    # Two mistakes: W1 is not regularised in the loss, and W2's gradient of the regularisation is 2 * reg * W2.
    (
        "convnet_reg_w1_missing_w2_doubled",
        "convnet.two_layer_convnet",
        [],
        """
def two_layer_convnet(X, model, y=None, reg=0.0):
    W1, b1, W2, b2 = model['W1'], model['b1'], model['W2'], model['b2']
    N, C, H, W = X.shape
    conv_filter_height, conv_filter_width = W1.shape[2:]
    conv_param = {'stride': 1, 'pad': (conv_filter_height - 1) / 2}
    pool_param = {'pool_height': 2, 'pool_width': 2, 'stride': 2}

    a1, cache1 = conv_relu_pool_forward(X, W1, b1, conv_param, pool_param)
    scores, cache2 = affine_forward(a1, W2, b2)
    if y is None:
        return scores

    data_loss, dscores = softmax_loss(scores, y)
    reg_loss = 0.5 * reg * np.sum(W2 * W2)
    loss = data_loss + reg_loss

    da1, dW2, db2 = affine_backward(dscores, cache2)
    dX, dW1, db1 = conv_relu_pool_backward(da1, cache1)
    dW1 += reg * W1
    dW2 += 2 * reg * W2
    grads = {'W1': dW1, 'b1': db1, 'W2': dW2, 'b2': db2}
    return loss, grads
""",
    ),
]
