"""A submission's code in real sandboxes, on every level that works here."""

from __future__ import annotations

import gc
import math
import threading
import time

import numpy as np
import pytest

from autograder.sandbox import Clock, StudentFault
from autograder.sandbox import session as sessions
from autograder.tests.sandboxes import LEVELS, SHUT_IN, files, name, opened
from autograder.types import Limits, Verdict

CODE = """
import os, signal, sys, threading, time
import numpy as np

calls = []

def echo(*args, **kwargs):
    return (*args, kwargs)

def kinds(*args):
    return [type(arg).__module__ + "." + type(arg).__name__ for arg in args]

def order(x):
    return x.flags.c_contiguous, x.flags.f_contiguous, x.strides

def scale(x, by=2):
    x *= by

def change(config, rows):
    config["t"] = config.get("t", 0) + 1
    config["v"][...] = 5
    config["new"] = {"w": np.ones(2)}
    rows.append(3)
    rows[0] = "first"

def look(x, config, rows):
    return float(x.sum()) + len(config) + len(rows)

def grow(x, rows):
    x.shape = (3, 1)
    x += 1
    rows.clear()

class Net:
    kind = "net"

    def __init__(self, n=3):
        self.params = {"W1": np.zeros((n, n)), "b1": np.zeros(n)}
        self.layers = [1, 2]
        self.n = n

    def loss(self, x, y=None):
        return float((x @ self.params["W1"]).sum()), {"W1": x}

    def me(self):
        return self

    def __getitem__(self, key):
        return key * 2

class Odd(np.ndarray):
    pass

def odd():
    return np.arange(3.0).view(Odd)

def tensor():
    class Tensor:
        def detach(self):
            return np.arange(4.0)
    return Tensor()

def numbers():
    return (number for number in range(3))

def closure():
    kept = np.arange(3.0)
    return lambda by: kept * by

def hole():
    raise NotImplementedError("hole")

def fail(x):
    return deeper(x)

def deeper(x):
    raise ValueError("no good: \\x1b[31m" + "x" * 3000)

class Lying(Exception):
    def __str__(self):
        raise RuntimeError

def lie():
    raise Lying

def nothing():
    pass

def leave():
    sys.exit(3)

def exit_hard(code):
    os._exit(code)

def kill_itself(number):
    os.kill(os.getpid(), number)
    time.sleep(1)

def spin():
    while True:
        try:
            time.sleep(0.01)
        except BaseException:
            pass

def bomb():
    return len(bytearray(2 << 30))

def forbidden():
    import socket
    socket.socket()

def out(text, times=1):
    for _ in range(times):
        print(text)

def raw_out(data):
    os.write(1, data)

def later(text):
    threading.Timer(0.2, print, [text]).start()

def close_output():
    os.close(1)
    os.close(2)
    return 1

def draw():
    return np.random.rand()

def words():
    return list({"a", "b", "c", "d", "e", "f"})

def huge():
    return np.zeros((1 << 28,), np.uint8)

def big_text():
    return "x" * (20 << 20)

def deep():
    value = []
    for _ in range(100):
        value = [value]
    return value

def reply_fd():
    return [fd for fd in range(3, 20) if os.path.exists(f"/dev/fd/{fd}")]

VALUE = 5
"""
SUBMISSION = files(
    code=CODE,
    broken="def f(:\n    pass\n",
    loop="open('ran', 'a').write('x')\nwhile True: pass\n",
    leaves="import os\nos._exit(4)\n",
    stops="raise SystemExit\n",
    needs="import nowhere_to_be_found\n",
    shows="from utils.data import f\nfrom cs231n.data import f as g\n",
)
SUPPORT = {"utils/__init__.py": b"", "utils/data.py": b"def f():\n    return 'support'\n"}


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


def fault_of(function, *args):
    with pytest.raises(StudentFault) as caught:
        function(*args)
    return caught.value.verdict, caught.value.message


# ---- values --------------------------------------------------------------------------------------


def test_values_go_there_and_come_back(call):
    array = np.arange(6).reshape(2, 3)
    given = (1, 2.5, "a", None, True, [1, (2,)], {"k": b"v"})
    *back, keywords = call("echo", *given, x=array)
    assert tuple(back) == given
    assert keywords["x"].tolist() == array.tolist()


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 5e-324, 1 << 200, 2**63, np.float32(0.1), 1j])
def test_odd_numbers_come_back_as_they_are(call, value):
    back = call("echo", value)[0]
    assert repr(back) == repr(value)


def test_arguments_arrive_with_their_types_and_memory_order(call):
    assert call("kinds", np.float32(1), np.int64(1), 1, 1.0) == [
        "numpy.float32",
        "numpy.int64",
        "builtins.int",
        "builtins.float",
    ]
    assert call("order", np.zeros((3, 4)).T)[:2] == (False, True)
    assert call("order", np.zeros((3, 8))[:, ::2]) == (False, False, (64, 16))


def test_an_array_that_is_changed_is_changed_here(call):
    x = np.arange(4.0)
    call("scale", x, by=3)
    assert x.tolist() == [0, 3, 6, 9]


def test_an_array_that_is_a_view_or_read_only_keeps_its_nature(call):
    base, fixed = np.arange(4.0), np.arange(4.0)
    fixed.flags.writeable = False
    call("scale", base[::2])
    call("scale", fixed)
    assert base.tolist() == [0, 1, 4, 3]
    assert fixed.tolist() == [0, 1, 2, 3]


def test_dicts_and_lists_that_are_changed_are_changed_here_in_place(call):
    velocity, rows = np.zeros(2), [1, 2]
    config = {"v": velocity}
    call("change", config, rows)
    assert config["t"] == 1
    assert config["v"] is velocity
    assert velocity.tolist() == [5, 5]
    assert config["new"]["w"].tolist() == [1, 1]
    assert rows == ["first", 2, 3]


def test_what_is_not_changed_is_not_sent_back(call, kept, monkeypatch):
    restored = []
    monkeypatch.setattr(sessions, "restore", lambda old, new: restored.append(new))
    assert math.isnan(call("look", np.array([math.nan, -0.0]), {"a": math.nan}, [np.nan]))
    assert restored == []


def test_an_array_keeps_its_shape_here(call):
    x, rows = np.arange(3.0), [1]
    call("grow", x, rows)
    assert x.tolist() == [1, 2, 3]
    assert rows == []


def test_a_lambda_of_the_suite_cannot_be_passed(call):
    with pytest.raises(TypeError, match="a suite cannot pass a function to student code, only data and what came"):
        call("echo", lambda: 1)
    assert call("echo", 1) == (1, {})  # nothing was sent


def test_support_code_is_there_also_under_its_older_name(kept):
    kept.begin_check(1)
    assert name(kept, "nndl.shows.f")() == name(kept, "nndl.shows.g")() == "support"


# ---- objects -------------------------------------------------------------------------------------


def test_an_object_stays_there_and_is_used_from_here(call):
    net = call("Net", 2)
    assert (net.n, net.kind, net["ab"]) == (2, "net", "abab")
    net.n = 7
    assert net.n == 7
    loss, grads = net.loss(np.ones((1, 2)))
    assert loss == 0
    assert grads["W1"].shape == (1, 2)


def test_the_same_object_is_the_same_here(call):
    net = call("Net")
    assert net.me() is net
    assert net.params is net.params


def test_dicts_of_an_object_are_live(call):
    params = call("Net", 2).params
    assert sorted(params) == ["W1", "b1"]
    assert len(params) == 2
    params["W1"] = np.ones((2, 2))
    assert params["W1"].sum() == 4
    del params["b1"]
    assert "b1" not in params
    assert params.get("b1", 3) == 3


def test_lists_of_an_object_are_live(call):
    layers = call("Net").layers
    layers.append(3)
    layers[0] = "a"
    del layers[1]
    assert list(layers) == ["a", 3]
    assert (len(layers), layers[-1]) == (2, 3)


def test_an_object_goes_back_as_itself(call):
    net = call("Net")
    assert call("echo", net, [net])[1][0] is net


def test_an_array_of_another_class_becomes_a_plain_one_when_asked(call):
    odd, tensor = call("odd"), call("tensor")
    assert np.asarray(odd).tolist() == [0, 1, 2]
    assert np.asarray(tensor, dtype=np.float32).dtype == np.float32
    assert (np.arange(3.0) - odd).tolist() == [0, 0, 0]
    assert type(np.asarray(odd)) is np.ndarray


def test_a_closure_and_a_generator_can_be_used(call):
    assert call("closure")(2).tolist() == [0, 2, 4]
    assert list(call("numbers")) == [0, 1, 2]


def test_an_object_that_is_still_named_is_never_given_up(call, kept, monkeypatch):
    monkeypatch.setattr(sessions, "_FORGET_AT_ONCE", 3)
    net = call("Net")
    params = net.params
    for _ in range(20):
        net.params["W1"]
        call("Net")
    gc.collect()
    assert params["b1"].shape == (3,)
    assert len(kept._forgotten) <= 5


def test_what_is_not_there_or_refused_is_an_ordinary_error_too(call):
    net = call("Net")
    assert not hasattr(net, "nowhere")
    with pytest.raises(KeyError, match="nowhere"):
        net.params["nowhere"]
    with pytest.raises(IndexError):
        net.layers[5]
    with pytest.raises(TypeError, match="has no len"):
        len(net)
    with pytest.raises(ValueError, match="no good"):
        call("deeper", 1)


def test_an_object_of_a_lost_process_says_so(hostile):
    net = hostile("Net")
    fault_of(hostile, "exit_hard", 1)
    verdict, words = fault_of(lambda: net.n)
    assert verdict is Verdict.CRASHED
    assert words == "<nndl.code.Net in the sandbox> was lost when its process ended"


def test_an_object_of_another_session_says_so(call):
    net = call("Net")
    with opened("none", SUBMISSION) as other:
        name(other, "nndl.code.Net")()
        assert "was lost" in fault_of(name(other, "nndl.code.echo"), net)[1]


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
    assert kept.last_result_was_none == "nndl.code.nothing"
    call("echo")
    assert kept.last_result_was_none == ""


def test_what_the_check_calls_is_noted(call, kept):
    call("echo")
    call("Net").loss(np.ones((1, 3)))
    assert kept.called == {"nndl.code.echo", "nndl.code.Net"}


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
    started = time.monotonic()
    verdict, words = fault_of(hostile, "spin")
    assert (verdict, words) == (Verdict.TIMEOUT, "no answer within 1 s: is there a loop that does not end?")
    assert time.monotonic() - started < 2.5
    assert "no answer" in fault_of(hostile, "echo")[1]  # this check has used up its time


@pytest.fixture
def clock():
    return Clock(Limits(time_s=50, check_time_s=20))


def test_the_clock_counts_in_the_check_and_altogether(clock):
    clock.spend(15)
    assert clock.left() == 5
    clock.begin_check()
    assert clock.left() == 20
    clock.spend(19)
    clock.begin_check()
    assert clock.left() == 16


def test_time_that_is_used_up_says_which(clock):
    clock.spend(20)
    assert "no answer within 20 s: is there a loop" in fault_of(clock.left)[1]
    for _ in range(3):
        clock.begin_check()
        clock.spend(10)
    assert fault_of(clock.left) == (Verdict.TIMEOUT, "the whole submission's time of 50 s was used up")


def test_a_function_that_was_late_is_waited_for_less_long(clock):
    clock.timeout("nndl.layers.f")
    assert clock.left("nndl.layers.f") < 20
    assert clock.timeout("nndl.layers.f").message == "f did not come back in time again"


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
        ("broken", Verdict.ERROR, "importing nndl.broken failed: SyntaxError: invalid syntax (broken.py, line 1)"),
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
        started = time.monotonic()
        for check in range(4):
            session.begin_check(check)
            assert "importing nndl.loop failed: it takes too long" in fault_of(name(session, "nndl.loop.f"))[1]
        assert time.monotonic() - started < 2


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


def test_output_of_a_process_that_ended_is_kept(hostile):
    with opened("none", SUBMISSION) as session:
        name(session, "nndl.code.raw_out")(b"last words")
        fault_of(name(session, "nndl.code.exit_hard"), 1)
        assert session.output() == "last words"


def test_closed_output_is_no_reason_to_wait(hostile):
    assert hostile("close_output") == 1
    started = time.monotonic()
    assert hostile("echo", 1) == (1, {})
    assert time.monotonic() - started < 0.5


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


# ---- lent functions ------------------------------------------------------------------------------

LENDING = files(
    layers="""
        def forward(x):
            return "mine"

        def backward(dout, state):
            return "mine"
        """,
    net="""
        from .layers import forward, backward

        class Object:
            shape = (2, 2)
            def __array__(self, *args, **kwargs):
                return [1]

        def run(x):
            return forward(x)

        def update(dout):
            state = {"t": 1, "v": None}
            backward(dout, state)
            return state

        def run_object():
            try:
                return forward(Object())
            except ValueError as error:
                return str(error)

        def run_wrongly():
            try:
                return forward(1, 2, 3)
            except ValueError as error:
                return str(error)
        """,
)


def forward(x):
    return x.shape, (x * 2, [x])


def backward(dout, state):
    state["t"] += 1
    state["v"] = dout * 2


@pytest.mark.parametrize("level", LEVELS)
def test_a_lent_function_runs_here_on_data_from_there(level):
    lent = {"nndl.layers.forward": forward, "nndl.layers.backward": backward}
    with opened(level, LENDING, lent=lent) as session:
        shape, (doubled, _) = name(session, "nndl.net.run")(np.ones((2, 3)))
        assert shape == (2, 3)
        assert doubled.sum() == 12
        assert name(session, "nndl.net.update")(3) == {"t": 2, "v": 6}


def test_a_lent_function_takes_data_only_and_refuses_in_words():
    with opened("none", LENDING, lent={"nndl.layers.forward": forward}) as session:
        words = "nndl.layers.forward cannot take these arguments"
        assert name(session, "nndl.net.run_object")() == f"{words} (StudentFault)"
        assert name(session, "nndl.net.run_wrongly")() == f"{words} (TypeError)"
        assert name(session, "nndl.net.run")(np.ones(2))[0] == (2,)


def test_a_lent_function_whose_result_is_no_data_refuses_and_the_session_goes_on():
    with opened("none", LENDING, lent={"nndl.layers.forward": lambda x: threading.Lock()}) as session:
        assert "cannot take these arguments (TypeError)" in fault_of(name(session, "nndl.net.run"), 1)[1]
        assert name(session, "nndl.net.update")(3) == {"t": 1, "v": None}
