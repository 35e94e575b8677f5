"""The compiled update rules against those of `nndl.optim`: random shapes, every build, odd arrays, wrong input."""

from __future__ import annotations

import types
from pathlib import Path

import numpy as np
import pytest
from nndl import optim
from utils import fast_layers, fast_optim

RULES = {
    "sgd": [],
    "sgd_momentum": ["velocity"],
    "sgd_nesterov_momentum": ["velocity"],
    "rmsprop": ["a"],
    "adam": ["v", "a"],
}
SETTINGS = {
    "sgd": {"learning_rate": 0.3},
    "sgd_momentum": {"learning_rate": 0.1, "momentum": 0.7},
    "sgd_nesterov_momentum": {"momentum": 0.8},
    "rmsprop": {"decay_rate": 0.9, "epsilon": 0.01},
    "adam": {"learning_rate": 0.05, "beta1": 0.8, "beta2": 0.9, "epsilon": 0.01},
}
RTOL = {np.float64: 1e-13, np.float32: 2e-5}
RELEASE = Path(__file__).resolve().parents[2] / "release"

nndl_fast = fast_layers.nndl_fast
if nndl_fast is None:
    pytest.skip("the compiled layers are not installed: .venv/fast.log says why", allow_module_level=True)
every_rule = pytest.mark.parametrize("rule", RULES)


@pytest.fixture(params=nndl_fast.BUILDS)
def build(request):
    best = nndl_fast.build()
    nndl_fast.use(request.param)
    yield request.param
    nndl_fast.use(best)


def draw(*shape, number=0, dtype=np.float64):
    return np.random.default_rng(number).standard_normal(shape).astype(dtype)


def both(rule, w, gradients, config, *, swap=False):
    """Return what steps of `nndl.optim` make of w and config, and what compiled steps make of copies."""
    expected, expected_config = w.copy(), dict(config)
    found, found_config = w.copy(), dict(config)
    for number, dw in enumerate(gradients):
        expected, expected_config = getattr(optim, rule)(expected, dw, expected_config)
        module = optim if swap and number % 2 else fast_optim
        found, found_config = getattr(module, rule)(found, dw, found_config)
    return (expected, expected_config), (found, found_config)


def assert_alike(one, other, dtype):
    assert one[1].keys() == other[1].keys()
    for value, result in [(one[0], other[0]), *((one[1][key], other[1][key]) for key in one[1])]:
        np.testing.assert_allclose(result, value, rtol=RTOL[dtype], atol=RTOL[dtype])
        assert np.shape(result) == np.shape(value)
    assert other[0].dtype == dtype


@every_rule
@pytest.mark.parametrize("dtype", RTOL)
def test_steps_are_those_of_nndl_optim_at_any_shape(build, rule, dtype):
    shapes = [(), (0, 3), (1,), (2, 3), (7,), (8, 2), (5, 1, 3), (31,), (4, 3, 5, 5), (129, 3)]
    for number, shape in enumerate(shapes):
        gradients = [draw(*shape, number=number + step, dtype=dtype) for step in range(1, 5)]
        config = SETTINGS[rule] if number % 2 else {}
        results = both(rule, draw(*shape, number=number, dtype=dtype), gradients, config, swap=number % 3 == 2)
        assert_alike(*results, dtype)


@every_rule
def test_parameters_and_moments_are_changed_in_place(rule):
    w, config = draw(6, 5), {}
    next_w, same = getattr(fast_optim, rule)(w, draw(6, 5, number=1), config)
    moments = [config[name] for name in RULES[rule]]
    next_w, same = getattr(fast_optim, rule)(w, draw(6, 5, number=2), config)
    assert next_w is w
    assert same is config
    assert all(config[name] is moment for name, moment in zip(RULES[rule], moments, strict=True))


@every_rule
def test_settings_have_the_defaults_of_nndl_optim(rule):
    w, dw = draw(3), draw(3, number=1)
    _, config = getattr(fast_optim, rule)(w.copy(), dw)
    _, expected = getattr(optim, rule)(w.copy(), dw)
    numbers = {key: value for key, value in expected.items() if key not in RULES[rule]}
    assert {key: config[key] for key in numbers} == numbers
    assert config.keys() == expected.keys()


@every_rule
@pytest.mark.parametrize(
    "view", [np.asfortranarray, lambda a: np.repeat(a, 2, axis=1)[:, ::2], lambda a: a[::-1, ::-1]]
)
def test_arrays_of_any_layout_are_taken(rule, view):
    w, dw = view(draw(9, 7)), view(draw(9, 7, number=1))
    config = {name: view(np.abs(draw(9, 7, number=2))) for name in RULES[rule]}
    expected, expected_config = getattr(optim, rule)(w.copy(), dw, dict(config))
    next_w, config = getattr(fast_optim, rule)(w, dw, config)
    assert next_w is w
    assert_alike((expected, expected_config), (w, config), np.float64)


@every_rule
def test_gradients_and_moments_are_taken_in_the_type_of_the_parameter(rule):
    w, dw = draw(40, dtype=np.float32), draw(40, number=1)
    moments = {name: np.abs(draw(40, number=2)) for name in RULES[rule]}
    single = {name: moment.astype(np.float32) for name, moment in moments.items()}
    expected = getattr(optim, rule)(w.copy(), dw.astype(np.float32), single)
    found = getattr(fast_optim, rule)(w, dw, moments)
    assert_alike(expected, found, np.float32)
    assert {found[1][name].dtype for name in RULES[rule]} <= {np.dtype(np.float32)}


@every_rule
def test_arrays_may_share_memory(rule):
    memory = draw(50)
    w, dw, moments = memory[3:], memory[:-3], dict.fromkeys(RULES[rule], np.ones(47))
    expected = getattr(optim, rule)(w.copy(), dw.copy(), dict(moments))
    assert_alike(expected, getattr(fast_optim, rule)(w, dw, moments), np.float64)


@every_rule
def test_what_does_not_fit_is_said_in_one_line_and_changes_nothing(rule):
    step, before = getattr(fast_optim, rule), draw(4, 3)
    w = before.copy()
    with pytest.raises(ValueError, match=r"^dw has shape \(3,\), w \(4, 3\)$"):
        step(w, draw(3))
    config = {name: np.ones(3) for name in RULES[rule]} | {"t": 0}
    if RULES[rule]:
        with pytest.raises(ValueError, match=rf"^config\['{RULES[rule][0]}'\] has shape \(3,\), w \(4, 3\)$"):
            step(w, draw(4, 3), config)
    assert config["t"] == 0
    np.testing.assert_array_equal(w, before)
    w.flags.writeable = False
    with pytest.raises(ValueError, match="w is read-only"):
        step(w, draw(4, 3))


@every_rule
@pytest.mark.parametrize("compiled", [None, types.SimpleNamespace(build=str)])
def test_where_no_steps_are_compiled_nndl_optim_takes_them(rule, compiled, monkeypatch):
    w, dw = draw(4, 3), draw(4, 3, number=1)
    expected = getattr(optim, rule)(w.copy(), dw)
    monkeypatch.setattr(fast_layers, "nndl_fast", compiled)
    monkeypatch.setattr(nndl_fast, "step", None)  # so that a compiled step would fail
    assert_alike(expected, getattr(fast_optim, rule)(w, dw), np.float64)


@every_rule
def test_parameters_of_other_types_are_left_to_nndl_optim(rule):
    for w in (np.arange(6), draw(6).astype(np.float16), draw(6).astype(">f8"), np.float64(2.5)):
        expected, _ = getattr(optim, rule)(w, w)
        found, _ = getattr(fast_optim, rule)(w, w)
        assert found.dtype == expected.dtype
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    "change",
    [
        {"w": np.ones(5)},
        {"w": np.ones(4, np.float32)},
        {"w": np.ones((2, 2))},
        {"dw": np.ones(8)[::2]},
        {"moments": [np.ones(3)]},
        {"moments": []},
        {"rates": [1.0]},
    ],
)
def test_the_compiled_function_refuses_what_would_write_out_of_bounds(change):
    call = {"w": np.ones(4), "dw": np.ones(4), "moments": [np.ones(4)], "rates": [0.1, 0.9], **change}
    with pytest.raises(ValueError, match=r"expected|same type|contiguous|momentum has 1 moments and 2 rates"):
        nndl_fast.step("momentum", *call.values())


def test_no_release_shows_the_rules_before_they_were_written():
    assert {file.parts[-3] for file in RELEASE.glob("*/utils/fast*")} == {"hw5"}
