"""Right variants of the reference solution, unlike it in ways that no check may punish.

Patches as in `mistakes`; ``note`` says what is different.
"""

SOFTMAX, TWO, CNN = "torch_models/softmax.py", "torch_models/twolayernn.py", "torch_models/convnet.py"
TRAIN, LOGS = "torch_models/train.py", "torch_models/logs.py"

LOG_RETURN = """\
    return {
        name: [float(found) for found in re.findall(rf"{label}: *{number}", text)] for name, label in labels.items()
    }
"""
SOFTMAX_SCORES = "return self.scores(images.flatten(start_dim=1))"


def _alternative(name, note, *patches):
    return {"name": name, "note": note, "patches": patches}


ALTERNATIVES = [
    _alternative(
        "probabilities",
        "models that return probabilities",
        (SOFTMAX, SOFTMAX_SCORES, SOFTMAX_SCORES + ".softmax(dim=1)"),
        (TWO, "return self.scores(hidden)", "return self.scores(hidden).softmax(dim=1)"),
        (
            CNN,
            "self.scores(features.flatten(start_dim=1))",
            "self.scores(features.flatten(start_dim=1)).softmax(dim=1)",
        ),
    ),
    _alternative(
        "log_probabilities",
        "models that return log-probabilities",
        (SOFTMAX, SOFTMAX_SCORES, SOFTMAX_SCORES + ".log_softmax(dim=1)"),
        (TWO, "return self.scores(hidden)", "return self.scores(hidden).log_softmax(dim=1)"),
    ),
    _alternative(
        "own_parameters",
        "a matrix of weights, a column for each class, in place of a layer",
        (
            SOFTMAX,
            "self.scores = nn.Linear(prod(im_size), n_classes)",
            "import torch\n        self.w = nn.Parameter(0.01 * torch.randn(prod(im_size), n_classes))\n"
            "        self.b = nn.Parameter(torch.zeros(n_classes))",
        ),
        (SOFTMAX, SOFTMAX_SCORES, "return images.reshape(len(images), -1) @ self.w + self.b"),
    ),
    _alternative(
        "sequential",
        "layers in a Sequential",
        (
            TWO,
            "self.scores = nn.Linear(hidden_dim, n_classes)",
            "self.all = nn.Sequential(nn.Flatten(), self.hidden, nn.ReLU(), nn.Linear(hidden_dim, n_classes))",
        ),
        (
            TWO,
            "        hidden = self.hidden(images.flatten(start_dim=1)).relu()\n        return self.scores(hidden)",
            "        return self.all(images)",
        ),
    ),
    _alternative(
        "last_layer_declared_first",
        "layers made in another order",
        (CNN, "        self.conv = ", "        conv = "),
        (CNN, "(width // 2), n_classes)\n", "(width // 2), n_classes)\n        self.conv = conv\n"),
    ),
    _alternative(
        "no_padding",
        "a convolution without padding",
        (CNN, ", padding=(kernel_size - 1) // 2)", ")"),
        (CNN, "(height // 2) * (width // 2)", "((height - kernel_size + 1) // 2) * ((width - kernel_size + 1) // 2)"),
    ),
    _alternative(
        "orthogonal_start",
        "other initial weights",
        (
            SOFTMAX,
            "n_classes)\n        ###",
            "n_classes)\n        nn.init.normal_(self.scores.weight, std=1e-3)\n        ###",
        ),
    ),
    _alternative(
        "mean_loss_times_size",
        "a sum over batches of mean loss times size; gradients set to zero after the step",
        (
            TRAIN,
            'cross_entropy(scores, labels, reduction="sum").item()',
            "cross_entropy(scores, labels).item() * len(labels)",
        ),
        (TRAIN, "        optimizer.zero_grad()\n", ""),
        (
            TRAIN,
            "        optimizer.step()\n",
            "        optimizer.step()\n        optimizer.zero_grad(set_to_none=True)\n",
        ),
        (TRAIN, "(scores.argmax(dim=1) == labels).sum().item()", "scores.max(1)[1].eq(labels).sum().item()"),
    ),
    _alternative(
        "another_log_line",
        "a line with other words around the numbers, and training mode switched on for each batch",
        (
            TRAIN,
            'f"Train Epoch: {epoch} [{number}/{len(batches)}] Train Loss: {loss.item():.6f}"',
            'f"epoch {epoch}, batch {number}\\tTrain Loss: {loss.item():.4f}"',
        ),
        (TRAIN, "        optimizer.zero_grad()\n", "        model.train()\n        optimizer.zero_grad()\n"),
    ),
    _alternative(
        "log_by_words",
        "splits lines into words",
        (
            LOGS,
            LOG_RETURN,
            "    words, found = text.split(), {name: [] for name in labels}\n"
            "    for *label, number in zip(words, words[1:], words[2:]):\n"
            "        for name in labels:\n"
            "            if labels[name] + ':' == ' '.join(label):\n"
            "                found[name].append(float(number))\n"
            "    return found\n",
        ),
    ),
]
