"""read_log: the numbers in a log."""

import math

import numpy as np
import pytest
from torch_models.logs import read_log

from autograder.checks import CheckFailure, assert_close, entry

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


@pytest.mark.visible
def test_read_log_of_one_epoch():
    text = (
        "Train Epoch: 1 [0/90] Train Loss: 2.302585\n"
        "Train Epoch: 1 [50/90] Train Loss: 1.75\n"
        "Epoch: 1 Val Loss: 1.6125 Val Acc: 0.43\n"
    )
    check_log(text, train_loss=[2.302585, 1.75], val_loss=[1.6125], val_acc=[0.43])


@pytest.mark.hint("Numbers may have an exponent: 3e-05.")
def test_read_log_takes_every_way_to_write_a_number(rng):
    numbers = [*(rng.random(5) * 10.0 ** rng.integers(-9, 9, 5)), 3.0, 1e-05, 12.0]
    text = "".join(f"step {i}\tTrain Loss: {number!r}\n" for i, number in enumerate(map(float, numbers)))
    check_log(text, train_loss=numbers)
    check_log("Val Loss: 7 Val Acc: 1\n", val_loss=[7.0], val_acc=[1.0])


@pytest.mark.hint("Lines that are no part of the log may stand between those that are.")
def test_read_log_passes_over_other_lines():
    text = "using 9000 pictures\n\nfirst Train Loss: 2.5\nwarning: Loss: 3.5\ndone\n"
    check_log(text, train_loss=[2.5])


@pytest.mark.hint("A run that diverges logs nan or inf: these are numbers to Python's float.")
def test_read_log_of_a_run_that_diverged():
    log = read_log("Train Loss: 2.5\nTrain Loss: nan\n")
    numbers = [float(number) for number in entry(log, "train_loss")]
    if len(numbers) != 2 or not math.isnan(numbers[1]):
        raise CheckFailure(f"train_loss is {numbers}, expected are 2.5 and nan")


def test_read_log_of_nothing():
    check_log("")
