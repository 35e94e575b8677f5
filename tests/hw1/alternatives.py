"""Right variants of the reference solution, unlike it in ways that no check may punish.

Patches as in `mistakes`; ``note`` says what is different.
"""

KNN, SOFTMAX, SVM = "nndl/knn.py", "nndl/softmax.py", "nndl/svm.py"
MODEL, COLUMNS = "nndl/linear_model.py", "nndl/linear_classifier.py"

KNN_LOOP = "dists[i, j] = norm(test - training)"
KNN_FAST = "return np.sqrt(np.maximum(squares - 2 * X @ self.X_train.T, 0))"
KNN_VOTE = "y_pred[i] = np.bincount(self.y_train[nearest]).argmax()"
SOFTMAX_SCORES = "        scores = X @ self.W.T\n        scores = scores - scores.max(axis=1, keepdims=True)\n"
SOFTMAX_LOG = "log_p = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))"
SOFTMAX_GRAD = "grad = dscores.T @ X / len(X)"
SVM_FAST_MASK = "        dscores = np.where(margins > 0, 1.0, 0.0)\n        dscores[rows, y] = -dscores.sum(axis=1)\n"
SAMPLE = "            chosen = np.random.choice(len(X), batch_size)\n"
STEP = "self.W -= learning_rate * grad"
PREDICT = "return (X @ self.W.T).argmax(axis=1)"
COLUMN_SAMPLE = "            chosen = np.random.choice(num_train, batch_size)\n"
COLUMN_SCORES = "    scores = W @ X\n    scores = scores - scores.max(axis=0)\n"
COLUMN_LOSS = "loss = -log_p[y, columns].mean() + 0.5 * reg * np.sum(W * W)"

VOTES = """\
y_pred = np.zeros(dists.shape[0], dtype=int)
for i in range(dists.shape[0]):
    idx = np.argsort(dists[i])[:k]
    votes = {}
    for j in idx:
        votes[self.y_train[j]] = votes.get(self.y_train[j], 0) + 1
    best = max(votes.values())
    y_pred[i] = min(label for label, count in votes.items() if count == best)
return y_pred
"""

COUNTED = """\
loss, grad = 0.0, np.zeros(self.W.shape)
N = X.shape[0]
for i in range(N):
    s = self.W.dot(X[i])
    count = 0
    for j in range(self.W.shape[0]):
        margin = s[j] - s[y[i]] + 1
        if j != y[i] and margin > 0:
            loss += margin
            grad[j] += X[i]
            count += 1
    grad[y[i]] -= count * X[i]
return loss / N, grad / N
"""


def _alternative(name, note, *patches):
    return {"name": name, "note": note, "patches": patches}


ALTERNATIVES = [
    _alternative(
        "knn_squared_distances",
        "squares of distances without loops",
        (KNN, KNN_FAST, "return squares - 2 * X @ self.X_train.T"),
    ),
    _alternative(
        "knn_squared_distances_everywhere",
        "squares of distances, by loops too",
        (KNN, "norm = np.linalg.norm\n", "norm = lambda v: np.sum(v**2)\n"),
        (KNN, KNN_FAST, "return squares - 2 * X @ self.X_train.T"),
    ),
    _alternative(
        "knn_nan_at_distance_0",
        "no protection from rounding: a remark",
        (KNN, KNN_FAST, "return np.sqrt(squares - 2 * X @ self.X_train.T)"),
    ),
    _alternative(
        "knn_fast_by_loops",
        "loops where none should be",
        (KNN, KNN_FAST, "return np.array([[np.linalg.norm(x - t) for t in self.X_train] for x in X])"),
    ),
    _alternative(
        "knn_fast_by_broadcasting",
        "all differences at once",
        (KNN, KNN_FAST, "return np.sqrt(((X[:, np.newaxis] - self.X_train) ** 2).sum(axis=2))"),
    ),
    _alternative(
        "knn_vote_by_unique",
        "labels as floats, counted by numpy.unique",
        (KNN, "y_pred = np.zeros(len(dists), dtype=int)", "y_pred = np.zeros(len(dists))"),
        (
            KNN,
            KNN_VOTE,
            "labels, counts = np.unique(self.y_train[nearest], return_counts=True)\n"
            "            y_pred[i] = labels[np.argmax(counts)]",
        ),
    ),
    _alternative(
        "knn_ties_to_the_nearest",
        "gives the nearest label where votes are equal: a remark",
        (
            KNN,
            KNN_VOTE,
            "labels = self.y_train[nearest].tolist()\n            y_pred[i] = max(labels, key=labels.count)",
        ),
    ),
    _alternative(
        "knn_ties_to_the_larger",
        "gives the larger label where votes are equal: a remark",
        (
            KNN,
            KNN_VOTE,
            "labels = sorted(self.y_train[nearest])[::-1]\n            y_pred[i] = max(labels, key=labels.count)",
        ),
    ),
    _alternative(
        "knn_vote_by_partition",
        "the k nearest in no order",
        (KNN, "np.argsort(row)[:k]", "np.argpartition(row, k - 1)[:k]"),
    ),
    _alternative(
        "softmax_log_of_p_plus_eps",
        "a small number inside the logarithm",
        (SOFTMAX, "loss -= np.log(p[label])", "loss -= np.log(p[label] + 1e-7)"),
        (SOFTMAX, "loss = -log_p[rows, y].mean()", "loss = -np.log(np.exp(log_p[rows, y]) + 1e-7).mean()"),
    ),
    _alternative(
        "softmax_unstable",
        "no shift before exp: a remark",
        (SOFTMAX, SOFTMAX_SCORES, "        scores = X @ self.W.T\n"),
        (SOFTMAX, SOFTMAX_LOG, "log_p = np.log(np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True))"),
        (SOFTMAX, "exps = np.exp(scores - scores.max())", "exps = np.exp(scores)"),
    ),
    _alternative(
        "softmax_fast_by_loops",
        "the fast method calls the slow one",
        (SOFTMAX, SOFTMAX_GRAD, "loss, grad = self.loss_and_grad(X, y)"),
    ),
    _alternative(
        "softmax_one_shift_for_all",
        "subtracts the largest score of the batch",
        (SOFTMAX, "scores - scores.max(axis=1, keepdims=True)", "scores - scores.max()"),
    ),
    _alternative(
        "softmax_loss_is_an_array",
        "losses with one entry",
        (SOFTMAX, SOFTMAX_GRAD, SOFTMAX_GRAD + "\n        loss = np.array([loss])"),
    ),
    _alternative(
        "softmax_one_hot",
        "a one-hot matrix",
        (SOFTMAX, "dscores[rows, y] -= 1", "dscores = dscores - np.eye(len(self.W))[y]"),
    ),
    _alternative(
        "svm_margins_of_zero_count",
        "margin >= 0",
        (
            SVM,
            "np.where(margins > 0, 1.0, 0.0)",
            "np.where(scores - scores[rows, y, np.newaxis] + 1 >= 0, 1.0, 0.0)\n        dscores[rows, y] = 0",
        ),
    ),
    _alternative(
        "svm_right_class_by_subtraction",
        "counts the right class, and takes its 1 off again",
        (
            SVM,
            "        margins[rows, y] = 0\n        loss = margins.sum() / len(X)\n",
            "        loss = margins.sum() / len(X) - 1\n        margins[rows, y] = 0\n",
        ),
    ),
    _alternative(
        "svm_integer_mask",
        "a mask of integers",
        (
            SVM,
            SVM_FAST_MASK,
            "        dscores = (margins > 0).astype(int)\n        dscores[rows, y] -= dscores.sum(axis=1)\n",
        ),
    ),
    _alternative(
        "svm_fast_by_loops",
        "the fast method calls the slow one",
        (SVM, "grad = dscores.T @ X / len(X)", "loss, grad = self.loss_and_grad(X, y)"),
    ),
    _alternative(
        "train_without_replacement",
        "minibatches without replacement",
        (MODEL, SAMPLE, "            chosen = np.random.permutation(len(X))[:batch_size]\n"),
    ),
    _alternative(
        "train_by_randint",
        "indices by numpy.random.randint",
        (MODEL, SAMPLE, "            chosen = np.random.randint(0, len(X), size=batch_size)\n"),
    ),
    _alternative(
        "train_draws_new_weights",
        "starts from new weights of its own",
        (
            MODEL,
            "        loss_history = []\n",
            "        self.W = 1e-4 * np.random.randn(np.max(y) + 1, X.shape[1])\n        loss_history = []\n",
        ),
    ),
    _alternative(
        "train_makes_a_new_array",
        "does not change W in place",
        (MODEL, STEP, "self.W = self.W - learning_rate * grad"),
        (MODEL, "loss_history.append(loss)", "loss_history.append(np.array([loss]))"),
    ),
    _alternative(
        "train_returns_an_array",
        "the losses as an array",
        (MODEL, "        return loss_history\n", "        return np.array(loss_history)\n"),
    ),
    _alternative(
        "predict_by_loop",
        "labels as a list of Python integers",
        (MODEL, PREDICT, "return [int(np.argmax(self.W @ x)) for x in X]"),
    ),
    _alternative(
        "predict_probabilities",
        "labels as floats, by probabilities",
        (
            MODEL,
            PREDICT,
            "p = np.exp(X @ self.W.T)\n        return (p / p.sum(axis=1, keepdims=True)).argmax(axis=1).astype(float)",
        ),
    ),
    _alternative(
        "columns_log_of_p_plus_eps",
        "a small number inside the logarithm",
        (COLUMNS, COLUMN_LOSS, COLUMN_LOSS.replace("log_p[y, columns]", "np.log(np.exp(log_p[y, columns]) + 1e-7)")),
        (COLUMNS, "loss -= np.log(p[y[n]])", "loss -= np.log(p[y[n]] + 1e-7)"),
    ),
    _alternative("columns_unstable", "no shift before exp: a remark", (COLUMNS, COLUMN_SCORES, "    scores = W @ X\n")),
    _alternative(
        "columns_regularise_by_norm",
        "regularises by the squared norm",
        (COLUMNS, COLUMN_LOSS, COLUMN_LOSS.replace("np.sum(W * W)", "np.linalg.norm(W) ** 2")),
    ),
    _alternative(
        "columns_by_rows",
        "transposes first",
        (COLUMNS, "    scores = W @ X\n    margins", "    scores = (X.T @ W.T).T\n    margins"),
    ),
    _alternative(
        "columns_without_replacement",
        "minibatches without replacement",
        (COLUMNS, COLUMN_SAMPLE, "            chosen = np.random.choice(num_train, batch_size, replace=False)\n"),
    ),
    _alternative(
        "knn_votes_in_a_dictionary",
        "counts votes in a dictionary",
        (KNN, "KNN.predict_labels()", VOTES),
    ),
    _alternative(
        "svm_counts_margins",
        "subtracts the right class's rows at the end of each example",
        (SVM, "SVM.loss_and_grad()", COUNTED),
    ),
]
