"""Wrong functions for hw1, written as students write them: no patches of the solution."""

WRONG = [
    (
        "softmax_loss_as_sum",
        "softmax.Softmax.loss",
        ["softmax_loss_summed"],
        """
def loss(self, X, y):
    total = 0
    for i in range(X.shape[0]):
        a = X[i].dot(self.W.T)
        a = a - np.max(a)
        total = total + np.log(np.sum(np.exp(a))) - a[y[i]]
    return total
""",
    ),
    (
        "softmax_minus_one_in_inner_loop",
        "softmax.Softmax.loss_and_grad",
        ["softmax_minus_one_in_the_wrong_loop"],
        """
def loss_and_grad(self, X, y):
    n, C = X.shape[0], self.W.shape[0]
    loss, grad = 0.0, np.zeros_like(self.W)
    for i in range(n):
        s = self.W.dot(X[i])
        p = np.exp(s - np.max(s))
        p = p / np.sum(p)
        loss += -np.log(p[y[i]])
        for j in range(C):
            grad[j, :] += p[j] * X[i]
            grad[y[i], :] -= X[i]
    return loss / n, grad / n
""",
    ),
    (
        "softmax_grad_total",
        "softmax.Softmax.loss_and_grad",
        ["softmax_gradient_not_averaged"],
        """
def loss_and_grad(self, X, y):
    n = X.shape[0]
    S = X.dot(self.W.T)
    P = np.exp(S) / np.exp(S).sum(axis=1, keepdims=True)
    loss = -np.log(P[np.arange(n), y]).mean()
    grad = np.zeros(self.W.shape)
    for i in range(n):
        for j in range(self.W.shape[0]):
            grad[j] += (P[i, j] - (1 if y[i] == j else 0)) * X[i]
    return loss, grad
""",
    ),
    (
        "softmax_fast_sign",
        "softmax.Softmax.fast_loss_and_grad",
        ["softmax_fast_negative"],
        """
def fast_loss_and_grad(self, X, y):
    n = X.shape[0]
    S = X.dot(self.W.T)
    S -= S.max(axis=1, keepdims=True)
    P = np.exp(S) / np.exp(S).sum(axis=1, keepdims=True)
    loss = -np.log(P[np.arange(n), y]).mean()
    T = np.eye(self.W.shape[0])[y]
    return loss, (T - P).T.dot(X) / n
""",
    ),
    (
        "softmax_fast_no_mean",
        "softmax.Softmax.fast_loss_and_grad",
        ["softmax_fast_not_averaged"],
        """
def fast_loss_and_grad(self, X, y):
    n = X.shape[0]
    S = np.matmul(X, self.W.T)
    e = np.exp(S - np.amax(S, axis=1).reshape(-1, 1))
    P = e / np.sum(e, axis=1).reshape(-1, 1)
    loss = np.sum(-np.log(P[range(n), y])) / n
    P[range(n), y] -= 1
    return loss, np.matmul(P.T, X)
""",
    ),
    (
        "softmax_fast_other_shape",
        "softmax.Softmax.fast_loss_and_grad",
        ["softmax_fast_transposed"],
        """
def fast_loss_and_grad(self, X, y):
    n = X.shape[0]
    S = np.matmul(X, self.W.T)
    e = np.exp(S - np.amax(S, axis=1).reshape(-1, 1))
    P = e / np.sum(e, axis=1).reshape(-1, 1)
    loss = np.sum(-np.log(P[range(n), y])) / n
    P[range(n), y] -= 1
    return loss, np.matmul(X.T, P) / n
""",
    ),
    (
        "softmax_fast_axis",
        "softmax.Softmax.fast_loss_and_grad",
        ["softmax_fast_wrong_axis", "softmax_fast_wrong_axis_unshifted"],
        """
def fast_loss_and_grad(self, X, y):
    n = X.shape[0]
    e = np.exp(X.dot(self.W.T))
    P = e / e.sum(0)
    loss = -np.log(P[np.arange(n), y]).sum() / n
    G = P.copy()
    G[np.arange(n), y] -= 1
    return loss, G.T.dot(X) / n
""",
    ),
    (
        "svm_margin_above_zero",
        "svm.SVM.loss",
        ["svm_loss_of_lower_scores", "svm_loss_without_margin"],
        """
def loss(self, X, y):
    total = 0.0
    for i in range(len(X)):
        s = self.W.dot(X[i])
        for j in range(len(s)):
            if j == y[i]:
                continue
            d = s[j] - s[y[i]]
            if d > 0:
                total += d + 1
    return total / len(X)
""",
    ),
    (
        "svm_counts_right_class",
        "svm.SVM.loss",
        ["svm_loss_of_the_right_class_too"],
        """
def loss(self, X, y):
    S = X.dot(self.W.T)
    correct = S[np.arange(len(X)), y].reshape(-1, 1)
    return np.mean(np.sum(np.maximum(0, S - correct + 1), axis=1))
""",
    ),
    (
        "svm_right_row_forgotten",
        "svm.SVM.loss_and_grad",
        ["svm_gradient_of_wrong_classes_only"],
        """
def loss_and_grad(self, X, y):
    n, loss, G = X.shape[0], 0.0, np.zeros(self.W.shape)
    for i in range(n):
        s = self.W.dot(X[i, :])
        for j in range(self.W.shape[0]):
            m = s[j] - s[y[i]] + 1
            if m > 0 and j != y[i]:
                loss += m
                G[j, :] = G[j, :] + X[i, :]
    return loss / n, G / n
""",
    ),
    (
        "svm_grad_over_batch_missing",
        "svm.SVM.loss_and_grad",
        ["svm_gradient_not_averaged"],
        """
def loss_and_grad(self, X, y):
    n, loss, G = X.shape[0], 0.0, np.zeros(self.W.shape)
    for i in range(n):
        s = self.W.dot(X[i, :])
        count = 0
        for j in range(self.W.shape[0]):
            if j != y[i] and s[j] - s[y[i]] + 1 > 0:
                loss += s[j] - s[y[i]] + 1
                G[j] += X[i]
                count += 1
        G[y[i]] -= count * X[i]
    return loss / n, G
""",
    ),
    (
        "svm_fast_one_subtraction",
        "svm.SVM.fast_loss_and_grad",
        ["svm_fast_subtracts_once"],
        """
def fast_loss_and_grad(self, X, y):
    n = X.shape[0]
    S = X.dot(self.W.T)
    M = np.maximum(0, S - S[np.arange(n), y][:, None] + 1)
    M[np.arange(n), y] = 0
    loss = np.sum(M) / n
    M[M > 0] = 1
    M[np.arange(n), y] = -1
    return loss, M.T.dot(X) / n
""",
    ),
    (
        "svm_fast_margins_as_mask",
        "svm.SVM.fast_loss_and_grad",
        ["svm_fast_mask_is_the_margin"],
        """
def fast_loss_and_grad(self, X, y):
    n = X.shape[0]
    S = X.dot(self.W.T)
    M = np.maximum(0, S - S[np.arange(n), y][:, None] + 1)
    M[np.arange(n), y] = 0
    loss = np.sum(M) / n
    G = M.copy()
    G[np.arange(n), y] = -np.sum(G, axis=1)
    return loss, G.T.dot(X) / n
""",
    ),
    (
        "svm_fast_sum",
        "svm.SVM.fast_loss_and_grad",
        ["svm_fast_not_averaged"],
        """
def fast_loss_and_grad(self, X, y):
    n = X.shape[0]
    S = X.dot(self.W.T)
    M = S - S[np.arange(n), y].reshape(n, 1) + 1
    M[np.arange(n), y] = 0
    M = M.clip(min=0)
    A = (M > 0).astype(float)
    A[np.arange(n), y] = -A.sum(axis=1)
    return M.sum() / n, A.T.dot(X)
""",
    ),
    (
        "knn_two_forgotten",
        "knn.KNN.compute_L2_distances_vectorized",
        ["knn_product_once"],
        """
def compute_L2_distances_vectorized(self, X):
    a = np.square(X).sum(axis=1).reshape(-1, 1)
    b = np.square(self.X_train).sum(axis=1).reshape(1, -1)
    return np.sqrt(np.maximum(a + b - np.dot(X, self.X_train.T), 0))
""",
    ),
    (
        "knn_first_neighbour",
        "knn.KNN.predict_labels",
        ["knn_nearest_only"],
        """
def predict_labels(self, dists, k=1):
    out = np.zeros(dists.shape[0])
    for i in range(dists.shape[0]):
        out[i] = self.y_train[np.argmin(dists[i])]
    return out
""",
    ),
    (
        "knn_farthest_neighbours",
        "knn.KNN.predict_labels",
        ["knn_farthest"],
        """
def predict_labels(self, dists, k=1):
    out = np.zeros(dists.shape[0], dtype=int)
    for i in range(dists.shape[0]):
        order = np.argsort(dists[i])[::-1]
        votes = list(self.y_train[order[:k]])
        out[i] = max(sorted(set(votes)), key=votes.count)
    return out
""",
    ),
    (
        "naive_softmax_no_regularisation",
        "linear_classifier.softmax_loss_naive",
        ["naive_softmax_ignores_reg"],
        """
def softmax_loss_naive(W, X, y, reg):
    D, N = X.shape
    loss, dW = 0.0, np.zeros_like(W)
    for i in range(N):
        f = np.dot(W, X[:, i])
        f -= np.max(f)
        p = np.exp(f) / np.sum(np.exp(f))
        loss += -np.log(p[y[i]])
        p[y[i]] -= 1
        dW += np.outer(p, X[:, i])
    return loss / N, dW / N
""",
    ),
    (
        "fast_softmax_reg_without_half",
        "linear_classifier.softmax_loss_vectorized",
        ["fast_softmax_no_half"],
        """
def softmax_loss_vectorized(W, X, y, reg):
    D, N = X.shape
    f = np.dot(W, X)
    f = f - np.max(f, axis=0)
    P = np.exp(f) / np.sum(np.exp(f), axis=0)
    loss = np.mean(-np.log(P[y, np.arange(N)])) + reg * np.sum(W ** 2)
    P[y, np.arange(N)] -= 1
    return loss, np.dot(P, X.T) / N + reg * W
""",
    ),
    (
        "fast_softmax_grad_reg_missing",
        "linear_classifier.softmax_loss_vectorized",
        ["fast_softmax_gradient_ignores_reg"],
        """
def softmax_loss_vectorized(W, X, y, reg):
    D, N = X.shape
    f = np.dot(W, X)
    P = np.exp(f - np.max(f)) / np.sum(np.exp(f - np.max(f)), axis=0)
    loss = -np.sum(np.log(P[y, np.arange(N)])) / N + 0.5 * reg * np.sum(W * W)
    T = np.zeros_like(P)
    T[y, np.arange(N)] = 1
    return loss, (P - T).dot(X.T) / N
""",
    ),
    (
        "fast_softmax_divided_by_d",
        "linear_classifier.softmax_loss_vectorized",
        ["fast_softmax_divides_by_features"],
        """
def softmax_loss_vectorized(W, X, y, reg):
    N = X.shape[0]
    n = X.shape[1]
    f = np.dot(W, X)
    f -= f.max(0)
    P = np.exp(f) / np.exp(f).sum(0)
    loss = -np.log(P[y, range(n)]).sum() / N + 0.5 * reg * (W * W).sum()
    P[y, range(n)] -= 1
    return loss, P.dot(X.T) / N + reg * W
""",
    ),
    (
        "svm_naive_delta_missing",
        "linear_classifier.svm_loss_naive",
        ["naive_svm_without_margin"],
        """
def svm_loss_naive(W, X, y, reg):
    dW, loss = np.zeros(W.shape), 0.0
    C, N = W.shape[0], X.shape[1]
    for i in range(N):
        s = W.dot(X[:, i])
        for j in range(C):
            if j == y[i]: continue
            margin = s[j] - s[y[i]]
            if margin > 0:
                loss += margin
                dW[j] += X[:, i]
                dW[y[i]] -= X[:, i]
    return loss / N + 0.5 * reg * np.sum(W * W), dW / N + reg * W
""",
    ),
]
