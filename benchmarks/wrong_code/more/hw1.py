"""Wrong functions for hw1, after questions that students ask: no patches of the solution."""

WRONG = [
    (
        "softmax_max_over_the_batch",
        "softmax.Softmax.fast_loss_and_grad",
        ["softmax_fast_largest_of_the_batch"],
        """
def fast_loss_and_grad(self, X, y):
    N = X.shape[0]
    scores = X.dot(self.W.T)
    scores -= np.max(scores, axis=0)
    probs = np.exp(scores) / np.sum(np.exp(scores), axis=1, keepdims=True)
    loss = np.mean(-np.log(probs[np.arange(N), y]))
    probs[np.arange(N), y] -= 1
    return loss, probs.T.dot(X) / N
""",
    ),
    (
        "softmax_minus_one_in_columns",
        "softmax.Softmax.fast_loss_and_grad",
        ["softmax_fast_minus_one_everywhere"],
        """
def fast_loss_and_grad(self, X, y):
    N = X.shape[0]
    scores = X.dot(self.W.T)
    scores -= np.max(scores, axis=1, keepdims=True)
    probs = np.exp(scores) / np.sum(np.exp(scores), axis=1, keepdims=True)
    loss = np.mean(-np.log(probs[np.arange(N), y]))
    probs[:, y] -= 1
    return loss, np.dot(probs.T, X) / N
""",
    ),
    (
        "softmax_log_of_scores",
        "softmax.Softmax.loss",
        [],
        """
def loss(self, X, y):
    N, loss = X.shape[0], 0.0
    for i in range(N):
        f = self.W.dot(X[i])
        f -= f.max()
        loss += -f[y[i]]
    return loss / N
""",
    ),
    (
        "softmax_gradient_of_right_class_only",
        "softmax.Softmax.loss_and_grad",
        ["softmax_gradient_of_the_right_class_only"],
        """
def loss_and_grad(self, X, y):
    N, loss, grad = X.shape[0], 0.0, np.zeros_like(self.W)
    for i in range(N):
        f = self.W.dot(X[i])
        p = np.exp(f - f.max()) / np.sum(np.exp(f - f.max()))
        loss -= np.log(p[y[i]])
        grad[y[i]] += (p[y[i]] - 1) * X[i]
    return loss / N, grad / N
""",
    ),
    (
        "svm_forgets_to_zero_the_right_class",
        "svm.SVM.fast_loss_and_grad",
        ["svm_fast_counts_the_right_class"],
        """
def fast_loss_and_grad(self, X, y):
    N = X.shape[0]
    scores = np.matmul(X, self.W.T)
    margins = np.maximum(0, scores - scores[range(N), list(y)].reshape(-1, 1) + 1)
    loss = margins.sum() / N
    mask = np.zeros(margins.shape)
    mask[margins > 0] = 1
    mask[range(N), list(y)] = 0
    mask[range(N), list(y)] = -mask.sum(axis=1)
    return loss, np.matmul(mask.T, X) / N
""",
    ),
    (
        "svm_subtracts_after_the_loop",
        "svm.SVM.loss_and_grad",
        ["svm_gradient_subtracts_once"],
        """
def loss_and_grad(self, X, y):
    loss, dW = 0.0, np.zeros(self.W.shape)
    for i in range(X.shape[0]):
        scores = self.W.dot(X[i])
        for j in range(self.W.shape[0]):
            if j == y[i]:
                continue
            margin = scores[j] - scores[y[i]] + 1
            if margin > 0:
                loss += margin
                dW[j] += X[i]
        dW[y[i]] -= X[i]
    return loss / X.shape[0], dW / X.shape[0]
""",
    ),
    (
        "svm_twice_the_regularisation",
        "linear_classifier.svm_loss_vectorized",
        ["fast_svm_no_half"],
        """
def svm_loss_vectorized(W, X, y, reg):
    N = X.shape[1]
    scores = W.dot(X)
    margins = np.maximum(0, scores - scores[y, np.arange(N)] + 1)
    margins[y, np.arange(N)] = 0
    loss = margins.sum() / N + reg * np.sum(W * W)
    ind = (margins > 0).astype(float)
    ind[y, np.arange(N)] = -ind.sum(axis=0)
    return loss, ind.dot(X.T) / N + 2 * reg * W
""",
    ),
    (
        "svm_naive_gradient_of_reg_missing",
        "linear_classifier.svm_loss_naive",
        ["naive_svm_gradient_ignores_reg"],
        """
def svm_loss_naive(W, X, y, reg):
    dW, loss = np.zeros(W.shape), 0.0
    N = X.shape[1]
    for i in range(N):
        s = W.dot(X[:, i])
        for j in range(W.shape[0]):
            m = s[j] - s[y[i]] + 1
            if j != y[i] and m > 0:
                loss += m
                dW[j, :] += X[:, i].T
                dW[y[i], :] -= X[:, i].T
    loss /= N
    dW /= N
    loss += 0.5 * reg * np.sum(W * W)
    return loss, dW
""",
    ),
    (
        "knn_skips_itself",
        "knn.KNN.predict_labels",
        ["knn_leaves_the_nearest_out"],
        """
def predict_labels(self, dists, k=1):
    n = dists.shape[0]
    y_pred = np.zeros(n)
    for i in range(n):
        closest_y = self.y_train[np.argsort(dists[i])[1:k + 1]]
        y_pred[i] = np.argmax(np.bincount(closest_y.astype(int)))
    return y_pred
""",
    ),
    (
        "knn_no_new_axis",
        "knn.KNN.compute_L2_distances_vectorized",
        [],
        """
def compute_L2_distances_vectorized(self, X):
    return np.sqrt(np.sum(X ** 2, axis=1) + np.sum(self.X_train ** 2, axis=1) - 2 * X.dot(self.X_train.T))
""",
    ),
    (
        "train_indices_of_features",
        "linear_model.LinearModel.train",
        [],
        """
def train(self, X, y, learning_rate=1e-3, num_iters=100, batch_size=200, verbose=False):
    losses = []
    for it in range(num_iters):
        idx = np.random.choice(X.shape[1], batch_size)
        loss, grad = self.fast_loss_and_grad(X[idx], y[idx])
        losses.append(loss)
        self.W = self.W - learning_rate * grad
    return losses
""",
    ),
]
