"""The channel to a worker whose code writes whatever it likes on it."""

from __future__ import annotations

import time

import pytest

from autograder.sandbox import StudentFault
from autograder.tests.frames import frame, packed
from autograder.tests.sandboxes import LEVELS, files, name, opened
from autograder.types import Limits, Verdict
from autograder.worker import wire

CODE = """
import json, os, sys, threading, time

REQUESTS, REPLIES = json.loads(sys.argv[1])["channel"]

def write(data, end=True):
    os.write(REPLIES, data)
    if end:
        time.sleep(30)

def write_soon(data):
    def run():
        time.sleep(0.1)
        os.write(REPLIES, data)
    threading.Thread(target=run).start()

def nap(value):
    time.sleep(0.5)
    return (value,)

def drip(data):
    for position in range(len(data)):
        os.write(REPLIES, data[position : position + 1])
        time.sleep(0.5)

def fill():
    while True:
        os.write(REPLIES, bytes(1 << 16))

def close_and_live():
    os.close(REPLIES)
    time.sleep(30)

def stop_reading():
    os.close(REQUESTS)

def flood():
    text = b"x" * 65536
    while True:
        os.write(1, text)

count = 0

def count_from_now_on():
    def run():
        global count
        while True:
            time.sleep(0.001)
            count += 1
    threading.Thread(target=run, daemon=True).start()

def counted():
    return count

def flood_from_now_on():
    threading.Thread(target=flood, daemon=True).start()

def echo(*args):
    return args

def forge(value):
    return value

class Report(Exception):
    pass
"""
SUBMISSION = files(code=CODE)
LIMITS = Limits(time_s=20, check_time_s=1.5, memory_mb=300, output_mb=0.01)


@pytest.fixture
def session():
    with opened("none", SUBMISSION, LIMITS) as opened_session:
        yield opened_session


@pytest.fixture
def call(session):
    return lambda function, *args: name(session, f"nndl.code.{function}")(*args)


def fault_of(function, *args):
    with pytest.raises(StudentFault) as caught:
        function(*args)
    return caught.value.verdict, caught.value.message


def came_of(function, *args):
    """Return what a call gives, or the verdict of its fault."""
    try:
        return function(*args)
    except StudentFault as fault:
        return fault.verdict


OK = packed(("ok", 1, []))
NONSENSE = {
    "no frame at all": b"\xff" * 64,
    "a larger frame than is allowed": wire.HEAD.pack(1 << 40, 10),
    "a truncated frame": OK[:-1],
    "no message": packed(1),
    "an empty message": packed(()),
    "a list": packed(["ok", 1, []]),
    "an unknown kind": packed(("fine", 1, [])),
    "a kind that is no text": packed((1, 1, [])),
    "a kind that is an array": frame(wire.TUPLE, 1, wire.ARRAY, "<f8", "C", 1, 1, array=bytes(8)),
    "too few parts": packed(("ok", 1)),
    "too many parts": packed(("ok", 1, [], 2)),
    "absence without words": packed(("absent", 1)),
    "a callback of what is not lent": packed(("callback", "nndl.code.echo", [], {})),
    "a callback of nonsense": packed(("callback", 1, 2, 3)),
    "a second message": OK + OK,
    "nothing that can be named": frame(wire.TUPLE, 3, wire.TEXT, "ok", wire.NAME, "os", "system", wire.LIST, 0),
    "deep nesting": frame(*[wire.LIST, 1] * 1000, None),
}


@pytest.mark.parametrize("data", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_on_the_channel_fails_this_call_and_the_next_works(call, data):
    verdict, words = fault_of(call, "write", data)
    if verdict is Verdict.FAILED:
        assert words.startswith("what came back cannot be used: ")
    else:
        assert verdict is Verdict.TIMEOUT  # more was announced than came
    call.__closure__[0].cell_contents.begin_check(2)
    assert call("echo", 1) == (1,)


@pytest.mark.parametrize(
    "changes",
    [5, None, [1], [[0]], [[7, "a"]], [[True, "a"]], [["x", 1]], [[-1, 1]], [[0, 1, 2]], [[None, None]], [[0, {}]]],
    ids=repr,
)
def test_forged_changes_of_arguments_change_nothing_that_they_may_not(call, changes):
    given = [1, 2]
    came = [came_of(call, "write", packed(("ok", 1, changes)), False), came_of(call, "echo", given)]
    assert Verdict.FAILED in came or came[0] == 1
    assert given == [1, 2]


def test_an_early_reply_is_only_data(call):
    assert came_of(call, "write", OK, False) in (1, Verdict.FAILED)
    # next comes what "write" really gave, perhaps together with the reply to this
    assert came_of(call, "echo", 5) in (None, (5,), Verdict.FAILED)


def test_a_reply_from_another_thread_is_only_data(call, session):
    call("write_soon", packed(("ok", "forged", [])))
    # the thread writes while this call sleeps; between calls nothing runs
    assert came_of(call, "nap", 5) in ("forged", Verdict.FAILED)  # the latter if the true reply is there too


REPORTS = [
    5, [], {}, {"bases": 5}, {"bases": [5, None]}, {"type": 5, "message": [1]}, {"frames": 5}, {"frames": [5]},
    {"frames": [["a", "b", "c"]]}, {"frames": [[1, 2, 3]]}, {"bases": ["KeyError"], "type": "x" * 10_000},
    {"type": "T", "message": "m" * 10_000, "frames": [["f" * 10_000, 1 << 9999, "g" * 10_000]]},
]  # fmt: skip


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: repr(report)[:40])
def test_a_forged_report_of_an_exception_gives_a_verdict_in_bounded_words(call, report):
    verdict, words = fault_of(call, "write", packed(("raised", report)))
    assert verdict in (Verdict.ERROR, Verdict.FAILED)
    assert len(words) < 1000


@pytest.mark.parametrize("function", ["fill", "flood"])
def test_a_flood_ends_at_the_deadline_or_before(call, session, function):
    verdict, _ = fault_of(call, function)
    assert verdict in (Verdict.FAILED, Verdict.TIMEOUT)
    assert len(session.output()) < 11_000


def test_a_flood_in_the_background_hinders_nobody(call, session):
    call("flood_from_now_on")
    assert call("echo", 5) == (5,)
    seen, deadline = "", time.monotonic() + 60
    while not seen.endswith("more bytes not kept]") and time.monotonic() < deadline:  # the flood may begin late
        assert call("nap", 5) == (5,)
        seen = session.output()
    assert seen.endswith("more bytes not kept]")


def test_a_reply_that_drips_is_late_as_a_whole(call):
    assert fault_of(call, "drip", OK)[0] is Verdict.TIMEOUT


@pytest.mark.parametrize("level", LEVELS)
def test_nothing_runs_in_a_sandbox_between_two_requests(level):
    with opened(level, SUBMISSION, LIMITS) as session:
        name(session, "nndl.code.count_from_now_on")()
        time.sleep(0.5)
        assert name(session, "nndl.code.counted")() < 100


@pytest.mark.parametrize("level", LEVELS)
def test_a_worker_that_closes_its_channel_and_lives_on_is_ended(level):
    with opened(level, SUBMISSION, LIMITS) as session:
        close_and_live = name(session, "nndl.code.close_and_live")
        assert fault_of(close_and_live) == (Verdict.CRASHED, "the process closed its channel")
        assert session._sandbox is None
        assert name(session, "nndl.code.echo")(1) == (1,)


def test_a_worker_that_does_not_read_is_not_waited_for_longer_than_the_deadline(call):
    came_of(call, "stop_reading")
    assert came_of(call, "echo", bytes(8 << 20)) in (Verdict.TIMEOUT, Verdict.CRASHED, Verdict.ERROR)
