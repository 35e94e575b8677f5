"""Wrong functions for hw4, as students hand them in: no patches of the solution."""

WRONG = [
    # w moves by the OLD velocity; the new one is computed and stored only after that.
    (
        "momentum_old_velocity_used",
        "optim.sgd_momentum",
        ["momentum_old_velocity"],
        """
def sgd_momentum(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault('learning_rate', 1e-2)
    config.setdefault('momentum', 0.9)
    v = config.get('velocity', np.zeros_like(w))

    next_w = w + v
    v = config['momentum'] * v - config['learning_rate'] * dw
    config['velocity'] = v
    return next_w, config
""",
    ),
    # Old and new velocity are mixed up in the step.
    (
        "nesterov_old_and_new_swapped",
        "optim.sgd_nesterov_momentum",
        ["nesterov_swapped"],
        """
def sgd_nesterov_momentum(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault('learning_rate', 1e-2)
    config.setdefault('momentum', 0.9)
    v = config.get('velocity', np.zeros_like(w))
    alpha = config['momentum']

    v_old = v
    v = alpha * v - config['learning_rate'] * dw
    next_w = w + v + alpha * (v_old - v)
    config['velocity'] = v
    return next_w, config
""",
    ),
    # The step is momentum * v_new without -learning_rate * dw: the gradient at the place ahead is missing.
    (
        "nesterov_gradient_part_missing",
        "optim.sgd_nesterov_momentum",
        ["nesterov_without_the_gradient"],
        """
def sgd_nesterov_momentum(w, dw, config=None):
    config = config or {}
    lr = config.setdefault('learning_rate', 1e-2)
    mu = config.setdefault('momentum', 0.9)
    config.setdefault('velocity', np.zeros_like(w))

    # look ahead
    config['velocity'] = mu * config['velocity'] - lr * dw
    next_w = w + mu * config['velocity']
    return next_w, config
""",
    ),
    # The new squares come in with weight 1, not 1 - decay_rate.
    (
        "rmsprop_square_at_full_weight",
        "optim.rmsprop",
        ["rmsprop_no_decay_of_the_old"],
        """
def rmsprop(w, dw, config=None):
    if config is None: config = {}
    config.setdefault('learning_rate', 1e-2)
    config.setdefault('decay_rate', 0.99)
    config.setdefault('epsilon', 1e-8)
    config.setdefault('a', np.zeros_like(w))

    a = config['decay_rate'] * config['a'] + dw * dw
    next_w = w - config['learning_rate'] / (np.sqrt(a) + config['epsilon']) * dw
    config['a'] = a
    return next_w, config
""",
    ),
    # Divides by the average of the step before, not by the updated one.
    (
        "rmsprop_divides_by_old_average",
        "optim.rmsprop",
        ["rmsprop_old_average"],
        """
def rmsprop(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault('learning_rate', 1e-2)
    config.setdefault('decay_rate', 0.99)
    config.setdefault('epsilon', 1e-8)
    config.setdefault('a', np.zeros_like(w))
    eps, beta, lr = config['epsilon'], config['decay_rate'], config['learning_rate']
    cache = config['a']

    config['a'] = beta * cache + (1 - beta) * np.square(dw)
    next_w = w - np.divide(lr * dw, np.sqrt(cache) + eps)
    return next_w, config
""",
    ),
    # The corrected moments are kept in config, and are corrected again and again in later steps.
    (
        "adam_keeps_corrected_moments",
        "optim.adam",
        ["adam_keeps_corrected_moments"],
        """
def adam(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault('learning_rate', 1e-3)
    config.setdefault('beta1', 0.9)
    config.setdefault('beta2', 0.999)
    config.setdefault('epsilon', 1e-8)
    config.setdefault('v', np.zeros_like(w))
    config.setdefault('a', np.zeros_like(w))
    config.setdefault('t', 0)

    b1, b2 = config['beta1'], config['beta2']
    config['t'] = config['t'] + 1
    config['v'] = b1 * config['v'] + (1 - b1) * dw
    config['a'] = b2 * config['a'] + (1 - b2) * (dw ** 2)
    config['v'] = config['v'] / (1 - b1 ** config['t'])
    config['a'] = config['a'] / (1 - b2 ** config['t'])
    next_w = w - config['learning_rate'] * config['v'] / (np.sqrt(config['a']) + config['epsilon'])
    return next_w, config
""",
    ),
    # Two mistakes: only the first moment is corrected, and t goes up only after it has been used (division by 0 at t = 0).
    (
        "adam_t_after_use_second_uncorrected",
        "optim.adam",
        [],
        """
def adam(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault('learning_rate', 1e-3)
    config.setdefault('beta1', 0.9)
    config.setdefault('beta2', 0.999)
    config.setdefault('epsilon', 1e-8)
    config.setdefault('v', np.zeros_like(w))
    config.setdefault('a', np.zeros_like(w))
    config.setdefault('t', 0)

    t = config['t']
    m = config['beta1'] * config['v'] + (1 - config['beta1']) * dw
    v = config['beta2'] * config['a'] + (1 - config['beta2']) * dw ** 2
    mt = m / (1 - config['beta1'] ** t)
    next_w = w - config['learning_rate'] * mt / (np.sqrt(v) + config['epsilon'])
    config['v'], config['a'] = m, v
    config['t'] += 1
    return next_w, config
""",
    ),
    # Running averages weigh the NEW value by momentum.
    (
        "bn_forward_momentum_reversed",
        "layers.batchnorm_forward",
        ["batchnorm_momentum_of_the_new"],
        """
def batchnorm_forward(x, gamma, beta, bn_param):
    mode = bn_param['mode']
    eps = bn_param.get('eps', 1e-5)
    momentum = bn_param.get('momentum', 0.9)
    N, D = x.shape
    running_mean = bn_param.get('running_mean', np.zeros(D, dtype=x.dtype))
    running_var = bn_param.get('running_var', np.zeros(D, dtype=x.dtype))

    out, cache = None, None
    if mode == 'train':
        mu = 1 / float(N) * np.sum(x, axis=0)
        xmu = x - mu
        var = 1 / float(N) * np.sum(xmu ** 2, axis=0)
        sqrtvar = np.sqrt(var + eps)
        xhat = xmu / sqrtvar
        out = gamma * xhat + beta
        cache = (xhat, gamma, sqrtvar)
        running_mean = (1 - momentum) * running_mean + momentum * mu
        running_var = (1 - momentum) * running_var + momentum * var
    elif mode == 'test':
        xhat = (x - running_mean) / np.sqrt(running_var + eps)
        out = gamma * xhat + beta
    else:
        raise ValueError('Invalid forward batchnorm mode "%s"' % mode)

    bn_param['running_mean'] = running_mean
    bn_param['running_var'] = running_var
    return out, cache
""",
    ),
    # Mean and variance of the whole batch array (no axis): one number for all features.
    (
        "bn_forward_no_axis",
        "layers.batchnorm_forward",
        ["batchnorm_over_everything"],
        """
def batchnorm_forward(x, gamma, beta, bn_param):
    mode = bn_param['mode']
    eps = bn_param.get('eps', 1e-5)
    momentum = bn_param.get('momentum', 0.9)
    N, D = x.shape
    running_mean = bn_param.get('running_mean', np.zeros(D, dtype=x.dtype))
    running_var = bn_param.get('running_var', np.zeros(D, dtype=x.dtype))
    cache = None

    if mode == 'train':
        mean = np.mean(x)
        var = np.var(x)
        std = np.sqrt(var + eps)
        x_norm = (x - mean) / std
        out = gamma * x_norm + beta
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
        cache = (x_norm, gamma, std)
    elif mode == 'test':
        out = gamma * ((x - running_mean) / np.sqrt(running_var + eps)) + beta
    else:
        raise ValueError('Invalid forward batchnorm mode "%s"' % mode)

    bn_param['running_mean'] = running_mean
    bn_param['running_var'] = running_var
    return out, cache
""",
    ),
    # Test mode divides by the running variance, without the square root.
    (
        "bn_forward_test_without_sqrt",
        "layers.batchnorm_forward",
        ["batchnorm_test_no_root"],
        """
def batchnorm_forward(x, gamma, beta, bn_param):
    mode, eps, momentum = bn_param['mode'], bn_param.get('eps', 1e-5), bn_param.get('momentum', 0.9)
    D = x.shape[1]
    r_mean = bn_param.get('running_mean', np.zeros(D, dtype=x.dtype))
    r_var = bn_param.get('running_var', np.zeros(D, dtype=x.dtype))
    cache = None
    if mode == 'train':
        batch_mean = x.mean(axis=0)
        batch_var = ((x - batch_mean) ** 2).mean(axis=0)
        r_mean = momentum * r_mean + (1 - momentum) * batch_mean
        r_var = momentum * r_var + (1 - momentum) * batch_var
        normed = (x - batch_mean) / np.sqrt(batch_var + eps)
        out = normed * gamma + beta
        cache = (normed, gamma, np.sqrt(batch_var + eps))
    elif mode == 'test':
        normed = (x - r_mean) / (r_var + eps)
        out = normed * gamma + beta
    else:
        raise ValueError('unknown mode ' + str(mode))
    bn_param['running_mean'], bn_param['running_var'] = r_mean, r_var
    return out, cache
""",
    ),
    # The variance is taken for a constant: its path is missing in dx.
    (
        "bn_backward_variance_path_missing",
        "layers.batchnorm_backward",
        ["batchnorm_dx_no_variance"],
        """
def batchnorm_backward(dout, cache):
    x_hat, gamma, std = cache
    N, D = dout.shape

    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * x_hat, axis=0)

    dx_hat = dout * gamma
    # x_hat = (x - mu) / std
    dxmu = dx_hat / std
    dmu = -np.sum(dxmu, axis=0)
    dx = dxmu + dmu / N
    return dx, dgamma, dbeta
""",
    ),
    # d(1/sqrt(var)) uses std ** -1.5, as if std were the variance (should be std ** -3).
    (
        "bn_backward_std_for_var_in_power",
        "layers.batchnorm_backward",
        ["batchnorm_dx_wrong_power"],
        """
def batchnorm_backward(dout, cache):
    xhat, gamma, sigma = cache
    m = dout.shape[0]
    dxhat = dout * gamma
    xc = xhat * sigma                       # x - mean
    dvar = np.sum(dxhat * xc * (-0.5) * sigma ** (-1.5), axis=0)
    dmean = np.sum(-dxhat / sigma, axis=0) + dvar * np.mean(-2 * xc, axis=0)
    dx = dxhat / sigma + dvar * 2 * xc / m + dmean / m
    dgamma = np.sum(dout * xhat, axis=0)
    dbeta = np.sum(dout, axis=0)
    return dx, dgamma, dbeta
""",
    ),
    # Two mistakes: gamma is left out of dx, and dgamma is not summed over the batch.
    (
        "bn_backward_no_gamma_dgamma_unsummed",
        "layers.batchnorm_backward",
        [],
        """
def batchnorm_backward(dout, cache):
    x_hat, gamma, std = cache
    N = dout.shape[0]
    dgamma = dout * x_hat
    dbeta = dout.sum(axis=0)
    dx = (N * dout - dout.sum(axis=0) - x_hat * (dout * x_hat).sum(axis=0)) / (N * std)
    return dx, dgamma, dbeta
""",
    ),
    # The mask comes from randn (a normal distribution), so the share that is dropped is not p.
    (
        "dropout_forward_randn",
        "layers.dropout_forward",
        ["dropout_of_normal_numbers"],
        """
def dropout_forward(x, dropout_param):
    p, mode = dropout_param['p'], dropout_param['mode']
    if 'seed' in dropout_param:
        np.random.seed(dropout_param['seed'])

    mask = None
    out = None
    if mode == 'train':
        mask = (np.random.randn(*x.shape) > p) / (1 - p)
        out = x * mask
    elif mode == 'test':
        out = x
    cache = (dropout_param, mask)
    out = out.astype(x.dtype, copy=False)
    return out, cache
""",
    ),
    # Two mistakes: training does not scale up, and test scales by p, as if p were the share that is kept.
    (
        "dropout_forward_not_inverted_test_times_p",
        "layers.dropout_forward",
        ["dropout_not_scaled"],
        """
def dropout_forward(x, dropout_param):
    p, mode = dropout_param['p'], dropout_param['mode']
    if 'seed' in dropout_param:
        np.random.seed(dropout_param['seed'])
    mask = None

    if mode == 'train':
        mask = np.random.rand(*x.shape) > p     # drop with prob. p
        out = x * mask
    elif mode == 'test':
        out = x * p
    else:
        raise ValueError('bad mode')

    cache = (dropout_param, mask)
    return out.astype(x.dtype, copy=False), cache
""",
    ),
    # Scales by 1/(1 - p) once more, though the mask holds that already.
    (
        "dropout_backward_scaled_twice",
        "layers.dropout_backward",
        ["dropout_dx_scales_twice"],
        """
def dropout_backward(dout, cache):
    dropout_param, mask = cache
    mode = dropout_param['mode']
    keep_prob = 1 - dropout_param['p']

    dx = None
    if mode == 'train':
        dx = mask * dout
        dx /= keep_prob
    elif mode == 'test':
        dx = dout
    return dx
""",
    ),
    # gamma begins at zero and beta at one.
    (
        "fcn_init_gamma_zero_beta_one",
        "fc_net.FullyConnectedNet.__init__",
        ["full_scales_of_zero"],
        """
def __init__(self, hidden_dims, input_dim=3 * 32 * 32, num_classes=10, dropout=0, use_batchnorm=False,
             reg=0.0, weight_scale=1e-2, dtype=np.float32, seed=None):
    self.use_batchnorm = use_batchnorm
    self.use_dropout = dropout > 0
    self.reg = reg
    self.num_layers = 1 + len(hidden_dims)
    self.dtype = dtype
    self.params = {}

    layer_dims = [input_dim] + list(hidden_dims) + [num_classes]
    for i in range(self.num_layers):
        k = str(i + 1)
        self.params['W' + k] = np.random.randn(layer_dims[i], layer_dims[i + 1]) * weight_scale
        self.params['b' + k] = np.zeros((layer_dims[i + 1],))
        if self.use_batchnorm and i != self.num_layers - 1:
            self.params['gamma' + k] = np.zeros((layer_dims[i + 1],))
            self.params['beta' + k] = np.ones((layer_dims[i + 1],))

    self.dropout_param = {'mode': 'train', 'p': dropout}
    if seed is not None:
        self.dropout_param['seed'] = seed
    self.bn_params = [{'mode': 'train'} for i in np.arange(self.num_layers - 1)] if self.use_batchnorm else []
    for k, v in self.params.items():
        self.params[k] = v.astype(dtype)
""",
    ),
    # The forward pass has dropout, the backward pass forgets dropout_backward.
    (
        "fcn_loss_dropout_backward_missing",
        "fc_net.FullyConnectedNet.loss",
        ["full_no_dropout_backward"],
        """
def loss(self, X, y=None):
    X = X.astype(self.dtype)
    mode = 'test' if y is None else 'train'
    if self.use_dropout:
        self.dropout_param['mode'] = mode
    if self.use_batchnorm:
        for bn_param in self.bn_params:
            bn_param['mode'] = mode

    L = self.num_layers
    cache = {}
    a = X
    for i in range(1, L):
        W, b = self.params['W%d' % i], self.params['b%d' % i]
        if self.use_batchnorm:
            gamma, beta = self.params['gamma%d' % i], self.params['beta%d' % i]
            a, cache[i] = affine_batchnorm_relu_forward(a, W, b, gamma, beta, self.bn_params[i - 1])
        else:
            a, cache[i] = affine_relu_forward(a, W, b)
        if self.use_dropout:
            a, _ = dropout_forward(a, self.dropout_param)
    scores, cache[L] = affine_forward(a, self.params['W%d' % L], self.params['b%d' % L])

    if mode == 'test':
        return scores

    grads = {}
    loss, dscores = softmax_loss(scores, y)
    da, grads['W%d' % L], grads['b%d' % L] = affine_backward(dscores, cache[L])
    for i in range(L - 1, 0, -1):
        if self.use_batchnorm:
            da, dw, db, dgamma, dbeta = affine_batchnorm_relu_backward(da, cache[i])
            grads['gamma%d' % i] = dgamma
            grads['beta%d' % i] = dbeta
        else:
            da, dw, db = affine_relu_backward(da, cache[i])
        grads['W%d' % i] = dw
        grads['b%d' % i] = db

    for i in range(1, L + 1):
        loss += 0.5 * self.reg * np.sum(self.params['W%d' % i] ** 2)
        grads['W%d' % i] += self.reg * self.params['W%d' % i]
    return loss, grads
""",
    ),
]
