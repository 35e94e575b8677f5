"""Wrong variants of the reference solution, each of which the suite must catch, in its own question only.

A variant is a list of patches ``(file, old, new)``: text of a file below solutions/, which occurs there
exactly once, and what stands there instead. ``hint`` says what the student did.
"""

# By question, the beginnings of the names of the holes that it is about.
HOLES = {
    "softmax": ("torch_models.softmax",),
    "two_layer": ("torch_models.twolayernn",),
    "convnet": ("torch_models.convnet",),
    "training": ("torch_models.train",),
    "logs": ("torch_models.logs",),
}

# Where students read what a question is about: a notebook of theirs, and a heading in it.
READ = {
    "softmax": "pytorch.ipynb, Models",
    "two_layer": "pytorch.ipynb, Models",
    "convnet": "pytorch.ipynb, Models",
    "training": "pytorch.ipynb, Training and evaluation",
    "logs": "pytorch.ipynb, Reading logs",
}

# Mistakes that agree with themselves, which no check of their question may let pass.
ONLY_WITH_THEMSELVES = []

FILES = {question: f"{starts[0].replace('.', '/')}.py" for question, starts in HOLES.items()}

SOFTMAX_SCORES = "return self.scores(images.flatten(start_dim=1))"
TWO_HIDDEN = "hidden = self.hidden(images.flatten(start_dim=1)).relu()"
CNN_FEATURES = "features = self.pool(self.conv(images).relu())"
CNN_CONV = "nn.Conv2d(channels, hidden_dim, kernel_size, padding=(kernel_size - 1) // 2)"
STEP = "        loss.backward()\n        optimizer.step()\n"
LOGGED = "        if number % log_every == 0:\n"
EVAL_LOSS = 'loss += cross_entropy(scores, labels, reduction="sum").item()'


def _mistake(question, name, hint, *replacements):
    patches = tuple((FILES[question], old, new) for old, new in replacements)
    return {"name": name, "question": question, "hint": hint, "patches": patches}


MISTAKES = [
    _mistake(
        "softmax",
        "softmax_no_bias",
        "has no biases",
        ("n_classes)\n        ###", "n_classes, bias=False)\n        ###"),
    ),
    _mistake("softmax", "softmax_relu", "has a ReLU on the scores", (SOFTMAX_SCORES, SOFTMAX_SCORES + ".relu()")),
    _mistake(
        "softmax", "softmax_sigmoid", "has a sigmoid on the scores", (SOFTMAX_SCORES, SOFTMAX_SCORES + ".sigmoid()")
    ),
    _mistake(
        "softmax",
        "softmax_over_examples",
        "takes the softmax over the batch",
        (SOFTMAX_SCORES, SOFTMAX_SCORES + ".softmax(dim=0)"),
    ),
    _mistake(
        "softmax",
        "softmax_flattens_wrongly",
        "turns images before flattening",
        ("images.flatten(", "images.transpose(2, 3).flatten("),
    ),
    _mistake("softmax", "softmax_detached", "cuts the gradient", (SOFTMAX_SCORES, SOFTMAX_SCORES + ".detach()")),
    _mistake("softmax", "softmax_fixed_size", "takes every image for one of CIFAR-10", ("prod(im_size)", "3072")),
    _mistake(
        "softmax",
        "softmax_starts_at_zero",
        "starts from weights of zero",
        ("n_classes)\n        ###", "n_classes)\n        self.scores.weight.data.zero_()\n        ###"),
    ),
    _mistake(
        "softmax",
        "softmax_extra_layer",
        "has a hidden layer",
        (
            "self.scores = nn.Linear(prod(im_size), n_classes)",
            "self.scores = nn.Sequential(nn.Linear(prod(im_size), 9), nn.ReLU(), nn.Linear(9, n_classes))",
        ),
    ),
    _mistake("two_layer", "two_no_relu", "has no nonlinearity", (TWO_HIDDEN, TWO_HIDDEN.replace(".relu()", ""))),
    _mistake("two_layer", "two_tanh", "has a tanh for the ReLU", (TWO_HIDDEN, TWO_HIDDEN.replace("relu", "tanh"))),
    _mistake(
        "two_layer",
        "two_relu_on_scores",
        "has a ReLU after the last layer",
        ("return self.scores(hidden)", "return self.scores(hidden).relu()"),
    ),
    _mistake(
        "two_layer",
        "two_no_bias",
        "has no biases in the hidden layer",
        ("nn.Linear(prod(im_size), hidden_dim)", "nn.Linear(prod(im_size), hidden_dim, bias=False)"),
    ),
    _mistake(
        "two_layer",
        "two_detached",
        "cuts the gradient of the first layer",
        ("self.scores(hidden)", "self.scores(hidden.detach())"),
    ),
    _mistake(
        "two_layer",
        "two_layer_made_in_forward",
        "makes a layer anew at each call",
        (TWO_HIDDEN, "hidden = nn.Linear(images[0].numel(), self.hidden.out_features)(images.flatten(1)).relu()"),
    ),
    _mistake(
        "two_layer",
        "two_fixed_hidden",
        "ignores hidden_dim",
        (
            "self.hidden = nn.Linear(prod(im_size), hidden_dim)",
            "hidden_dim = 100\n        self.hidden = nn.Linear(prod(im_size), hidden_dim)",
        ),
    ),
    _mistake("convnet", "cnn_no_relu", "has no ReLU", (CNN_FEATURES, CNN_FEATURES.replace(".relu()", ""))),
    _mistake("convnet", "cnn_average_pool", "averages for the maximum", ("nn.MaxPool2d(2)", "nn.AvgPool2d(2)")),
    _mistake(
        "convnet",
        "cnn_no_pool",
        "has no pooling",
        ("nn.MaxPool2d(2)", "nn.Identity()"),
        ("(height // 2) * (width // 2)", "height * width"),
    ),
    _mistake(
        "convnet",
        "cnn_stride_for_pool",
        "has a stride of 2 in place of pooling",
        ("// 2)\n        self.pool = nn.MaxPool2d(2)", "// 2, stride=2)\n        self.pool = nn.Identity()"),
    ),
    _mistake("convnet", "cnn_square_images_only", "takes images for squares", ("(width // 2)", "(height // 2)")),
    _mistake(
        "convnet",
        "cnn_fixed_kernel",
        "ignores kernel_size",
        (CNN_CONV, "nn.Conv2d(channels, hidden_dim, 3, padding=1)"),
    ),
    _mistake(
        "convnet",
        "cnn_three_channels_only",
        "takes images for coloured ones",
        (CNN_CONV, CNN_CONV.replace("channels,", "3,")),
    ),
    _mistake(
        "convnet",
        "cnn_relu_on_scores",
        "has a ReLU after the last layer",
        (
            "return self.scores(features.flatten(start_dim=1))",
            "return self.scores(features.flatten(start_dim=1)).relu()",
        ),
    ),
    _mistake(
        "convnet",
        "cnn_detached",
        "cuts the gradient of the filters",
        ("features.flatten(", "features.detach().flatten("),
    ),
    _mistake("training", "train_no_zero_grad", "adds gradients up", ("        optimizer.zero_grad()\n", "")),
    _mistake("training", "train_no_step", "takes no step", (STEP, "        loss.backward()\n")),
    _mistake("training", "train_two_steps", "takes two steps a batch", (STEP, STEP + "        optimizer.step()\n")),
    _mistake(
        "training",
        "train_one_step_an_epoch",
        "takes a step after the last batch only",
        (STEP, "        loss.backward()\n        if number == len(batches) - 1:\n            optimizer.step()\n"),
    ),
    _mistake(
        "training",
        "train_sum",
        "sums the losses of a batch",
        ("loss = cross_entropy(model(images), labels)", 'loss = cross_entropy(model(images), labels, reduction="sum")'),
    ),
    _mistake("training", "train_mode_forgotten", "never calls model.train()", ("    model.train()\n", "")),
    _mistake("training", "train_logs_every_batch", "logs every batch", (LOGGED, "        if True:\n")),
    _mistake("training", "train_logs_one_later", "logs from batch 1 on", (LOGGED, LOGGED.replace("== 0", "== 1"))),
    _mistake("training", "train_logs_nothing", "logs nothing", (LOGGED, "        if False:\n")),
    _mistake(
        "training",
        "train_skips_last",
        "leaves the last batch out",
        ("in enumerate(batches):", "in list(enumerate(batches))[: len(batches) - 1]:"),
    ),
    _mistake(
        "training",
        "evaluate_mean_of_means",
        "averages the batches' losses",
        (EVAL_LOSS, "loss += cross_entropy(scores, labels).item()"),
        ("return loss / count", "return loss / len(batches)"),
    ),
    _mistake(
        "training",
        "evaluate_not_divided",
        "adds the batches' mean losses up",
        (EVAL_LOSS, "loss += cross_entropy(scores, labels).item()"),
        ("return loss / count", "return loss"),
    ),
    _mistake("training", "evaluate_counts", "returns the number of right answers", ("right / count", "right")),
    _mistake("training", "evaluate_percent", "returns percents", ("right / count", "100 * right / count")),
    _mistake(
        "training",
        "evaluate_last_batch",
        "looks at the last batch only",
        ("count += len(labels)", "count = len(labels)"),
        ("right += ", "right = "),
        ("loss += ", "loss = "),
    ),
    _mistake("training", "evaluate_in_training_mode", "never calls model.eval()", ("    model.eval()\n", "")),
    _mistake(
        "training",
        "evaluate_with_gradients",
        "records gradients",
        ("with torch.no_grad():", "with torch.enable_grad():"),
    ),
    _mistake("training", "evaluate_worst_class", "takes the lowest score", ("scores.argmax(", "scores.argmin(")),
    _mistake("logs", "log_no_exponent", "reads no exponents", ("(?:[eE][-+]?\\d+)?", "")),
    _mistake("logs", "log_needs_point", "reads no whole numbers", ("\\d+\\.?\\d*", "\\d+\\.\\d+")),
    _mistake("logs", "log_no_nan", "reads no nan", ("|nan|inf", "")),
    _mistake(
        "logs",
        "log_any_loss",
        "takes every Loss for the training's",
        ('"train_loss": "Train Loss"', '"train_loss": "Loss"'),
    ),
    _mistake(
        "logs",
        "log_swapped",
        "swaps loss and accuracy",
        ('"val_loss": "Val Loss", "val_acc": "Val Acc"', '"val_loss": "Val Acc", "val_acc": "Val Loss"'),
    ),
    _mistake(
        "logs",
        "log_first_only",
        "reads the first number only",
        ('re.findall(rf"{label}: *{number}", text)', 're.findall(rf"{label}: *{number}", text)[:1]'),
    ),
    _mistake("logs", "log_text", "returns nothing but the last epoch", ("text)]", "text)][-1:]")),
]

# Mutants that compute the same: the lines of the solution, those of the mutant, and why no check can tell them apart.
_CONV = "self.conv = nn.Conv2d(channels, hidden_dim, kernel_size, padding=(kernel_size - 1) // 2)"
EQUIVALENT = [(_CONV, _CONV.replace("kernel_size - 1", "kernel_size"), "kernel_size is odd")]
