"""Checks of hw6 that you can run yourself; grading has more."""

import numpy as np
import pytest
from torch_models.logs import read_log

from checks import CheckFailure, assert_close, entry

pytestmark = pytest.mark.question("logs")


def check_log(text, **expected):
    """Compare the lists that are read from a log; those not given are empty."""
    log = read_log(text)
    for name in ("train_loss", "val_loss", "val_acc"):
        numbers = [float(number) for number in entry(log, name)]
        wanted = expected.get(name, [])
        if len(numbers) != len(wanted):
            raise CheckFailure(f"{name} has {len(numbers)} numbers, the log has {len(wanted)}")
        if wanted:
            assert_close(np.array(numbers), np.array(wanted), rtol=1e-9, name=name)


def test_read_log_of_one_epoch():
    text = (
        "Train Epoch: 1 [0/90] Train Loss: 2.302585\n"
        "Train Epoch: 1 [50/90] Train Loss: 1.75\n"
        "Epoch: 1 Val Loss: 1.6125 Val Acc: 0.43\n"
    )
    check_log(text, train_loss=[2.302585, 1.75], val_loss=[1.6125], val_acc=[0.43])
