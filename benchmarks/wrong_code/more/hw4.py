"""Wrong functions for hw4, after questions that students ask: no patches of the solution."""

WRONG = [
    (
        "bn_variance_over_n_minus_one",
        "layers.batchnorm_forward",
        ["batchnorm_unbiased"],
        """
def batchnorm_forward(x, gamma, beta, bn_param):
    mode, eps, momentum = bn_param['mode'], bn_param.get('eps', 1e-5), bn_param.get('momentum', 0.9)
    N, D = x.shape
    running_mean = bn_param.get('running_mean', np.zeros(D))
    running_var = bn_param.get('running_var', np.zeros(D))
    cache = None
    if mode == 'train':
        mu = x.mean(axis=0)
        var = np.sum((x - mu) ** 2, axis=0) / (N - 1)
        std = np.sqrt(var + eps)
        xn = (x - mu) / std
        out = gamma * xn + beta
        running_mean = momentum * running_mean + (1 - momentum) * mu
        running_var = momentum * running_var + (1 - momentum) * var
        cache = (xn, gamma, std)
    else:
        out = gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta
    bn_param['running_mean'], bn_param['running_var'] = running_mean, running_var
    return out, cache
""",
    ),
    (
        "bn_variance_average_the_other_way",
        "layers.batchnorm_forward",
        ["batchnorm_var_momentum_of_the_new"],
        """
def batchnorm_forward(x, gamma, beta, bn_param):
    mode, eps, momentum = bn_param['mode'], bn_param.get('eps', 1e-5), bn_param.get('momentum', 0.9)
    N, D = x.shape
    running_mean = bn_param.get('running_mean', np.zeros(D))
    running_var = bn_param.get('running_var', np.zeros(D))
    cache = None
    if mode == 'train':
        mu, var = np.mean(x, 0), np.var(x, 0)
        std = np.sqrt(var + eps)
        xn = (x - mu) / std
        out = gamma * xn + beta
        running_mean = momentum * running_mean + (1 - momentum) * mu
        running_var = (1 - momentum) * running_var + momentum * var
        cache = (xn, gamma, std)
    else:
        out = gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta
    bn_param['running_mean'], bn_param['running_var'] = running_mean, running_var
    return out, cache
""",
    ),
    (
        "bn_averages_not_put_back",
        "layers.batchnorm_forward",
        ["batchnorm_no_running_averages"],
        """
def batchnorm_forward(x, gamma, beta, bn_param):
    mode, eps, momentum = bn_param['mode'], bn_param.get('eps', 1e-5), bn_param.get('momentum', 0.9)
    N, D = x.shape
    running_mean = bn_param.setdefault('running_mean', np.zeros(D))
    running_var = bn_param.setdefault('running_var', np.zeros(D))
    if mode == 'train':
        mu, var = np.mean(x, 0), np.var(x, 0)
        std = np.sqrt(var + eps)
        xn = (x - mu) / std
        running_mean = momentum * running_mean + (1 - momentum) * mu
        running_var = momentum * running_var + (1 - momentum) * var
        return gamma * xn + beta, (xn, gamma, std)
    return gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta, None
""",
    ),
    (
        "bn_backward_wrong_power",
        "layers.batchnorm_backward",
        ["batchnorm_dx_wrong_power"],
        """
def batchnorm_backward(dout, cache):
    xhat, gamma, std = cache
    N, D = dout.shape
    xmu = xhat * std
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * xhat, axis=0)
    dxhat = dout * gamma
    dvar = np.sum(dxhat * xmu, axis=0) * -0.5 * std ** -1.5
    dmu = np.sum(-dxhat / std, axis=0) + dvar * np.mean(-2 * xmu, axis=0)
    dx = dxhat / std + dvar * 2 * xmu / N + dmu / N
    return dx, dgamma, dbeta
""",
    ),
    (
        "bn_backward_without_the_mean",
        "layers.batchnorm_backward",
        ["batchnorm_dx_no_mean"],
        """
def batchnorm_backward(dout, cache):
    xhat, gamma, std = cache
    N, D = dout.shape
    xmu = xhat * std
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * xhat, axis=0)
    dxhat = dout * gamma
    dvar = np.sum(dxhat * xmu, axis=0) * -0.5 * std ** -3.
    dx = dxhat / std + dvar * 2 * xmu / N
    return dx, dgamma, dbeta
""",
    ),
    (
        "bn_backward_gamma_in_dbeta",
        "layers.batchnorm_backward",
        ["batchnorm_gamma_in_dgamma_and_dbeta"],
        """
def batchnorm_backward(dout, cache):
    xhat, gamma, std = cache
    N, D = dout.shape
    dxhat = dout * gamma
    dbeta = np.sum(dxhat, axis=0)
    dgamma = np.sum(dxhat * xhat, axis=0)
    dx = 1 / N / std * (N * dxhat - np.sum(dxhat, axis=0) - xhat * np.sum(dxhat * xhat, axis=0))
    return dx, dgamma, dbeta
""",
    ),
    (
        "dropout_keeps_p_and_divides_by_the_rest",
        "layers.dropout_forward",
        ["dropout_keeps_with_p_for_the_other_scale"],
        """
def dropout_forward(x, dropout_param):
    p, mode = dropout_param['p'], dropout_param['mode']
    if 'seed' in dropout_param:
        np.random.seed(dropout_param['seed'])
    mask, out = None, x
    if mode == 'train':
        mask = (np.random.rand(*x.shape) < p) / (1 - p)
        out = x * mask
    return out, (dropout_param, mask)
""",
    ),
    (
        "dropout_scale_in_test_only",
        "layers.dropout_forward",
        ["dropout_scaled_at_test_time"],
        """
def dropout_forward(x, dropout_param):
    p, mode = dropout_param['p'], dropout_param['mode']
    if 'seed' in dropout_param:
        np.random.seed(dropout_param['seed'])
    mask = None
    if mode == 'train':
        mask = np.random.binomial(1, 1 - p, size=x.shape)
        out = x * mask
    else:
        out = (1 - p) * x
    return out.astype(x.dtype), (dropout_param, mask)
""",
    ),
    (
        "dropout_backward_scales_again",
        "layers.dropout_backward",
        ["dropout_dx_scales_twice"],
        """
def dropout_backward(dout, cache):
    dropout_param, mask = cache
    if dropout_param['mode'] == 'test':
        return dout
    return dout * mask / (1 - dropout_param['p'])
""",
    ),
    (
        "adam_one_moment_corrected",
        "optim.adam",
        ["adam_second_moment_uncorrected"],
        """
def adam(w, dw, config=None):
    if config is None: config = {}
    for k, d in [('learning_rate', 1e-3), ('beta1', 0.9), ('beta2', 0.999), ('epsilon', 1e-8), ('v', np.zeros_like(w)), ('a', np.zeros_like(w)), ('t', 0)]:
        config.setdefault(k, d)
    config['t'] += 1
    m = config['beta1'] * config['v'] + (1 - config['beta1']) * dw
    v = config['beta2'] * config['a'] + (1 - config['beta2']) * dw ** 2
    mb = m / (1 - config['beta1'] ** config['t'])
    config['v'], config['a'] = m, v
    return w - config['learning_rate'] * mb / (np.sqrt(v) + config['epsilon']), config
""",
    ),
    (
        "adam_same_beta_in_both_corrections",
        "optim.adam",
        ["adam_beta1_in_both"],
        """
def adam(w, dw, config=None):
    if config is None: config = {}
    for k, d in [('learning_rate', 1e-3), ('beta1', 0.9), ('beta2', 0.999), ('epsilon', 1e-8), ('v', np.zeros_like(w)), ('a', np.zeros_like(w)), ('t', 0)]:
        config.setdefault(k, d)
    config['t'] += 1
    config['v'] = config['beta1'] * config['v'] + (1 - config['beta1']) * dw
    config['a'] = config['beta2'] * config['a'] + (1 - config['beta2']) * dw ** 2
    mb = config['v'] / (1 - config['beta1'] ** config['t'])
    vb = config['a'] / (1 - config['beta1'] ** config['t'])
    return w - config['learning_rate'] * mb / (np.sqrt(vb) + config['epsilon']), config
""",
    ),
    (
        "rmsprop_only_the_old_is_weighed",
        "optim.rmsprop",
        ["rmsprop_no_decay_of_the_old"],
        """
def rmsprop(w, dw, config=None):
    if config is None: config = {}
    config.setdefault('learning_rate', 1e-2)
    config.setdefault('decay_rate', 0.99)
    config.setdefault('epsilon', 1e-8)
    config.setdefault('a', np.zeros_like(w))
    config['a'] = config['a'] * config['decay_rate'] + np.square(dw)
    next_w = w - config['learning_rate'] * dw / np.sqrt(config['a'] + config['epsilon'])
    return next_w, config
""",
    ),
    (
        "full_trains_at_test_time",
        "fc_net.FullyConnectedNet.loss",
        ["full_never_in_test_mode"],
        """
def loss(self, X, y=None):
    X = X.astype(self.dtype)
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
        loss += 0.5 * self.reg * np.sum(self.params['W%d' % i] ** 2)
        grads['W%d' % i] += self.reg * self.params['W%d' % i]
    return loss, grads
""",
    ),
]
