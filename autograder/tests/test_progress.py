"""Progress: what is estimated, who takes longest, and what each audience is told."""

from __future__ import annotations

import json
import time

import pytest

from autograder.report import progress
from autograder.report.pace import Pace, in_words
from autograder.report.progress import Events, Lines
from autograder.rows import row
from autograder.tests.test_results import make

ROW = row(make())


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def grade(pace: Pace, clock: Clock, name: str, seconds: float) -> None:
    pace.begun(name)
    clock.now += seconds
    pace.finished(name, ROW)


def test_rest_is_estimated_from_what_was_graded() -> None:
    clock = Clock()
    pace = Pace(["a", "b", "c", "d"], {}, clock)
    assert pace.remaining_s() is None
    grade(pace, clock, "a", 10)
    assert pace.remaining_s() == pytest.approx(30)
    grade(pace, clock, "b", 20)
    assert pace.remaining_s() == pytest.approx(30)
    grade(pace, clock, "c", 15)
    grade(pace, clock, "d", 15)
    assert pace.remaining_s() == 0


def test_estimate_knows_who_took_long_before() -> None:
    clock = Clock()
    pace = Pace(["long", "short", "new"], {"long": 30.0, "short": 10.0}, clock)
    grade(pace, clock, "long", 60)  # the machine is half as fast today
    assert pace.remaining_s() == pytest.approx(2 * (10 + 20))


def test_what_is_known_already_takes_no_time() -> None:
    clock = Clock()
    pace = Pace(["a", "b", "c"], {}, clock)
    pace.finished("a", ROW)
    assert (pace.remaining_s(), pace.done, pace.graded) == (None, 1, 0)
    grade(pace, clock, "b", 10)
    assert pace.remaining_s() == pytest.approx(10)


def test_slowest_come_first() -> None:
    clock = Clock()
    pace = Pace(list("abcde"), {}, clock)
    for name in "abcd":
        pace.begun(name)
        clock.now += 1
    pace.begun("a")  # another attempt at it
    pace.finished("b", ROW)
    assert pace.running() == [("a", 4), ("c", 2), ("d", 1)]


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "1 s"), (41, "42 s"), (119.4, "2 min"), (150, "3 min"), (7300, "2 h 2 min")]
)
def test_time_in_words(seconds: float, words: str) -> None:
    assert in_words(seconds) == words


def test_log_says_where_it_is_while_nothing_is_finished(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "_EVERY_S", 0.01)
    lines = Lines()
    lines.begin(["ann", "bob\x1b[2J"], {})
    lines.begun("bob\x1b[2J")
    out = ""
    while "running" not in out:
        time.sleep(0.01)
        out += capsys.readouterr().out
    lines.close()
    assert "0 of 2 done; running: bob\\x1b[2J 1 s" in out


def test_events_are_lines_of_json_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    events = Events()
    events.begin(["ann", "bob"], {})
    events.begun("ann")
    events.finished("ann", ROW)
    events.finished("bob", ROW)
    events.close()
    out, err = capsys.readouterr()
    begin, started, ann, bob = map(json.loads, err.splitlines())
    assert (out, begin, started) == ("", {"event": "begin", "total": 2}, {"event": "started", "student": "ann"})
    assert (ann["known"], bob["known"], bob["done"], bob["left_s"]) == (False, True, 2, 0)
    assert (ann["status"], ann["score"], ann["verdicts"]) == ("graded", 41, {"failed": 1})
