"""Wrong functions for hw4, written as students write them: no patches of the solution."""

WRONG = [
    (
        "momentum_velocity_lost",
        "optim.sgd_momentum",
        ["momentum_not_stored"],
        """
def sgd_momentum(w, dw, config=None):
    if config is None: config = {}
    lr = config.setdefault('learning_rate', 1e-2)
    mu = config.setdefault('momentum', 0.9)
    v = config.get('velocity', np.zeros_like(w))
    v = mu * v - lr * dw
    next_w = w + v
    return next_w, config
""",
    ),
    (
        "momentum_wrong_sign",
        "optim.sgd_momentum",
        ["momentum_plus"],
        """
def sgd_momentum(w, dw, config=None):
    if config is None: config = {}
    config.setdefault('learning_rate', 1e-2)
    config.setdefault('momentum', 0.9)
    v = config.get('velocity', np.zeros_like(w))
    v = config['momentum'] * v + config['learning_rate'] * dw
    config['velocity'] = v
    return w + v, config
""",
    ),
    (
        "momentum_as_average",
        "optim.sgd_momentum",
        [],
        """
def sgd_momentum(w, dw, config=None):
    if config is None: config = {}
    config.setdefault('learning_rate', 1e-2)
    config.setdefault('momentum', 0.9)
    v = config.get('velocity', np.zeros_like(w))
    mu = config['momentum']
    v = (mu * v - config['learning_rate'] * dw) * (1 - mu)
    config['velocity'] = v
    return w + v, config
""",
    ),
    (
        "nesterov_as_plain",
        "optim.sgd_nesterov_momentum",
        ["nesterov_plain", "nesterov_overwrites_the_old_velocity"],
        """
def sgd_nesterov_momentum(w, dw, config=None):
    if config is None: config = {}
    config.setdefault('learning_rate', 1e-2)
    config.setdefault('momentum', 0.9)
    v = config.get('velocity', np.zeros_like(w))
    v = config['momentum'] * v - config['learning_rate'] * dw
    next_w = w + v
    config['velocity'] = v
    return next_w, config
""",
    ),
    (
        "nesterov_old_forgotten",
        "optim.sgd_nesterov_momentum",
        ["nesterov_no_old_velocity"],
        """
def sgd_nesterov_momentum(w, dw, config=None):
    if config is None: config = {}
    lr = config.setdefault('learning_rate', 1e-2)
    mu = config.setdefault('momentum', 0.9)
    v = config.get('velocity', np.zeros_like(w))
    v = mu * v - lr * dw
    w = w + v + mu * v
    config['velocity'] = v
    return w, config
""",
    ),
    (
        "rmsprop_without_sqrt",
        "optim.rmsprop",
        ["rmsprop_no_root"],
        """
def rmsprop(w, dw, config=None):
    if config is None: config = {}
    config.setdefault('learning_rate', 1e-2)
    config.setdefault('decay_rate', 0.99)
    config.setdefault('epsilon', 1e-8)
    config.setdefault('a', np.zeros_like(w))
    beta = config['decay_rate']
    a = beta * config['a'] + (1 - beta) * np.multiply(dw, dw)
    next_w = w - np.multiply(config['learning_rate'] / (a + config['epsilon']), dw)
    config['a'] = a
    return next_w, config
""",
    ),
    (
        "rmsprop_weights_swapped",
        "optim.rmsprop",
        ["rmsprop_decay_swapped"],
        """
def rmsprop(w, dw, config=None):
    if config is None: config = {}
    config.setdefault('learning_rate', 1e-2)
    config.setdefault('decay_rate', 0.99)
    config.setdefault('epsilon', 1e-8)
    config.setdefault('a', np.zeros_like(w))
    beta = config['decay_rate']
    config['a'] = beta * np.square(dw) + (1 - beta) * config['a']
    return w - config['learning_rate'] * dw / (np.sqrt(config['a']) + config['epsilon']), config
""",
    ),
    (
        "rmsprop_a_not_kept",
        "optim.rmsprop",
        ["rmsprop_not_stored"],
        """
def rmsprop(w, dw, config=None):
    if config is None: config = {}
    config.setdefault('learning_rate', 1e-2)
    config.setdefault('decay_rate', 0.99)
    config.setdefault('epsilon', 1e-8)
    config.setdefault('a', np.zeros_like(w))
    lr, decay, eps, a = [config[k] for k in ('learning_rate', 'decay_rate', 'epsilon', 'a')]
    a = decay * a + (1 - decay) * (dw ** 2)
    next_w = w - lr * dw / np.sqrt(a + eps)
    return next_w, config
""",
    ),
    (
        "rmsprop_epsilon_large",
        "optim.rmsprop",
        [],
        """
def rmsprop(w, dw, config=None):
    if config is None: config = {}
    config.setdefault('learning_rate', 1e-2)
    config.setdefault('decay_rate', 0.99)
    config.setdefault('a', np.zeros_like(w))
    config['a'] = config['decay_rate'] * config['a'] + (1 - config['decay_rate']) * dw ** 2
    return w - config['learning_rate'] * dw / (np.sqrt(config['a']) + 1e-2), config
""",
    ),
    (
        "adam_uncorrected",
        "optim.adam",
        ["adam_no_correction"],
        """
def adam(w, dw, config=None):
    if config is None: config = {}
    for k, d in [('learning_rate', 1e-3), ('beta1', 0.9), ('beta2', 0.999), ('epsilon', 1e-8), ('v', np.zeros_like(w)), ('a', np.zeros_like(w)), ('t', 0)]:
        config.setdefault(k, d)
    config['t'] = config['t'] + 1
    m = config['beta1'] * config['v'] + (1 - config['beta1']) * dw
    s = config['beta2'] * config['a'] + (1 - config['beta2']) * (dw * dw)
    config['v'], config['a'] = m, s
    return w - config['learning_rate'] * m / (np.sqrt(s) + config['epsilon']), config
""",
    ),
    (
        "adam_t_lost",
        "optim.adam",
        ["adam_t_not_stored", "adam_t_never_grows"],
        """
def adam(w, dw, config=None):
    if config is None: config = {}
    for k, d in [('learning_rate', 1e-3), ('beta1', 0.9), ('beta2', 0.999), ('epsilon', 1e-8), ('v', np.zeros_like(w)), ('a', np.zeros_like(w)), ('t', 0)]:
        config.setdefault(k, d)
    t = config['t'] + 1
    b1, b2 = config['beta1'], config['beta2']
    config['v'] = b1 * config['v'] + (1. - b1) * dw
    config['a'] = b2 * config['a'] + (1. - b2) * dw * dw
    vh = config['v'] / (1. - pow(b1, t))
    ah = config['a'] / (1. - pow(b2, t))
    return w - config['learning_rate'] * vh / (np.sqrt(ah) + config['epsilon']), config
""",
    ),
    (
        "adam_stores_hats",
        "optim.adam",
        ["adam_keeps_corrected_moments"],
        """
def adam(w, dw, config=None):
    if config is None: config = {}
    for k, d in [('learning_rate', 1e-3), ('beta1', 0.9), ('beta2', 0.999), ('epsilon', 1e-8), ('v', np.zeros_like(w)), ('a', np.zeros_like(w)), ('t', 0)]:
        config.setdefault(k, d)
    config['t'] += 1
    b1, b2, t = config['beta1'], config['beta2'], config['t']
    config['v'] = b1 * config['v'] + (1 - b1) * dw
    config['v'] = config['v'] / (1 - b1 ** t)
    config['a'] = b2 * config['a'] + (1 - b2) * dw ** 2
    config['a'] = config['a'] / (1 - b2 ** t)
    return w - config['learning_rate'] * config['v'] / (np.sqrt(config['a']) + config['epsilon']), config
""",
    ),
    (
        "adam_moments_lost",
        "optim.adam",
        ["adam_moments_not_stored"],
        """
def adam(w, dw, config=None):
    if config is None: config = {}
    for k, d in [('learning_rate', 1e-3), ('beta1', 0.9), ('beta2', 0.999), ('epsilon', 1e-8), ('v', np.zeros_like(w)), ('a', np.zeros_like(w)), ('t', 0)]:
        config.setdefault(k, d)
    v, a = config['v'], config['a']
    config['t'] += 1
    v = config['beta1'] * v + (1 - config['beta1']) * dw
    a = config['beta2'] * a + (1 - config['beta2']) * dw ** 2
    v_c = v / (1 - config['beta1'] ** config['t'])
    a_c = a / (1 - config['beta2'] ** config['t'])
    next_w = w - config['learning_rate'] * v_c / (np.sqrt(a_c) + config['epsilon'])
    return next_w, config
""",
    ),
    (
        "adam_t_after_the_step",
        "optim.adam",
        ["adam_t_never_grows"],
        """
def adam(w, dw, config=None):
    if config is None: config = {}
    for k, d in [('learning_rate', 1e-3), ('beta1', 0.9), ('beta2', 0.999), ('epsilon', 1e-8), ('v', np.zeros_like(w)), ('a', np.zeros_like(w)), ('t', 0)]:
        config.setdefault(k, d)
    t = max(config['t'], 1)
    config['v'] = config['beta1'] * config['v'] + (1 - config['beta1']) * dw
    config['a'] = config['beta2'] * config['a'] + (1 - config['beta2']) * dw ** 2
    v_c = config['v'] / (1 - config['beta1'] ** t)
    a_c = config['a'] / (1 - config['beta2'] ** t)
    config['t'] = config['t'] + 1
    return w - config['learning_rate'] * v_c / (np.sqrt(a_c) + config['epsilon']), config
""",
    ),
    (
        "bn_running_replaced",
        "layers.batchnorm_forward",
        ["batchnorm_running_last_batch"],
        """
def batchnorm_forward(x, gamma, beta, bn_param):
    mode, eps = bn_param['mode'], bn_param.get('eps', 1e-5)
    N, D = x.shape
    if mode == 'train':
        mu = np.sum(x, axis=0) / N
        xc = x - mu
        var = np.sum(xc ** 2, axis=0) / N
        ivar = 1. / np.sqrt(var + eps)
        xhat = xc * ivar
        bn_param['running_mean'] = mu
        bn_param['running_var'] = var
        return gamma * xhat + beta, (xhat, gamma, 1. / ivar)
    m, v = bn_param['running_mean'], bn_param['running_var']
    return (x - m) / np.sqrt(v + eps) * gamma + beta, None
""",
    ),
    (
        "bn_running_std",
        "layers.batchnorm_forward",
        ["batchnorm_running_std"],
        """
def batchnorm_forward(x, gamma, beta, bn_param):
    mode, eps, mom = bn_param['mode'], bn_param.get('eps', 1e-5), bn_param.get('momentum', 0.9)
    D = x.shape[1]
    rm, rv = bn_param.get('running_mean', np.zeros(D)), bn_param.get('running_var', np.zeros(D))
    cache = None
    if mode == 'train':
        mu, sigma = x.mean(0), x.std(0)
        xhat = (x - mu) / np.sqrt(sigma ** 2 + eps)
        out = xhat * gamma + beta
        rm = mom * rm + (1 - mom) * mu
        rv = mom * rv + (1 - mom) * sigma
        cache = (xhat, gamma, np.sqrt(sigma ** 2 + eps))
    else:
        out = gamma * ((x - rm) / np.sqrt(rv + eps)) + beta
    bn_param['running_mean'], bn_param['running_var'] = rm, rv
    return out, cache
""",
    ),
    (
        "bn_test_without_scale",
        "layers.batchnorm_forward",
        ["batchnorm_test_forgets_gamma_and_beta"],
        """
def batchnorm_forward(x, gamma, beta, bn_param):
    mode, eps, mom = bn_param['mode'], bn_param.get('eps', 1e-5), bn_param.get('momentum', 0.9)
    D = x.shape[1]
    rm, rv = bn_param.get('running_mean', np.zeros(D)), bn_param.get('running_var', np.zeros(D))
    if mode == 'test':
        return (x - rm) / (rv + eps) ** 0.5, None
    mu = np.mean(x, axis=0)
    v = np.mean((x - mu) ** 2, axis=0)
    s = (v + eps) ** 0.5
    xhat = (x - mu) / s
    bn_param['running_mean'] = rm * mom + mu * (1 - mom)
    bn_param['running_var'] = rv * mom + v * (1 - mom)
    return xhat * gamma + beta, (xhat, gamma, s)
""",
    ),
    (
        "bn_momentum_other_way",
        "layers.batchnorm_forward",
        ["batchnorm_momentum_of_the_new"],
        """
def batchnorm_forward(x, gamma, beta, bn_param):
    mode, eps, mom = bn_param['mode'], bn_param.get('eps', 1e-5), bn_param.get('momentum', 0.9)
    D = x.shape[1]
    rm, rv = bn_param.get('running_mean', np.zeros(D)), bn_param.get('running_var', np.zeros(D))
    if mode == 'test':
        return gamma * (x - rm) / np.sqrt(rv + eps) + beta, None
    mu, v = x.mean(0), x.var(0)
    s = np.sqrt(v + eps)
    xhat = (x - mu) / s
    bn_param['running_mean'] = rm + mom * (mu - rm)
    bn_param['running_var'] = rv + mom * (v - rv)
    return xhat * gamma + beta, (xhat, gamma, s)
""",
    ),
    (
        "bn_backward_constants",
        "layers.batchnorm_backward",
        ["batchnorm_dx_direct_only"],
        """
def batchnorm_backward(dout, cache):
    xhat, gamma, s = cache
    dgamma = np.einsum('nd,nd->d', dout, xhat)
    dbeta = np.einsum('nd->d', dout)
    dxhat = dout * gamma
    return dxhat / s, dgamma, dbeta
""",
    ),
    (
        "bn_backward_no_variance_path",
        "layers.batchnorm_backward",
        ["batchnorm_dx_no_variance"],
        """
def batchnorm_backward(dout, cache):
    xhat, gamma, s = cache
    N = dout.shape[0]
    dxhat = dout * gamma
    dgamma, dbeta = np.sum(dout * xhat, 0), np.sum(dout, 0)
    dmu = -np.sum(dxhat / s, axis=0)
    dx = dxhat / s + dmu / N
    return dx, dgamma, dbeta
""",
    ),
    (
        "bn_backward_not_over_n",
        "layers.batchnorm_backward",
        [],
        """
def batchnorm_backward(dout, cache):
    xhat, gamma, s = cache
    N, D = dout.shape
    dxhat = dout * gamma
    dgamma, dbeta = np.sum(dout * xhat, 0), np.sum(dout, 0)
    dx = (N * dxhat - np.sum(dxhat, axis=0) - xhat * np.sum(dxhat * xhat, axis=0)) / s
    return dx, dgamma, dbeta
""",
    ),
    (
        "bn_backward_dgamma_of_dout",
        "layers.batchnorm_backward",
        ["batchnorm_dgamma_of_x"],
        """
def batchnorm_backward(dout, cache):
    xhat, gamma, s = cache
    N, D = dout.shape
    dxhat = dout * gamma
    dx = 1. / N / s * (N * dxhat - np.sum(dxhat, axis=0) - xhat * np.sum(dxhat * xhat, axis=0))
    return dx, np.sum(dout, axis=0), np.sum(dout, axis=0)
""",
    ),
    (
        "dropout_scaled_by_p",
        "layers.dropout_forward",
        ["dropout_scale_of_the_other"],
        """
def dropout_forward(x, dropout_param):
    p, mode = dropout_param['p'], dropout_param['mode']
    if 'seed' in dropout_param: np.random.seed(dropout_param['seed'])
    mask = None
    if mode == 'train':
        mask = (np.random.rand(*x.shape) > p).astype(float) / p
        out = x * mask
    else:
        out = x
    return out, (dropout_param, mask)
""",
    ),
    (
        "dropout_unscaled",
        "layers.dropout_forward",
        ["dropout_not_scaled"],
        """
def dropout_forward(x, dropout_param):
    p, mode = dropout_param['p'], dropout_param['mode']
    if 'seed' in dropout_param: np.random.seed(dropout_param['seed'])
    mask = None
    if mode == 'train':
        mask = np.random.random(x.shape) >= p
        return x * mask, (dropout_param, mask)
    return x, (dropout_param, mask)
""",
    ),
    (
        "dropout_also_in_test",
        "layers.dropout_forward",
        ["dropout_test_never_reached"],
        """
def dropout_forward(x, dropout_param):
    p, mode = dropout_param['p'], dropout_param['mode']
    if 'seed' in dropout_param: np.random.seed(dropout_param['seed'])
    mask = (np.random.rand(*x.shape) >= p) / (1 - p)
    return x * mask, (dropout_param, mask)
""",
    ),
    (
        "dropout_columns",
        "layers.dropout_forward",
        ["dropout_of_columns"],
        """
def dropout_forward(x, dropout_param):
    p, mode = dropout_param['p'], dropout_param['mode']
    if 'seed' in dropout_param: np.random.seed(dropout_param['seed'])
    mask = None
    if mode == 'train':
        mask = (np.random.rand(*x.shape[1:]) >= p) / (1 - p)
        x = x * mask
    return x, (dropout_param, np.broadcast_to(mask, x.shape) if mask is not None else None)
""",
    ),
    (
        "dropout_backward_ignores_mask",
        "layers.dropout_backward",
        ["dropout_dx_passes_all"],
        """
def dropout_backward(dout, cache):
    dropout_param, mask = cache
    return np.array(dout)
""",
    ),
    (
        "dropout_backward_without_scale",
        "layers.dropout_backward",
        ["dropout_dx_not_scaled"],
        """
def dropout_backward(dout, cache):
    dropout_param, mask = cache
    if dropout_param['mode'] == 'test':
        return dout
    dx = dout.copy()
    dx[mask == 0] = 0
    return dx
""",
    ),
    (
        "full_one_dictionary_for_all",
        "fc_net.FullyConnectedNet.__init__",
        ["full_one_bn_param_for_all", "full_first_bn_param"],
        """
def __init__(self, hidden_dims, input_dim=3072, num_classes=10, dropout=0, use_batchnorm=False, reg=0.0, weight_scale=1e-2, dtype=np.float32, seed=None):
    self.use_batchnorm, self.use_dropout, self.reg = use_batchnorm, dropout > 0, reg
    self.num_layers, self.dtype, self.params = len(hidden_dims) + 1, dtype, {}
    sizes = [input_dim] + list(hidden_dims) + [num_classes]
    for i in range(len(sizes) - 1):
        self.params['W%d' % (i + 1)] = np.random.normal(0, weight_scale, (sizes[i], sizes[i + 1]))
        self.params['b%d' % (i + 1)] = np.zeros(sizes[i + 1])
        if use_batchnorm and i < len(hidden_dims):
            self.params['gamma%d' % (i + 1)] = np.ones(sizes[i + 1])
            self.params['beta%d' % (i + 1)] = np.zeros(sizes[i + 1])
    self.dropout_param = {'mode': 'train', 'p': dropout}
    if seed is not None: self.dropout_param['seed'] = seed
    self.bn_params = [{'mode': 'train'}] * len(hidden_dims) if use_batchnorm else []
    for k in self.params: self.params[k] = self.params[k].astype(dtype)
""",
    ),
    (
        "full_forgets_dropout_backward",
        "fc_net.FullyConnectedNet.loss",
        ["full_no_dropout_backward"],
        """
def loss(self, X, y=None):
    X = X.astype(self.dtype)
    self._set_mode('test' if y is None else 'train')
    h, caches, L = X, [], self.num_layers
    for i in range(1, L):
        W, b = self.params['W%d' % i], self.params['b%d' % i]
        if self.use_batchnorm:
            h, c = affine_batchnorm_relu_forward(h, W, b, self.params['gamma%d' % i], self.params['beta%d' % i], self.bn_params[i - 1])
        else:
            h, c = affine_relu_forward(h, W, b)
        if self.use_dropout:
            h, _ = dropout_forward(h, self.dropout_param)
        caches.append(c)
    scores, c = affine_forward(h, self.params['W%d' % L], self.params['b%d' % L])
    if y is None:
        return scores
    loss, d = softmax_loss(scores, y)
    grads = {}
    d, grads['W%d' % L], grads['b%d' % L] = affine_backward(d, c)
    for i in range(L - 1, 0, -1):
        if self.use_batchnorm:
            d, grads['W%d' % i], grads['b%d' % i], grads['gamma%d' % i], grads['beta%d' % i] = affine_batchnorm_relu_backward(d, caches[i - 1])
        else:
            d, grads['W%d' % i], grads['b%d' % i] = affine_relu_backward(d, caches[i - 1])
    for i in range(1, L + 1):
        W = self.params['W%d' % i]
        loss += 0.5 * self.reg * np.sum(W ** 2)
        grads['W%d' % i] += self.reg * W
    return loss, grads
""",
    ),
    (
        "full_regularises_all_params",
        "fc_net.FullyConnectedNet.loss",
        ["full_regularises_everything"],
        """
def loss(self, X, y=None):
    X = X.astype(self.dtype)
    self._set_mode('test' if y is None else 'train')
    h, caches, drops, L = X, [], [], self.num_layers
    for i in range(1, L):
        W, b = self.params['W%d' % i], self.params['b%d' % i]
        if self.use_batchnorm:
            h, c = affine_batchnorm_relu_forward(h, W, b, self.params['gamma%d' % i], self.params['beta%d' % i], self.bn_params[i - 1])
        else:
            h, c = affine_relu_forward(h, W, b)
        caches.append(c)
        if self.use_dropout:
            h, c = dropout_forward(h, self.dropout_param)
            drops.append(c)
    scores, c = affine_forward(h, self.params['W%d' % L], self.params['b%d' % L])
    if y is None:
        return scores
    loss, d = softmax_loss(scores, y)
    for p in self.params:
        loss += self.reg / 2 * np.sum(self.params[p] ** 2)
    grads = {}
    d, grads['W%d' % L], grads['b%d' % L] = affine_backward(d, c)
    for i in range(L - 1, 0, -1):
        if self.use_dropout:
            d = dropout_backward(d, drops[i - 1])
        if self.use_batchnorm:
            d, grads['W%d' % i], grads['b%d' % i], grads['gamma%d' % i], grads['beta%d' % i] = affine_batchnorm_relu_backward(d, caches[i - 1])
        else:
            d, grads['W%d' % i], grads['b%d' % i] = affine_relu_backward(d, caches[i - 1])
    for i in range(1, L + 1):
        grads['W%d' % i] += self.reg * self.params['W%d' % i]
    return loss, grads
""",
    ),
]
