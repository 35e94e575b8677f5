"""How the code of a submission fails, what it prints and how that is told, on every level that works here."""

from __future__ import annotations

import resource

import numpy as np
import pytest

from autograder.sandbox.process import Sandbox
from autograder.tests.sample_code import SUBMISSION, SUPPORT, fault_of
from autograder.tests.sandboxes import LEVELS, SHUT_IN, name, opened
from autograder.types import Limits, Verdict


@pytest.fixture(scope="module", params=LEVELS)
def kept(request):
    with opened(request.param, SUBMISSION, Limits(memory_mb=300, check_time_s=10), support=SUPPORT) as session:
        yield session


@pytest.fixture
def call(kept):
    """Call a function of nndl.code; the sandbox is kept from test to test."""
    kept.begin_check(1)
    return lambda function, *args, **kwargs: name(kept, f"nndl.code.{function}")(*args, **kwargs)


@pytest.fixture(params=LEVELS)
def hostile(request):
    """Call a function of nndl.code in a session of its own, with little time."""
    with opened(request.param, SUBMISSION) as session:
        yield lambda function, *args: name(session, f"nndl.code.{function}")(*args)


# ---- verdicts ------------------------------------------------------------------------------------


def test_what_is_missing_says_what(kept):
    kept.begin_check(1)
    assert fault_of(name(kept, "nndl.code.gone")) == (Verdict.MISSING, "nndl.code has no gone")
    assert fault_of(name(kept, "nndl.gone.f")) == (Verdict.MISSING, "nndl/gone.py is not in the submission")
    assert fault_of(name(kept, "nndl.code.Net.gone")) == (Verdict.MISSING, "nndl.code has no Net.gone")


def test_a_hole_is_missing(call):
    verdict, words = fault_of(call, "hole")
    assert verdict is Verdict.MISSING
    assert words.startswith("not implemented yet (hole) (nndl/code.py, line ")
    assert words.endswith(", in hole)")


def test_an_exception_is_told_with_its_place(call):
    verdict, words = fault_of(call, "fail", 1)
    assert verdict is Verdict.ERROR
    assert words.startswith("ValueError: no good: ")
    assert words.endswith(", in deeper)")
    assert len(words) < 700


def test_an_exception_that_cannot_be_printed_is_told_by_its_name(call):
    assert fault_of(call, "lie")[1].startswith("Lying (nndl/code.py")


def test_wrong_arguments_are_an_error_of_the_student(call):
    verdict, words = fault_of(call, "scale")
    assert verdict is Verdict.ERROR
    assert "missing 1 required positional argument" in words


def test_none_is_remembered_until_something_else_comes_back(call, kept):
    call("nothing")
    assert kept.blank == "nndl.code.nothing returned None"
    call("echo")
    assert kept.blank == ""
    call("Starter").loss(np.ones((1, 3)))
    assert kept.blank == "nndl.code.Starter.loss returned a loss of 0 and a gradient of zeros"
    call("Starter").train()
    assert kept.blank == "nndl.code.Starter.train returned None"


def test_what_the_check_calls_is_noted(call, kept):
    call("echo")
    call("Net").loss(np.ones((1, 3)))
    assert kept.called == {"nndl.code.echo", "nndl.code.Net", "nndl.code.Net.loss"}


def test_leaving_is_an_error_and_the_process_goes_on(call):
    net = call("Net")
    assert "the code called sys.exit() or exit()" in fault_of(call, "leave")[1]
    assert net.n == 3


@pytest.mark.parametrize("code", [0, 3])
def test_a_process_that_ends_is_crashed_and_the_next_call_works(hostile, code):
    assert fault_of(hostile, "exit_hard", code) == (Verdict.CRASHED, f"the process ended with exit code {code}")
    assert hostile("echo", 1) == (1, {})


@pytest.mark.parametrize(("number", "word"), [(9, "SIGKILL"), (11, "SIGSEGV"), (40, "signal 40")])
def test_a_process_that_is_killed_says_by_what(hostile, number, word):
    assert fault_of(hostile, "kill_itself", number) == (Verdict.CRASHED, f"the process was killed by {word}")


def test_an_endless_loop_times_out_and_the_next_check_works(request, hostile):
    verdict, words = fault_of(hostile, "spin")
    assert (verdict, words) == (Verdict.TIMEOUT, "no answer within 1 s: is there a loop that does not end?")
    assert "no answer" in fault_of(hostile, "echo")[1]  # this check has used up its time


def test_too_much_memory_is_told_and_the_next_call_gets_a_fresh_process(hostile):
    net = hostile("Net")
    verdict, words = fault_of(hostile, "bomb")
    assert verdict is Verdict.MEMORY
    assert words.startswith("the memory limit was reached (MemoryError) (nndl/code.py")
    assert hostile("echo", 1) == (1, {})
    assert "was lost" in fault_of(lambda: net.n)[1]


@pytest.mark.parametrize("level", SHUT_IN)
def test_what_is_forbidden_is_blocked(level):
    with opened(level, SUBMISSION) as session:
        verdict, words = fault_of(name(session, "nndl.code.forbidden"))
        assert verdict is Verdict.BLOCKED
        assert words.startswith("the sandbox forbids this: PermissionError: [Errno 1] Operation not permitted (nndl")


def test_a_result_that_is_too_large_costs_this_check_only(hostile):
    with opened("none", SUBMISSION, Limits(memory_mb=100)) as session:
        verdict, words = fault_of(name(session, "nndl.code.huge"))
        assert verdict is Verdict.FAILED
        assert words.startswith("what came back cannot be used: a message of ")
        assert name(session, "nndl.code.echo")() == ({},)


def test_a_text_that_is_too_long_is_an_error_of_the_student(call):
    verdict, words = fault_of(call, "big_text")
    assert verdict is Verdict.ERROR
    assert "too much for one message" in words


def test_a_value_that_is_too_deep_stays_there_in_part(call):
    value = call("deep")
    for _ in range(100):
        value = value[0]
    assert list(value) == []


# ---- import --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("module", "verdict", "words"),
    [
        ("broken", Verdict.ERROR, "importing nndl.broken failed: SyntaxError: invalid syntax (nndl/broken.py, line 1)"),
        (
            "needs",
            Verdict.ERROR,
            "importing nndl.needs failed: ModuleNotFoundError: No module named 'nowhere_to_be_found'",
        ),
        ("stops", Verdict.ERROR, "importing nndl.stops failed: the code called sys.exit() or exit()"),
        ("leaves", Verdict.CRASHED, "importing nndl.leaves failed: the process ended with exit code 4"),
    ],
)
@pytest.mark.parametrize("level", LEVELS)
def test_a_module_that_cannot_be_imported_spoils_only_itself(level, module, verdict, words):
    with opened(level, SUBMISSION) as session:
        told = fault_of(name(session, f"nndl.{module}.f"))
        assert told[0] is verdict
        assert told[1].startswith(words)
        assert name(session, "nndl.code.echo")() == ({},)


def test_an_import_that_does_not_end_is_waited_for_once():
    with opened("none", SUBMISSION) as session:
        used = []
        for check in range(4):
            session.begin_check(check)
            assert "importing nndl.loop failed: it takes too long" in fault_of(name(session, "nndl.loop.f"))[1]
            used.append(session._clock._used_s)
        assert used[3] - used[0] < used[0]


def test_an_import_that_had_no_time_left_is_tried_again():
    with opened("none", SUBMISSION) as session:
        session._clock.spend(0.9)
        fault_of(name(session, "nndl.loop.f"))
        assert session._import_faults == {}


# ---- output and chance ---------------------------------------------------------------------------


def test_output_is_captured_check_by_check(call, kept):
    call("out", "héllo")
    assert kept.output() == "héllo\n"
    kept.begin_check(2)
    call("raw_out", b"\xff\x1b[31m")
    assert kept.output() == "\ufffd\x1b[31m"


@pytest.mark.parametrize("level", LEVELS)
def test_output_is_bounded_and_says_so(level):
    with opened(level, SUBMISSION) as session:
        name(session, "nndl.code.out")("x" * 100, 50_000)
        output = session.output()
        assert len(output) < 11_000
        assert output.endswith("more bytes not kept]")
        session.begin_check(2)
        name(session, "nndl.code.out")("more")
        assert len(session.output()) < 100


@pytest.mark.parametrize(("level", "stream"), [*((level, "stdout") for level in SHUT_IN), ("none", "stderr")])
def test_a_gigabyte_of_output_is_drained_in_time_and_little_memory(level, stream):
    with opened(level, SUBMISSION, Limits(output_mb=0.01)) as session:
        used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        name(session, "nndl.code.out")("x" * ((1 << 20) - 1), 1 << 10, stream)
        kept, _, lost = session.output().partition("\n[")
    assert len(kept) == int(0.01 * (1 << 20))
    assert lost == f"{(1 << 30) - len(kept)} more bytes not kept]"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - used < 50 << 10  # KB


def test_output_of_a_process_that_ended_is_kept(hostile):
    with opened("none", SUBMISSION) as session:
        name(session, "nndl.code.raw_out")(b"last words")
        fault_of(name(session, "nndl.code.exit_hard"), 1)
        assert session.output() == "last words"


def test_closed_output_is_no_reason_to_look_at_it_again_and_again(hostile, monkeypatch):
    looks, look = [], Sandbox._look
    monkeypatch.setattr(Sandbox, "_look", lambda self, **how: looks.append(how) or look(self, **how))
    assert hostile("close_output") == 1
    assert hostile("slow") == 1
    assert len(looks) < 1000  # it takes half a second, and whoever polls without waiting looks ten thousand times


def test_the_submissions_own_chance_depends_on_the_check_alone(call, kept):
    kept.begin_check(5)
    first = call("draw")
    assert call("draw") != first
    kept.begin_check(5)
    assert call("draw") == first
    kept.begin_check(6)
    assert call("draw") != first


def test_sets_have_the_same_order_in_every_process():
    orders = []
    for _ in range(3):
        with opened("none", SUBMISSION) as session:
            orders.append(name(session, "nndl.code.words")())
    assert orders[0] == orders[1] == orders[2]
