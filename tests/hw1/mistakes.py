"""Wrong variants of the reference solution, each of which the suite must catch, in its own question only.

A variant is a list of patches ``(file, old, new)``: text of a file below solutions/, which occurs there
exactly once, and what stands there instead. ``hint`` says what the student did.
"""

# By question, the beginnings of the names of the holes that it is about.
HOLES = {
    "knn": ("nndl.knn",),
    "softmax": ("nndl.softmax",),
    "svm": ("nndl.svm",),
    "training": ("nndl.linear_model",),
    "losses": (
        "nndl.linear_classifier.softmax_loss",
        "nndl.linear_classifier.svm_loss",
    ),
    "linear_classifier": ("nndl.linear_classifier.LinearClassifier",),
}

# Where students read what a question is about: a notebook of theirs, and a heading in it.
READ = {
    "knn": "knn.ipynb, Distances",
    "softmax": "softmax.ipynb, Gradient",
    "svm": "svm.ipynb, Gradient",
    "training": "softmax.ipynb, Training",
    "losses": "vectorized.ipynb, Regularised losses",
    "linear_classifier": "vectorized.ipynb, Training",
}

# Mistakes that agree with themselves, which no check of their question may let pass.
ONLY_WITH_THEMSELVES = ["knn_nothing", "softmax_nothing", "svm_nothing", "losses_nothing"]

FILES = {
    "knn": "nndl/knn.py",
    "softmax": "nndl/softmax.py",
    "svm": "nndl/svm.py",
    "training": "nndl/linear_model.py",
    "losses": "nndl/linear_classifier.py",
    "linear_classifier": "nndl/linear_classifier.py",
}

# Lines of the reference that several variants change. Those of loops have their counterpart without loops elsewhere.
KNN_LOOP = "dists[i, j] = norm(test - training)"
KNN_FAST = "return np.sqrt(np.maximum(squares - 2 * X @ self.X_train.T, 0))"
KNN_NEAREST = "nearest = np.argsort(row)[:k]"
KNN_VOTE = "y_pred[i] = np.bincount(self.y_train[nearest]).argmax()"
SOFTMAX_LOSS = "loss += np.log(np.sum(np.exp(scores))) - scores[label]\n        loss /= len(X)\n"
SOFTMAX_ROW = "                grad[c] += p[c] * x\n            grad[label] -= x\n"
SOFTMAX_DIVIDED = "        loss /= len(X)\n        grad /= len(X)\n"
SOFTMAX_FAST = "grad = dscores.T @ X / len(X)"
SOFTMAX_MEAN = "loss = -log_p[rows, y].mean()"
SVM_LOSS = "                if c != label:\n                    loss += max(0.0, 1 + score - scores[label])\n"
SVM_MARGIN = "margin = 1 + score - scores[label]"
SVM_GRADIENT = "                    grad[c] += x\n                    grad[label] -= x\n"
SVM_FAST_MARGINS = "margins = np.maximum(0, 1 + scores - scores[rows, y, np.newaxis])"
SVM_FAST_MASK = "dscores = np.where(margins > 0, 1.0, 0.0)"
SVM_FAST_OWN = "dscores[rows, y] = -dscores.sum(axis=1)"
TRAIN_SAMPLE = "            X_batch, y_batch = X[chosen], y[chosen]\n"
TRAIN_STEP = "self.W -= learning_rate * grad"
TRAIN_PREDICT = "return (X @ self.W.T).argmax(axis=1)"
NAIVE_SOFTMAX_ROW = "dW[c] += (p[c] - (c == y[n])) * X[:, n]"
FAST_SOFTMAX_LOSS = "loss = -log_p[y, columns].mean() + 0.5 * reg * np.sum(W * W)"
FAST_SOFTMAX_DW = "    dscores[y, columns] -= 1\n    dW = dscores @ X.T / X.shape[1] + reg * W\n"
FAST_SVM_LOSS = "loss = margins.sum() / X.shape[1] + 0.5 * reg * np.sum(W * W)"
FAST_SVM_MARGINS = "margins = np.maximum(0, 1 + scores - scores[y, columns])"
FAST_SVM_DW = "    dscores[y, columns] = -dscores.sum(axis=0)\n    dW = dscores @ X.T / X.shape[1] + reg * W\n"
NAIVE_SVM_MARGIN = "margin = 1 + scores[c] - scores[y[n]]"
NAIVE_SVM_ROWS = "                dW[c] += X[:, n]\n                dW[y[n]] -= X[:, n]\n"
COLUMNS_SAMPLE = "            X_batch, y_batch = X[:, chosen], y[chosen]\n"
COLUMNS_PREDICT = "return (self.W @ X).argmax(axis=0)"
NAIVE_END = "    loss = loss / num_train + 0.5 * reg * np.sum(W * W)\n    dW = dW / num_train + reg * W\n"
# The two naive losses end alike; what comes before tells them apart.
NAIVE_SOFTMAX_END = "            " + NAIVE_SOFTMAX_ROW + "\n" + NAIVE_END
NAIVE_SVM_END = NAIVE_SVM_ROWS + NAIVE_END


def _mistake(question, name, hint, *replacements):
    patches = [(FILES[question], old, new) for old, new in replacements]
    return {"name": name, "question": question, "hint": hint, "patches": patches}


MISTAKES = [
    # knn
    _mistake(
        "knn",
        "knn_nothing",
        "returns zeros, and the same label for all",
        (KNN_LOOP, "dists[i, j] = 0"),
        (KNN_FAST, "return 0 * squares"),
        (KNN_VOTE, "y_pred[i] = 7"),
    ),
    _mistake(
        "knn", "knn_ignores_the_norm", "ignores the norm", (KNN_LOOP, KNN_LOOP.replace("norm(", "np.linalg.norm("))
    ),
    _mistake(
        "knn", "knn_distance_of_sizes", "subtracts norms", (KNN_LOOP, "dists[i, j] = norm(test) - norm(training)")
    ),
    _mistake("knn", "knn_plus", "adds the product of both", (KNN_FAST, KNN_FAST.replace("squares - 2", "squares + 2"))),
    _mistake("knn", "knn_product_once", "forgets the 2", (KNN_FAST, KNN_FAST.replace("2 * X", "X"))),
    _mistake("knn", "knn_without_training_squares", "leaves |t|^2 out", (" + np.sum(self.X_train**2, axis=1)", "")),
    _mistake(
        "knn",
        "knn_one_sum_for_all",
        "sums squares over everything",
        ("+ np.sum(self.X_train**2, axis=1)", "+ np.sum(self.X_train**2)"),
    ),
    _mistake("knn", "knn_transposed", "has a row for each training example", (KNN_FAST, KNN_FAST + ".T")),
    _mistake(
        "knn", "knn_one_too_many", "asks k + 1 neighbours", (KNN_NEAREST, KNN_NEAREST.replace("[:k]", "[: k + 1]"))
    ),
    _mistake(
        "knn",
        "knn_leaves_the_nearest_out",
        "starts at the second neighbour",
        (KNN_NEAREST, KNN_NEAREST.replace("[:k]", "[1 : k + 1]")),
    ),
    _mistake("knn", "knn_farthest", "asks the farthest", (KNN_NEAREST, KNN_NEAREST.replace("[:k]", "[-k:]"))),
    _mistake(
        "knn", "knn_nearest_only", "asks the nearest, whatever k is", (KNN_NEAREST, KNN_NEAREST.replace("[:k]", "[:1]"))
    ),
    _mistake(
        "knn",
        "knn_indices_vote",
        "counts indices, not labels",
        (KNN_VOTE, KNN_VOTE.replace("self.y_train[nearest]", "nearest")),
    ),
    _mistake(
        "knn", "knn_count_of_votes", "returns how many votes there are", (KNN_VOTE, KNN_VOTE.replace("argmax", "max"))
    ),
    _mistake(
        "knn", "knn_mean_label", "averages labels", (KNN_VOTE, "y_pred[i] = round(np.mean(self.y_train[nearest]))")
    ),
    _mistake(
        "knn",
        "knn_rarest_label",
        "takes the label with the fewest votes",
        (KNN_VOTE, KNN_VOTE.replace("argmax", "argmin")),
    ),
    # softmax
    _mistake(
        "softmax",
        "softmax_nothing",
        "returns zeros",
        (SOFTMAX_LOSS, "pass\n"),
        (SOFTMAX_DIVIDED, "        loss, grad = 0.0, 0 * grad\n"),
        (SOFTMAX_FAST, "loss, grad = 0.0, np.zeros(self.W.shape)"),
    ),
    _mistake(
        "softmax",
        "softmax_loss_summed",
        "sums the loss over the batch",
        (SOFTMAX_LOSS, SOFTMAX_LOSS.replace("        loss /= len(X)\n", "")),
    ),
    _mistake(
        "softmax",
        "softmax_loss_positive",
        "has the sign wrong",
        (SOFTMAX_LOSS, SOFTMAX_LOSS.replace("loss += ", "loss -= ")),
    ),
    _mistake(
        "softmax",
        "softmax_loss_no_log",
        "forgets the logarithm",
        (SOFTMAX_LOSS, "loss += 1 - np.exp(scores[label]) / np.sum(np.exp(scores))\n        loss /= len(X)\n"),
    ),
    _mistake(
        "softmax",
        "softmax_minus_one_in_the_wrong_loop",
        "subtracts x in the loop over classes",
        (SOFTMAX_ROW, "                grad[c] += p[c] * x\n                grad[label] -= x\n"),
    ),
    _mistake(
        "softmax",
        "softmax_minus_one_for_all_classes",
        "subtracts 1 from every probability",
        (SOFTMAX_ROW, "                grad[c] += (p[c] - 1) * x\n"),
    ),
    _mistake(
        "softmax", "softmax_no_minus_one", "subtracts 1 nowhere", (SOFTMAX_ROW, "                grad[c] += p[c] * x\n")
    ),
    _mistake(
        "softmax",
        "softmax_gradient_not_averaged",
        "does not average the gradient",
        (SOFTMAX_DIVIDED, "        loss /= len(X)\n"),
    ),
    _mistake(
        "softmax",
        "softmax_gradient_averaged_twice",
        "averages the gradient in the loop too",
        (SOFTMAX_ROW, SOFTMAX_ROW + "            grad /= len(X)\n"),
    ),
    _mistake(
        "softmax",
        "softmax_loss_not_averaged_with_gradient",
        "does not average the loss",
        (SOFTMAX_DIVIDED, "        grad /= len(X)\n"),
    ),
    _mistake(
        "softmax",
        "softmax_fast_not_averaged",
        "does not average the fast gradient",
        (SOFTMAX_FAST, "grad = dscores.T @ X"),
    ),
    _mistake(
        "softmax", "softmax_fast_loss_summed", "sums the fast loss", (SOFTMAX_MEAN, "loss = -log_p[rows, y].sum()")
    ),
    _mistake(
        "softmax",
        "softmax_fast_minus_one_everywhere",
        "subtracts 1 in whole columns",
        ("dscores[rows, y] -= 1", "dscores[:, y] -= 1"),
    ),
    _mistake(
        "softmax",
        "softmax_fast_transposed",
        "returns the gradient as (D, C)",
        (SOFTMAX_FAST, SOFTMAX_FAST + "\n        grad = grad.T"),
    ),
    _mistake(
        "softmax",
        "softmax_fast_wrong_axis",
        "normalises over the batch",
        (
            "log_p = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))",
            "log_p = scores - np.log(np.exp(scores).sum(axis=0, keepdims=True))",
        ),
    ),
    _mistake(
        "softmax",
        "softmax_fast_negative",
        "has the gradient's sign wrong",
        (SOFTMAX_FAST, SOFTMAX_FAST.replace("= dscores", "= -dscores")),
    ),
    _mistake(
        "softmax",
        "softmax_fast_gradient_twice",
        "has the gradient off by 2",
        (SOFTMAX_FAST, SOFTMAX_FAST.replace("= dscores", "= 2 * dscores")),
    ),
    # svm
    _mistake(
        "svm",
        "svm_nothing",
        "returns zeros",
        (SVM_LOSS, "                pass\n"),
        ("        loss /= len(X)\n        grad /= len(X)\n", "        loss, grad = 0.0, 0 * grad\n"),
        ("grad = dscores.T @ X / len(X)", "loss, grad = 0.0, np.zeros(self.W.shape)"),
    ),
    _mistake(
        "svm",
        "svm_loss_of_lower_scores",
        "has no margin of 1 in the condition",
        (SVM_LOSS, SVM_LOSS.replace("if c != label:", "if c != label and score - scores[label] > 0:")),
    ),
    _mistake("svm", "svm_loss_without_margin", "forgets the 1", (SVM_LOSS, SVM_LOSS.replace("1 + score", "score"))),
    _mistake(
        "svm",
        "svm_loss_of_the_right_class_too",
        "counts the right class",
        (SVM_LOSS, SVM_LOSS.replace("if c != label:", "if True:")),
    ),
    _mistake(
        "svm", "svm_loss_summed", "sums the loss over the batch", (SVM_LOSS + "        loss /= len(X)\n", SVM_LOSS)
    ),
    _mistake(
        "svm",
        "svm_gradient_of_higher_scores_only",
        "takes margins > 0 without the 1",
        ("if c != label and margin > 0:", "if c != label and margin > 1:"),
    ),
    _mistake(
        "svm",
        "svm_gradient_of_wrong_classes_only",
        "leaves out the right class's row",
        (SVM_GRADIENT, "                    grad[c] += x\n"),
    ),
    _mistake(
        "svm",
        "svm_gradient_subtracts_once",
        "subtracts x once, not once for each margin",
        (SVM_GRADIENT, "                    grad[c] += x\n            grad[label] -= x\n"),
    ),
    _mistake(
        "svm",
        "svm_gradient_not_averaged",
        "does not average the gradient",
        ("        loss /= len(X)\n        grad /= len(X)\n", "        loss /= len(X)\n"),
    ),
    _mistake(
        "svm",
        "svm_gradient_negative",
        "has the sign wrong",
        (SVM_GRADIENT, "                    grad[c] -= x\n                    grad[label] += x\n"),
    ),
    _mistake(
        "svm",
        "svm_fast_without_margin",
        "forgets the 1",
        (SVM_FAST_MARGINS, SVM_FAST_MARGINS.replace("1 + scores", "scores")),
    ),
    _mistake(
        "svm",
        "svm_fast_counts_the_right_class",
        "counts the right class's margin of 1",
        ("        margins[rows, y] = 0\n", ""),
    ),
    _mistake(
        "svm",
        "svm_fast_mask_by_scores",
        "takes scores > 0 for margins",
        (SVM_FAST_MASK, "dscores = np.where(scores > 0, 1.0, 0.0)"),
    ),
    _mistake(
        "svm",
        "svm_fast_mask_is_the_margin",
        "multiplies by the margins themselves",
        (SVM_FAST_MASK, "dscores = 1.0 * margins"),
    ),
    _mistake(
        "svm",
        "svm_fast_subtracts_once",
        "subtracts x once, not once for each margin",
        (SVM_FAST_OWN, "dscores[rows, y] = -1"),
    ),
    _mistake(
        "svm",
        "svm_fast_not_averaged",
        "does not average the gradient",
        ("grad = dscores.T @ X / len(X)", "grad = dscores.T @ X"),
    ),
    _mistake(
        "svm",
        "svm_fast_loss_summed",
        "sums the loss over the batch",
        ("loss = margins.sum() / len(X)", "loss = margins.sum()"),
    ),
    _mistake(
        "svm",
        "svm_fast_loss_over_classes_too",
        "averages over classes too",
        ("loss = margins.sum() / len(X)", "loss = margins.mean()"),
    ),
    # training
    _mistake(
        "training",
        "train_ascends",
        "adds the gradient where it has to subtract it",
        (TRAIN_STEP, TRAIN_STEP.replace("-=", "+=")),
    ),
    _mistake("training", "train_never_steps", "forgets to update", (TRAIN_STEP, "pass")),
    _mistake("training", "train_ignores_the_learning_rate", "takes whole gradients", (TRAIN_STEP, "self.W -= grad")),
    _mistake("training", "train_overwrites", "replaces W by the step", (TRAIN_STEP, "self.W = -learning_rate * grad")),
    _mistake(
        "training",
        "train_averages_again",
        "divides the gradient by the batch size again",
        (TRAIN_STEP, TRAIN_STEP + " / batch_size"),
    ),
    _mistake(
        "training",
        "train_full_batch",
        "trains on all examples",
        (TRAIN_SAMPLE, "            X_batch, y_batch = X, y\n"),
    ),
    _mistake(
        "training",
        "train_same_batch",
        "trains on the first examples only",
        (TRAIN_SAMPLE, "            X_batch, y_batch = X[:batch_size], y[:batch_size]\n"),
    ),
    _mistake(
        "training",
        "train_mixes_labels",
        "draws labels apart from their examples",
        (TRAIN_SAMPLE, TRAIN_SAMPLE.replace("y[chosen]", "y[np.random.choice(len(y), batch_size)]")),
    ),
    _mistake(
        "training",
        "train_one_example",
        "draws one example",
        (TRAIN_SAMPLE, TRAIN_SAMPLE.replace("[chosen]", "[chosen[:1]]")),
    ),
    _mistake(
        "training",
        "train_appends_twice",
        "notes each loss twice",
        (TRAIN_STEP, TRAIN_STEP + "\n            loss_history.append(loss)"),
    ),
    _mistake(
        "training",
        "predict_axis",
        "compares examples, not classes",
        (TRAIN_PREDICT, TRAIN_PREDICT.replace("axis=1", "axis=0")),
    ),
    _mistake(
        "training",
        "predict_lowest",
        "predicts the lowest score",
        (TRAIN_PREDICT, TRAIN_PREDICT.replace("argmax", "argmin")),
    ),
    _mistake(
        "training",
        "predict_scores",
        "returns the highest scores",
        (TRAIN_PREDICT, TRAIN_PREDICT.replace("argmax", "max")),
    ),
    _mistake(
        "training", "predict_all_at_once", "returns one number", (TRAIN_PREDICT, TRAIN_PREDICT.replace("axis=1", ""))
    ),
    _mistake("training", "predict_zeros", "predicts class 0", (TRAIN_PREDICT, "return np.zeros(len(X), dtype=int)")),
    # losses
    _mistake(
        "losses",
        "losses_nothing",
        "returns zeros",
        (NAIVE_SOFTMAX_END, "            pass\n    loss, dW = 0.0, 0 * dW\n"),
        (NAIVE_SVM_END, "                pass\n    loss, dW = 0.0, 0 * dW\n"),
        (FAST_SOFTMAX_DW, "    loss, dW = 0.0, 0 * W\n"),
        (FAST_SVM_DW, "    loss, dW = 0.0, 0 * W\n"),
    ),
    _mistake(
        "losses",
        "naive_softmax_minus_one_everywhere",
        "subtracts 1 for every class",
        (NAIVE_SOFTMAX_ROW, "dW[c] += (p[c] - 1) * X[:, n]"),
    ),
    _mistake(
        "losses",
        "naive_softmax_minus_one_in_the_wrong_loop",
        "subtracts in the loop over classes",
        (NAIVE_SOFTMAX_ROW, "dW[c] += p[c] * X[:, n]\n            dW[y[n]] -= X[:, n]"),
    ),
    _mistake(
        "losses",
        "naive_softmax_not_averaged",
        "does not average the gradient",
        (NAIVE_SOFTMAX_END, NAIVE_SOFTMAX_END.replace("dW / num_train", "dW")),
    ),
    _mistake(
        "losses",
        "naive_softmax_ignores_reg",
        "ignores reg",
        (NAIVE_SOFTMAX_END, NAIVE_SOFTMAX_END.replace(" + 0.5 * reg * np.sum(W * W)", "").replace(" + reg * W", "")),
    ),
    _mistake(
        "losses",
        "naive_softmax_averages_reg",
        "averages the regularisation too",
        (
            NAIVE_SOFTMAX_END,
            NAIVE_SOFTMAX_END.replace("0.5 * reg * np.sum(W * W)", "0.5 * reg * np.sum(W * W) / num_train"),
        ),
    ),
    _mistake(
        "losses",
        "fast_softmax_ignores_reg",
        "ignores reg",
        (FAST_SOFTMAX_LOSS, "loss = -log_p[y, columns].mean()"),
        (FAST_SOFTMAX_DW, FAST_SOFTMAX_DW.replace(" + reg * W", "")),
    ),
    _mistake(
        "losses",
        "fast_softmax_loss_ignores_reg",
        "ignores reg in the loss",
        (FAST_SOFTMAX_LOSS, "loss = -log_p[y, columns].mean()"),
    ),
    _mistake(
        "losses",
        "fast_softmax_gradient_ignores_reg",
        "ignores reg in the gradient",
        (FAST_SOFTMAX_DW, FAST_SOFTMAX_DW.replace(" + reg * W", "")),
    ),
    _mistake(
        "losses",
        "fast_softmax_no_half",
        "regularises by reg W^2",
        (FAST_SOFTMAX_LOSS, FAST_SOFTMAX_LOSS.replace("0.5 * ", "")),
        (FAST_SOFTMAX_DW, FAST_SOFTMAX_DW.replace("reg * W", "2 * reg * W")),
    ),
    _mistake(
        "losses",
        "fast_softmax_half_gradient",
        "halves the gradient of the regularisation",
        (FAST_SOFTMAX_DW, FAST_SOFTMAX_DW.replace("reg * W", "0.5 * reg * W")),
    ),
    _mistake(
        "losses",
        "fast_softmax_summed",
        "sums the loss",
        (FAST_SOFTMAX_LOSS, FAST_SOFTMAX_LOSS.replace("mean()", "sum()")),
    ),
    _mistake(
        "losses",
        "fast_softmax_not_averaged",
        "does not average the gradient",
        (FAST_SOFTMAX_DW, FAST_SOFTMAX_DW.replace(" / X.shape[1]", "")),
    ),
    _mistake(
        "losses",
        "fast_softmax_divides_by_features",
        "divides by D",
        (FAST_SOFTMAX_DW, FAST_SOFTMAX_DW.replace("X.shape[1]", "X.shape[0]")),
    ),
    _mistake(
        "losses",
        "fast_softmax_over_examples",
        "normalises over examples",
        (
            "log_p = scores - np.log(np.exp(scores).sum(axis=0))",
            "log_p = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))",
        ),
    ),
    _mistake(
        "losses",
        "naive_svm_without_margin",
        "takes scores above the right one only",
        (NAIVE_SVM_MARGIN, NAIVE_SVM_MARGIN.replace("1 + ", "")),
    ),
    _mistake(
        "losses", "naive_svm_no_half", "regularises by reg W^2", (NAIVE_SVM_END, NAIVE_SVM_END.replace("0.5 * ", ""))
    ),
    _mistake(
        "losses",
        "naive_svm_right_row_missing",
        "leaves out the right class's row",
        (NAIVE_SVM_END, NAIVE_SVM_END.replace("                dW[y[n]] -= X[:, n]\n", "")),
    ),
    _mistake(
        "losses",
        "naive_svm_gradient_ignores_reg",
        "ignores reg in the gradient",
        (NAIVE_SVM_END, NAIVE_SVM_END.replace(" + reg * W", "")),
    ),
    _mistake(
        "losses",
        "fast_svm_loss_ignores_reg",
        "ignores reg in the loss",
        (FAST_SVM_LOSS, "loss = margins.sum() / X.shape[1]"),
    ),
    _mistake(
        "losses", "fast_svm_no_half", "regularises by reg W^2", (FAST_SVM_LOSS, FAST_SVM_LOSS.replace("0.5 * ", ""))
    ),
    _mistake(
        "losses", "fast_svm_without_margin", "forgets the 1", (FAST_SVM_MARGINS, FAST_SVM_MARGINS.replace("1 + ", ""))
    ),
    _mistake(
        "losses",
        "fast_svm_counts_the_right_class",
        "counts the right class's margin of 1",
        ("    margins[y, columns] = 0\n", ""),
    ),
    _mistake(
        "losses",
        "fast_svm_subtracts_once",
        "subtracts once, not once for each margin",
        (FAST_SVM_DW, FAST_SVM_DW.replace("-dscores.sum(axis=0)", "-1")),
    ),
    _mistake(
        "losses",
        "fast_svm_not_averaged",
        "does not average the gradient",
        (FAST_SVM_DW, FAST_SVM_DW.replace(" / X.shape[1]", "")),
    ),
    # linear_classifier
    _mistake(
        "linear_classifier",
        "columns_ascends",
        "adds the gradient where it has to subtract it",
        (TRAIN_STEP, TRAIN_STEP.replace("-=", "+=")),
    ),
    _mistake("linear_classifier", "columns_never_steps", "forgets to update", (TRAIN_STEP, "pass")),
    _mistake(
        "linear_classifier",
        "columns_ignores_the_learning_rate",
        "takes whole gradients",
        (TRAIN_STEP, "self.W -= grad"),
    ),
    _mistake(
        "linear_classifier",
        "columns_decays_again",
        "regularises in the step too",
        (TRAIN_STEP, "self.W -= learning_rate * (grad + reg * self.W)"),
    ),
    _mistake(
        "linear_classifier",
        "columns_samples_rows",
        "draws rows",
        (COLUMNS_SAMPLE, "            X_batch, y_batch = X[chosen % dim], y[chosen]\n"),
    ),
    _mistake(
        "linear_classifier",
        "columns_full_batch",
        "trains on all examples",
        (COLUMNS_SAMPLE, "            X_batch, y_batch = X, y\n"),
    ),
    _mistake(
        "linear_classifier",
        "columns_same_batch",
        "trains on the first examples only",
        (COLUMNS_SAMPLE, "            X_batch, y_batch = X[:, :batch_size], y[:batch_size]\n"),
    ),
    _mistake(
        "linear_classifier",
        "columns_mixes_labels",
        "draws labels apart",
        (COLUMNS_SAMPLE, COLUMNS_SAMPLE.replace("y[chosen]", "y[np.random.choice(num_train, batch_size)]")),
    ),
    _mistake(
        "linear_classifier",
        "columns_one_example",
        "draws one example",
        (COLUMNS_SAMPLE, COLUMNS_SAMPLE.replace("chosen]", "chosen[:1]]")),
    ),
    _mistake(
        "linear_classifier",
        "columns_appends_twice",
        "notes each loss twice",
        (TRAIN_STEP, TRAIN_STEP + "\n            loss_history.append(loss)"),
    ),
    _mistake(
        "linear_classifier",
        "columns_predict_axis",
        "compares examples, not classes",
        (COLUMNS_PREDICT, COLUMNS_PREDICT.replace("axis=0", "axis=1")),
    ),
    _mistake(
        "linear_classifier",
        "columns_predict_lowest",
        "predicts the lowest score",
        (COLUMNS_PREDICT, COLUMNS_PREDICT.replace("argmax", "argmin")),
    ),
    _mistake("linear_classifier", "columns_predict_scores", "returns scores", (COLUMNS_PREDICT, "return self.W @ X")),
    _mistake(
        "training",
        "train_draws_from_the_first",
        "draws from the first batch_size examples only",
        ("np.random.choice(len(X), batch_size)", "np.random.choice(min(batch_size, len(X)), batch_size)"),
    ),
    _mistake(
        "linear_classifier",
        "columns_draws_from_the_first",
        "draws from the first batch_size columns only",
        ("np.random.choice(num_train, batch_size)", "np.random.choice(min(batch_size, num_train), batch_size)"),
    ),
    _mistake(
        "softmax",
        "softmax_gradient_of_the_right_class_only",
        "leaves the gradient of wrong classes at 0",
        (
            "            for c in range(len(p)):\n                grad[c] += p[c] * x\n            grad[label] -= x\n",
            "            grad[label] += (p[label] - 1) * x\n",
        ),
    ),
    _mistake(
        "softmax",
        "softmax_fast_largest_of_the_batch",
        "subtracts the largest score of each class over the batch, which changes probabilities",
        ("scores.max(axis=1, keepdims=True)", "scores.max(axis=0, keepdims=True)"),
    ),
    _mistake(
        "softmax",
        "softmax_fast_wrong_axis_unshifted",
        "normalises over the batch",
        (
            "log_p = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))",
            "scores = X @ self.W.T\n        log_p = scores - np.log(np.exp(scores).sum(axis=0, keepdims=True))",
        ),
    ),
    _mistake(
        "losses",
        "fast_softmax_largest_over_examples",
        "subtracts the largest score of each class over the examples, which changes probabilities",
        ("scores = scores - scores.max(axis=0)", "scores = scores - scores.max(axis=1, keepdims=True)"),
    ),
    _mistake(
        "softmax",
        "softmax_loss_shift_in_the_sum_only",
        "shifts the scores in the sum of exponentials, and not that of the right class",
        (SOFTMAX_LOSS, SOFTMAX_LOSS.replace("scores[label]", "(self.W @ x)[label]")),
    ),
    _mistake(
        "softmax",
        "softmax_fast_shift_in_the_sum_only",
        "shifts the scores in the sum of exponentials, and not those above it",
        ("log_p = scores - ", "log_p = X @ self.W.T - "),
    ),
    _mistake(
        "softmax",
        "softmax_right_class_without_p",
        "subtracts x for the right class without adding p x, where p - 1 belongs",
        (SOFTMAX_ROW, "                grad[c] += p[c] * x * (c != label)\n            grad[label] -= x\n"),
    ),
    _mistake(
        "knn",
        "knn_sorts_columns",
        "sorts each column of the distances, and not each row",
        (KNN_NEAREST, "nearest = np.argsort(dists, axis=0)[i, :k]"),
    ),
    _mistake(
        "training",
        "train_runs_out_of_examples",
        "takes one part of the examples after the other, until none is left",
        (
            "chosen = np.random.choice(len(X), batch_size)",
            "chosen = np.arange(len(X))[it * batch_size : (it + 1) * batch_size]",
        ),
    ),
    _mistake(
        "linear_classifier",
        "columns_run_out_of_examples",
        "takes one part of the examples after the other, until none is left",
        (
            "chosen = np.random.choice(num_train, batch_size)",
            "chosen = np.arange(num_train)[it * batch_size : (it + 1) * batch_size]",
        ),
    ),
]

# Mutants that compute the same: the lines of the solution, those of the mutant, and why no check can tell them apart.
_UNSTABLE = "a softmax may overflow at scores around 1000, and is the same up to there"
_SQUARED = "squares of distances put neighbours in the same order"
_KINK = "where a margin is exactly 0, either slope is right"
_ROOTS = "return np.sqrt(np.maximum(squares - 2 * X @ self.X_train.T, 0))  # rounding could make 0 negative"
_SHIFTS = [
    "exps = np.exp(scores - scores.max())  # the shift changes no probability, and exp cannot overflow",
    "exps = np.exp(scores - scores.max())",
    "scores = scores - scores.max()  # changes no probability, and exp cannot overflow",
    "scores = scores - scores.max(axis=0)",
    "scores = scores - scores.max(axis=1, keepdims=True)",
]
_MARGINS = ["if c != y[n] and margin > 0:", "if c != label and margin > 0:"]
_SLOPES = "dscores = np.where(margins > 0, 1.0, 0.0)"


def _other_shifts(line):
    """Yield what mutants make of a line that subtracts the largest score."""
    yield line.replace("scores - ", "scores + ")
    yield line.replace("scores.max", "scores.min")
    yield (
        line.partition(" - ")[0]
        + (")" if "np.exp" in line else "")
        + line.partition("  #")[1]
        + line.partition("  #")[2]
    )
    yield line.replace("axis=0", "").replace("axis=1, ", "")


EQUIVALENT = [
    (_ROOTS, _ROOTS.replace("np.sqrt(", "").replace("0))", "0)"), _SQUARED),
    *((line, other, _UNSTABLE) for line in _SHIFTS for other in _other_shifts(line) if other != line),
    *((line, line.replace("> 0", ">= 0"), _KINK) for line in _MARGINS),
    (_SLOPES, f"{_SLOPES}.astype('float16')", "zeros and ones are exact in half precision"),
]
