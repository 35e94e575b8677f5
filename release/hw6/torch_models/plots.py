"""Plot training runs."""

import matplotlib.pyplot as plt
from matplotlib.ticker import MaxNLocator


def plot_logs(logs):
    """Plot what `read_log` returns, for several runs by name: losses on the left, accuracies on the right."""
    _, (left, right) = plt.subplots(1, 2, figsize=(11, 4))
    for i, (name, log) in enumerate(logs.items()):
        epochs = range(1, len(log["val_acc"]) + 1)
        steps = [len(log["val_loss"]) * (k + 1) / len(log["train_loss"]) for k in range(len(log["train_loss"]))]
        left.plot(steps, log["train_loss"], f"C{i}", linewidth=0.7, alpha=0.5)
        left.plot(epochs, log["val_loss"], f"C{i}o-", label=name)
        right.plot(epochs, log["val_acc"], f"C{i}o-", label=name)
    left.set(title="Loss: batches (thin), validation (dots)", xlabel="epoch", yscale="log")
    right.set(title="Validation accuracy", xlabel="epoch")
    right.legend(loc="lower right")
    for axes in (left, right):
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    plt.show()
