"""Values, objects and lent functions between a suite and a submission, on every level that works here."""

from __future__ import annotations

import gc
import math
import threading

import numpy as np
import pytest

from autograder.sandbox import session as sessions
from autograder.tests.sample_code import SUBMISSION, SUPPORT, fault_of
from autograder.tests.sandboxes import LEVELS, files, name, opened
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


def test_a_lent_function_replaces_what_the_package_has_imported_before():
    code = LENDING | {"nndl/__init__.py": b"from .net import *"}
    with opened("none", code, lent={"nndl.layers.forward": forward}) as session:
        assert name(session, "nndl.net.run")(np.ones((2, 3)))[0] == (2, 3)


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
