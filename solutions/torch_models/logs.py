"""Read the log of a training run."""

import re


def read_log(text):
    """Return the numbers of a log, in the order in which they are written.

    A log has a number after each ``Train Loss:``, ``Val Loss:`` and ``Val Acc:``, written like 1.25, 3e-05 or nan.
    Other text around them does not matter, and several may stand in one line.

    Parameters
    ----------
    text : str

    Returns
    -------
    dict
        Lists of float: ``train_loss``, ``val_loss``, ``val_acc``.
    """
    ### BEGIN SOLUTION
    number = r"([-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|nan|inf))"
    labels = {"train_loss": "Train Loss", "val_loss": "Val Loss", "val_acc": "Val Acc"}
    return {
        name: [float(found) for found in re.findall(rf"{label}: *{number}", text)] for name, label in labels.items()
    }
    ### END SOLUTION
