"""How long an answer is waited for on a machine that is busy with something else."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.sandbox.patience import Patience, Starvation
from autograder.tests.sandboxes import LEVELS, files, opened


def starved(*seconds):
    waits = iter(seconds)
    return lambda: next(waits, 0.0)


@pytest.fixture
def now(monkeypatch):
    """Give a clock that stands still until it is moved."""
    clock = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    return clock


def test_time_is_used_by_the_clock(now):
    patience = Patience(2.0, starved())
    now[0] += 1.5
    assert (patience.left(), patience.used()) == (0.5, 1.5)
    now[0] += 1.0
    assert patience.left() == -0.5


def test_time_for_which_others_had_the_processor_does_not_count(now):
    patience = Patience(2.0, starved(1.5))
    now[0] += 2.5
    assert (patience.left(), patience.used()) == (1.0, 1.0)
    now[0] += 1.5
    assert (patience.left(), patience.used()) == (-0.5, 2.5)


def test_an_answer_is_waited_for_three_times_as_long_at_most(now):
    patience = Patience(2.0, starved(*[100.0] * 5))
    now[0] += 5.9
    assert patience.left() == pytest.approx(0.1)
    now[0] += 0.2
    assert patience.left() < 0
    assert patience.used() == pytest.approx(6.1 - 4.0)


def test_what_was_waited_for_earlier_excuses_no_more_than_this_answer_has_taken(now):
    patience = Patience(2.0, starved(50.0))
    now[0] += 0.5
    assert patience.used() == 0.0


def test_the_kernel_is_not_asked_about_short_answers(now):
    patience = Patience(2.0, None)
    now[0] += 0.05
    assert patience.used() == pytest.approx(0.05)


def test_a_process_that_is_kept_from_the_processor_waits():
    """Two that compute on one processor: each waits while the other runs."""
    one = min(os.sched_getaffinity(0))
    busy = (
        "import os, time\nos.sched_setaffinity(0, {%d})\nend = time.monotonic() + 1\nwhile time.monotonic() < end: pass"
    )
    both = [subprocess.Popen([sys.executable, "-c", busy % one]) for _ in range(2)]
    waits = [Starvation(process.pid) for process in both]
    while both[0].poll() is None and sum(wait._seen_s["worker"] for wait in waits) < 0.2:
        time.sleep(0.02)
        for wait in waits:
            assert wait() >= 0
    seen = sum(wait._seen_s["worker"] for wait in waits)
    for process in both:
        process.kill()
        process.wait()
    assert seen >= 0.2
    assert waits[0]._since("worker", both[0].pid) == 0.0  # it is gone


@pytest.mark.parametrize("level", LEVELS)
def test_the_process_that_is_asked_about_is_the_worker(level):
    with opened(level, files(code="")) as session:
        session.request("import", "nndl.code")
        waits = session._sandbox._starvation
        assert waits() >= 0
        words = Path(f"/proc/{waits._process}/cmdline").read_bytes().split(b"\0")
        assert "bwrap" not in Path(words[0].decode()).name
        assert any(word.endswith(b"/__main__.py") for word in words)
