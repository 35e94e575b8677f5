"""Wrong functions for hw1, as students hand them in: no patches of the solution."""

WRONG = [
    # The argument norm is ignored: the distance is always Euclidean.
    (
        "knn_norm_argument_ignored",
        "knn.KNN.compute_distances",
        ["knn_ignores_the_norm"],
        """
def compute_distances(self, X, norm=None):
    num_test = X.shape[0]
    num_train = self.X_train.shape[0]
    dists = np.zeros((num_test, num_train))
    for i in range(num_test):
        for j in range(num_train):
            diff = X[i, :] - self.X_train[j, :]
            dists[i, j] = np.sqrt(np.sum(np.square(diff)))
    return dists
""",
    ),
    # The cross term of (a - b)^2 has no factor 2.
    (
        "knn_cross_term_without_2",
        "knn.KNN.compute_L2_distances_vectorized",
        ["knn_product_once"],
        """
def compute_L2_distances_vectorized(self, X):
    # (a-b)^2 = a^2 - ab + b^2
    a2 = (X ** 2).sum(axis=1).reshape(-1, 1)
    b2 = (self.X_train ** 2).sum(axis=1)
    ab = np.dot(X, self.X_train.T)
    dists = np.sqrt(a2 - ab + b2)
    return dists
""",
    ),
    # Sorts along the test examples (axis 0) and not along the training examples.
    (
        "knn_argsort_axis_0",
        "knn.KNN.predict_labels",
        ["knn_sorts_columns"],
        """
def predict_labels(self, dists, k=1):
    num_test = dists.shape[0]
    y_pred = np.zeros(num_test, dtype=int)
    order = np.argsort(dists, axis=0)
    for i in range(num_test):
        closest_y = self.y_train[order[i, :k]]
        counts = np.bincount(closest_y)
        y_pred[i] = np.argmax(counts)
    return y_pred
""",
    ),
    # The maximum is subtracted in the normaliser only, and not from the right class's score.
    (
        "softmax_shift_in_one_place",
        "softmax.Softmax.loss",
        ["softmax_loss_shift_in_the_sum_only"],
        """
def loss(self, X, y):
    loss = 0.0
    num_samples = X.shape[0]
    for i in range(num_samples):
        f = np.dot(self.W, X[i].T)
        logC = -np.max(f)
        denom = np.sum(np.exp(f + logC))
        # -log(e^fy / sum) = -fy + log(sum)
        loss += -f[y[i]] + np.log(denom)
    loss = loss / num_samples
    return loss
""",
    ),
    # The right class gets -x alone, its own probability is left out (if / else in place of p - 1).
    (
        "softmax_right_class_without_p",
        "softmax.Softmax.loss_and_grad",
        ["softmax_right_class_without_p"],
        """
def loss_and_grad(self, X, y):
    loss = 0.0
    grad = np.zeros_like(self.W)
    n = X.shape[0]
    C = self.W.shape[0]
    for i in range(n):
        s = self.W.dot(X[i])
        s = s - s.max()
        e = np.exp(s)
        total = 0.0
        for j in range(C):
            total += e[j]
        loss += -np.log(e[y[i]] / total)
        for j in range(C):
            if j == y[i]:
                grad[j, :] -= X[i]
            else:
                grad[j, :] += (e[j] / total) * X[i]
    loss /= n
    grad /= n
    return loss, grad
""",
    ),
    # probs[:, y] -= 1 takes 1 from all rows (once per class that occurs), not from each row's own label.
    (
        "softmax_minus_one_in_all_rows",
        "softmax.Softmax.fast_loss_and_grad",
        ["softmax_fast_minus_one_everywhere"],
        """
def fast_loss_and_grad(self, X, y):
    num_train = X.shape[0]
    a = X.dot(self.W.T)
    a -= np.max(a, axis=1)[:, None]
    ea = np.exp(a)
    probs = ea / np.sum(ea, axis=1)[:, None]
    loss = np.mean(-np.log(probs[range(num_train), y]))
    dA = probs.copy()
    dA[:, y] -= 1
    grad = np.dot(dA.T, X) / num_train
    return loss, grad
""",
    ),
    # Two mistakes: the batch is always the first batch_size examples, and the step goes up the gradient.
    (
        "linear_train_first_batch_and_ascent",
        "linear_model.LinearModel.train",
        ["train_ascends"],
        """
def train(self, X, y, learning_rate=1e-3, num_iters=100, batch_size=200, verbose=False):
    loss_history = []
    for it in range(num_iters):
        # get a minibatch
        X_batch = X[0:batch_size]
        y_batch = y[0:batch_size]

        loss, grad = self.fast_loss_and_grad(X_batch, y_batch)
        loss_history.append(loss)

        # gradient step
        self.W = self.W + learning_rate * grad

        if verbose and it % 100 == 0:
            print('iteration {} / {}: loss {}'.format(it, num_iters, loss))
    return loss_history
""",
    ),
    # Returns the highest score itself, not which class has it.
    (
        "linear_predict_max_for_argmax",
        "linear_model.LinearModel.predict",
        ["predict_scores"],
        """
def predict(self, X):
    y_pred = np.zeros(X.shape[0])
    for i in range(X.shape[0]):
        scores = self.W @ X[i]
        y_pred[i] = np.amax(scores)
    return y_pred.astype(int)
""",
    ),
    # The right class is counted too: every example costs 1 more.
    (
        "svm_counts_right_class",
        "svm.SVM.loss",
        ["svm_loss_of_the_right_class_too"],
        """
def loss(self, X, y):
    num_classes = self.W.shape[0]
    num_train = X.shape[0]
    total = 0.0
    for i in range(num_train):
        a = np.dot(self.W, X[i])
        for j in range(num_classes):
            hinge = 1 + a[j] - a[y[i]]
            total += max(0, hinge)
    return total / num_train
""",
    ),
    # x is subtracted from the right class's row once per example, not once for every class over the margin.
    (
        "svm_right_class_once_per_example",
        "svm.SVM.loss_and_grad",
        ["svm_gradient_subtracts_once"],
        """
def loss_and_grad(self, X, y):
    loss = 0.0
    grad = np.zeros_like(self.W)
    N = len(y)
    for i in range(N):
        scores = self.W.dot(X[i])
        violated = False
        for j in range(self.W.shape[0]):
            if j == y[i]:
                continue
            margin = scores[j] - scores[y[i]] + 1.0
            if margin > 0:
                loss += margin
                grad[j] += X[i]
                violated = True
        if violated:
            grad[y[i]] -= X[i]
    return loss / N, grad / N
""",
    ),
    # The gradient is weighted by the size of the margins: they were never turned into 0 and 1.
    (
        "svm_margins_as_mask",
        "svm.SVM.fast_loss_and_grad",
        ["svm_fast_mask_is_the_margin"],
        """
def fast_loss_and_grad(self, X, y):
    N = X.shape[0]
    scores = np.dot(X, self.W.T)
    correct = scores[np.arange(N), y].reshape(N, 1)
    hinge = np.maximum(0, scores - correct + 1)
    hinge[np.arange(N), y] = 0
    loss = np.sum(hinge) / N

    ind = hinge
    row_sum = np.sum(ind, axis=1)
    ind[np.arange(N), y] = -row_sum.T
    grad = ind.T.dot(X) / N
    return loss, grad
""",
    ),
    # The regularisation is added before the division by N, in the loss and in the gradient.
    (
        "softmax_naive_reg_divided_by_n",
        "linear_classifier.softmax_loss_naive",
        ["naive_softmax_averages_reg"],
        """
def softmax_loss_naive(W, X, y, reg):
    loss = 0.0
    dW = np.zeros_like(W)
    num_class = W.shape[0]
    num_train = X.shape[1]
    for i in range(num_train):
        score = W.dot(X[:, i])
        score -= np.max(score)
        prob = np.exp(score) / np.sum(np.exp(score))
        loss += -np.log(prob[y[i]])
        for k in range(num_class):
            dW[k] += prob[k] * X[:, i]
        dW[y[i]] -= X[:, i]
    loss += 0.5 * reg * np.sum(W ** 2)
    dW += reg * W
    loss /= num_train
    dW /= num_train
    return loss, dW
""",
    ),
    # The shift is each class's maximum over the examples (axis 1 of (C, N)), which changes the probabilities.
    (
        "softmax_vectorized_shift_per_class",
        "linear_classifier.softmax_loss_vectorized",
        ["fast_softmax_largest_over_examples"],
        """
def softmax_loss_vectorized(W, X, y, reg):
    N = X.shape[1]
    f = W.dot(X)
    # numeric stability
    f -= np.max(f, axis=1, keepdims=True)
    p = np.exp(f) / np.sum(np.exp(f), axis=0, keepdims=True)
    loss = -np.sum(np.log(p[y, np.arange(N)])) / N
    loss += 0.5 * reg * np.sum(W * W)
    p[y, np.arange(N)] -= 1
    dW = p.dot(X.T) / N
    dW += reg * W
    return loss, dW
""",
    ),
    # The 0.5 of the loss is copied to the gradient of the regularisation.
    (
        "svm_naive_half_reg_gradient",
        "linear_classifier.svm_loss_naive",
        [],
        """
def svm_loss_naive(W, X, y, reg):
    dW = np.zeros(W.shape)
    num_classes = W.shape[0]
    num_train = X.shape[1]
    loss = 0.0
    for i in range(num_train):
        scores = W.dot(X[:, i])
        correct_class_score = scores[y[i]]
        for j in range(num_classes):
            if j == y[i]:
                continue
            margin = scores[j] - correct_class_score + 1
            if margin > 0:
                loss += margin
                dW[j, :] += X[:, i].T
                dW[y[i], :] -= X[:, i].T
    loss /= num_train
    dW /= num_train
    loss += 0.5 * reg * np.sum(W * W)
    dW += 0.5 * reg * W
    return loss, dW
""",
    ),
    # Two mistakes: the right class gets -1, not minus the number of margins; no 0.5 in the regularisation of the loss.
    (
        "svm_vectorized_minus_one_and_full_reg",
        "linear_classifier.svm_loss_vectorized",
        ["fast_svm_no_half"],
        """
def svm_loss_vectorized(W, X, y, reg):
    num_train = X.shape[1]
    S = W @ X
    right = S[y, range(num_train)]
    M = S - right + 1
    M[y, range(num_train)] = 0
    M[M < 0] = 0
    loss = M.sum() / num_train + reg * (W ** 2).sum()

    G = np.zeros(M.shape)
    G[M > 0] = 1
    G[y, range(num_train)] = -1
    dW = G @ X.T / num_train + reg * W
    return loss, dW
""",
    ),
    # Minibatches are consecutive slices that never start again: after one epoch they are empty.
    (
        "linear_classifier_batches_run_out",
        "linear_classifier.LinearClassifier.train",
        [],
        """
def train(self, X, y, learning_rate=1e-3, reg=1e-5, num_iters=100, batch_size=200, verbose=False):
    dim, num_train = X.shape
    num_classes = np.max(y) + 1
    if self.W is None:
        self.W = 1e-3 * np.random.randn(num_classes, dim)

    # shuffle once, then take one batch after the other
    perm = np.random.permutation(num_train)
    loss_history = []
    for it in range(num_iters):
        idx = perm[it * batch_size:(it + 1) * batch_size]
        X_batch = X[:, idx]
        y_batch = y[idx]
        loss, grad = self.loss(X_batch, y_batch, reg)
        loss_history.append(loss)
        self.W += -learning_rate * grad
        if verbose and it % 100 == 0:
            print('iteration %d / %d: loss %f' % (it, num_iters, loss))
    return loss_history
""",
    ),
]
