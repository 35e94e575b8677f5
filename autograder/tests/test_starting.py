"""Waiting for the end of a process that has been started."""

import os
import signal

import pytest

from autograder import starting

A_WHILE_S = 60.0  # which only a process that never ends would take


@pytest.fixture(params=["told by the kernel", "looked for"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a kernel that tells of a process's end, and with one that is too old for that."""

    def missing(number: int) -> int:
        raise OSError

    if request.param == "looked for":
        monkeypatch.setattr(os, "pidfd_open", missing)


@pytest.mark.usefixtures("way")
def test_the_end_of_a_process_is_waited_for() -> None:
    process = starting.start(["sh", "-c", "sleep 0.1; exit 3"])
    assert starting.wait(process, A_WHILE_S)
    assert process.returncode == 3
    assert starting.wait(process, A_WHILE_S)


@pytest.mark.usefixtures("way")
def test_a_process_that_goes_on_is_not_waited_for_longer() -> None:
    process = starting.start(["sleep", "1000"])
    assert not starting.wait(process, 0.05)
    assert process.returncode is None
    process.kill()
    assert starting.wait(process, A_WHILE_S)
    assert process.returncode == -signal.SIGKILL
